import type { Flow, FlowNode, Prompt, QueueNode, Template } from './flow.ts'

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
  if (node.type === 'queue') return [node.prompt, ...promptsOfQueue(node)]
  return 'prompt' in node ? [node.prompt] : []
}

function promptsOfQueue({ announce, comfort, callback }: QueueNode): Prompt[] {
  const { position, wait } = announce ?? {}
  const all = [
    ...(position ? [position.prompt, position.front, position.beyond] : []),
    ...(wait ? [wait.prompt, wait.between, wait.longer, wait.beyond] : []),
    ...(comfort?.prompts ?? []),
    ...(callback ? [callback.offer, callback.confirm, callback.ask, callback.refused] : []),
  ]
  return all.flatMap((prompt) => (prompt ? [prompt] : []))
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
