import type { FlowValue, PromptPart } from './effects.ts'
import type { Expression, ExpressionContext, Prompt, PromptItem, Template, VariableType } from './flow.ts'

/** An expression could not be evaluated, or its value is of no use where it stands. Holds no secret. */
export class ExpressionFault extends Error {
  override readonly name = 'ExpressionFault'
}

/** @throws ExpressionFault */
export function evaluate(expression: Expression, context: ExpressionContext): FlowValue {
  try {
    return expression.evaluate(context)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ExpressionFault(`${expression.source}: ${reason}`, { cause: error })
  }
}

/** The value of a template: one expression alone keeps its type, everything else is text. */
export function evaluateTemplate(template: Template, context: ExpressionContext): FlowValue {
  if (typeof template !== 'object') return template
  const [first, ...others] = template
  if (typeof first === 'object' && others.length === 0) return evaluate(first, context)
  return template.map((part) => (typeof part === 'string' ? part : printed(evaluate(part, context)))).join('')
}

/** The same as text; null is no text at all. */
export function evaluateText(template: Template, context: ExpressionContext): string {
  return printed(evaluateTemplate(template, context))
}

/** @throws ExpressionFault when it is not a whole number */
export function evaluateWhole(template: Template, context: ExpressionContext): number {
  const value = evaluateTemplate(template, context)
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new ExpressionFault(`${sourceOf(template)}: found ${kindOf(value)}, expected a whole number`)
  }
  return value
}

/** A value as a variable of this type holds it; null is the variable's first value. */
export function asVariable(value: FlowValue, type: VariableType, initial: FlowValue): FlowValue {
  if (value === null) return initial
  if (type === 'string') return printed(value)
  if (type === 'number' ? Number.isSafeInteger(value) : typeof value === 'boolean') return value
  const wanted = type === 'number' ? 'a whole number' : 'true or false'
  throw new ExpressionFault(`found ${kindOf(value)}, expected ${wanted}`)
}

/** A prompt with every expression evaluated; pieces that come to nothing are left out. */
export function renderPrompt(prompt: Prompt, context: ExpressionContext): PromptPart[] {
  return prompt.flatMap((item) => {
    const other = item.language !== undefined && item.language !== context.language
    const part = renderItem(item, context, item.language ?? context.language)
    return part ? [{ ...part, ...(other && { language: item.language }) }] : []
  })
}

function renderItem(item: PromptItem, context: ExpressionContext, language: string): PromptPart | undefined {
  if ('audio' in item) return { audio: item.audio }
  if ('number' in item) return { number: spokenWhole(item.number, 999_999, context) }
  if ('duration' in item) return { duration: spokenWhole(item.duration, 359_999, context) }
  if ('digits' in item) {
    const digits = evaluateText(item.digits, context).replaceAll(/[^0-9*#]/g, '')
    return digits === '' ? undefined : { digits }
  }
  const text = evaluateText(textIn(item.say, language), context).trim()
  return text === '' ? undefined : { say: text }
}

function spokenWhole(template: Template, largest: number, context: ExpressionContext): number {
  const value = evaluateWhole(template, context)
  if (value >= 0 && value <= largest) return value
  throw new ExpressionFault(`${sourceOf(template)}: ${value} cannot be read out, only 0 to ${largest} can`)
}

function textIn(say: Template | Readonly<Record<string, Template>>, language: string): Template {
  if (!isByLanguage(say)) return say
  return say[language] ?? Object.values(say)[0] ?? ''
}

function isByLanguage(
  say: Template | Readonly<Record<string, Template>>,
): say is Readonly<Record<string, Template>> {
  return typeof say === 'object' && !Array.isArray(say)
}

function printed(value: FlowValue): string {
  return value === null ? '' : String(value)
}

function sourceOf(template: Template): string {
  if (typeof template !== 'object') return String(template)
  return template.map((part) => (typeof part === 'string' ? part : `\${${part.source}}`)).join('')
}

function kindOf(value: FlowValue): string {
  if (value === null) return 'null'
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'a number' : 'true or false'
}
