import type { Flow, FlowNode, Prompt, Template } from './flow.ts'

/** Texts of a flow that are the same in every call, with their languages: what can be rendered before one comes. */
export function spokenTexts(flow: Flow): readonly { readonly text: string; readonly language: string }[] {
  const texts = Object.values(flow.nodes).flatMap(promptsOf).flat()
  return texts.flatMap((item) => {
    if (!('say' in item)) return []
    const languages = item.language === undefined ? flow.languages : [item.language]
    return languages.flatMap((language) => {
      const text = fixedText(isTemplate(item.say) ? item.say : item.say[language])
      return text === undefined ? [] : [{ text, language }]
    })
  })
}

function promptsOf(node: FlowNode): readonly Prompt[] {
  if (node.type === 'menu' || node.type === 'gather')
    return [node.prompt, node.noInputPrompt, node.noMatchPrompt]
  return 'prompt' in node ? [node.prompt] : []
}

function isTemplate(say: Template | Readonly<Record<string, Template>>): say is Template {
  return typeof say !== 'object' || Array.isArray(say)
}

function fixedText(template: Template | undefined): string | undefined {
  if (typeof template === 'object') {
    return template.every((piece) => typeof piece === 'string') ? template.join('') : undefined
  }
  return template === undefined ? undefined : String(template)
}
