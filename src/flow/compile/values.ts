import type { Compiled, ExpressionCompiler, ValueType } from '../compile-expression.ts'
import type { Expression, Prompt, PromptItem, Template, VariableType } from '../flow.ts'
import { suggest } from '../problems.ts'
import type { Path } from '../read-yaml.ts'
import type { RawPromptItem } from '../schema/values.ts'
import { splitTemplate } from '../template.ts'
import type { Findings } from './findings.ts'

/** What a place takes: a variable's type, or `text` for anything that can be said or sent. */
export type Wanted = VariableType | 'text'

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** `5s` -> 5000. The schema has checked the form. */
export function milliseconds(duration: string): number {
  const [, amount = '0', unit = 'ms'] = /^(\d+)(ms|s|m|h)$/.exec(duration) ?? []
  return Number(amount) * (units[unit] ?? 1)
}

/** Compiles the values of one flow's nodes and tells what is wrong with them. */
export class ValueCompiler {
  /** Variables that some expression reads. */
  readonly read = new Set<string>()
  readonly languages: readonly string[]
  readonly findings: Findings
  readonly #expressions: ExpressionCompiler

  constructor(languages: readonly string[], expressions: ExpressionCompiler, findings: Findings) {
    this.languages = languages
    this.findings = findings
    this.#expressions = expressions
  }

  /** A condition, written without `${ }`. A faulty one is never true. */
  condition(path: Path, source: string): Expression {
    if (/^\s*\$\{.*\}\s*$/s.test(source)) {
      const remedy = 'Write it without ${ }.'
      const message = 'the whole of `when` is an expression'
      this.findings.add({ path, code: 'BAD_EXPRESSION', message, remedy })
      return neverTrue
    }
    const compiled = this.#compile(path, source, 0)
    if (!compiled) return neverTrue
    if (compiled.type !== 'boolean' && compiled.type !== 'any') {
      this.#wrongType(path, 0, compiled.type, 'boolean')
    }
    return compiled.expression
  }

  /**
   * A value that may hold `${...}`.
   * @param secret whether the place may hold the value of a secret variable
   */
  template(path: Path, raw: string | number | boolean, wanted: Wanted, secret = false): Template {
    if (typeof raw === 'string') return this.#text(path, raw, wanted, secret)
    const isWhole = typeof raw !== 'number' || Number.isSafeInteger(raw)
    if (wanted !== 'text' && (typeof raw !== wanted || !isWhole)) {
      this.#wrongType(path, undefined, isWhole ? plainType(raw) : 'other', wanted)
    }
    return raw
  }

  optional(path: Path, raw: string | undefined, wanted: Wanted): Template | undefined {
    return raw === undefined ? undefined : this.template(path, raw, wanted)
  }

  prompt(path: Path, raw: RawPromptItem | RawPromptItem[] | undefined): Prompt {
    if (raw === undefined) return []
    if (Array.isArray(raw))
      return raw.flatMap((item, index) => this.#promptItem([...path, index], item) ?? [])
    return [this.#promptItem(path, raw)].flatMap((item) => item ?? [])
  }

  /** Tells of a language that the flow does not speak. */
  language(path: Path, language: string, at?: 'key'): void {
    if (this.languages.includes(language)) return
    this.findings.add({
      path,
      ...(at && { at }),
      code: 'UNKNOWN_LANGUAGE',
      message: `the flow does not list the language ${language}`,
      remedy: `Add it to \`languages\`. ${suggest(language, this.languages, '')}`,
    })
  }

  #promptItem(path: Path, raw: RawPromptItem): PromptItem | undefined {
    const { audio, say, digits, number, duration, language } = raw
    if (language !== undefined) this.language([...path, 'language'], language)
    const spoken = language === undefined ? {} : { language }
    if (audio !== undefined) return { ...spoken, audio }
    if (digits !== undefined) return { ...spoken, digits: this.template([...path, 'digits'], digits, 'text') }
    if (number !== undefined)
      return { ...spoken, number: this.template([...path, 'number'], number, 'number') }
    if (duration !== undefined)
      return { ...spoken, duration: this.template([...path, 'duration'], duration, 'number') }
    if (say === undefined) return undefined
    return { ...spoken, say: this.#say([...path, 'say'], say, language) }
  }

  #say(
    path: Path,
    say: string | Record<string, string>,
    language: string | undefined,
  ): Template | Record<string, Template> {
    if (typeof say === 'string') {
      if (language === undefined && this.languages.length > 1 && hasWords(say)) {
        this.findings.add({
          path,
          severity: 'warning',
          code: 'MISSING_LANGUAGE',
          message: `one text for the ${this.languages.length} languages ${this.languages.join(', ')}`,
          remedy: `Write one for each: { ${this.languages.map((tag) => `${tag}: ...`).join(', ')} }.`,
        })
      }
      return this.template(path, say, 'text')
    }
    const needed = language === undefined ? this.languages : [language]
    for (const missing of needed.filter((tag) => say[tag] === undefined)) {
      const remedy = `Add ${missing}: ... to it.`
      this.findings.add({
        path,
        code: 'MISSING_LANGUAGE',
        message: `the text is missing in ${missing}`,
        remedy,
      })
    }
    const texts: Record<string, Template> = {}
    for (const [tag, text] of Object.entries(say)) {
      this.language([...path, tag], tag, 'key')
      texts[tag] = this.template([...path, tag], text, 'text')
    }
    return texts
  }

  #text(path: Path, raw: string, wanted: Wanted, secret: boolean): Template {
    const split = splitTemplate(raw)
    if ('unclosed' in split) {
      const remedy = 'Close it with }; write $${ for the characters ${ themselves.'
      const message = 'an expression begins with ${ and never ends'
      this.findings.add({ path, at: split.unclosed, code: 'BAD_EXPRESSION', message, remedy })
      return raw
    }
    const { pieces } = split
    const isOneExpression = pieces.length === 1 && typeof pieces[0] === 'object'
    if (!isOneExpression && (wanted === 'number' || wanted === 'boolean')) {
      this.#wrongType(path, undefined, 'string', wanted)
    }
    const parts = pieces.flatMap((piece): (string | Expression)[] => {
      if (typeof piece === 'string') return [piece]
      const compiled = this.#inside(path, piece, secret)
      if (!compiled) return []
      const wantedHere = isOneExpression ? wanted : 'text'
      if (!fits(compiled.type, wantedHere)) this.#wrongType(path, piece.index, compiled.type, wantedHere)
      return [compiled.expression]
    })
    return parts.every((part) => typeof part === 'string') ? parts.map(String).join('') : parts
  }

  #inside(path: Path, piece: { source: string; index: number }, secret: boolean): Compiled | undefined {
    const compiled = this.#compile(path, piece.source, piece.index)
    if (compiled?.expression.secret && !secret) {
      this.findings.add({
        path,
        at: piece.index,
        code: 'SECRET_EXPOSED',
        message: 'the value of a secret variable would leave the flow here',
        remedy: 'Secret variables may be read in `when` and copied into other secret variables only.',
      })
    }
    return compiled
  }

  #compile(path: Path, source: string, offset: number): Compiled | undefined {
    const compiled = this.#expressions.compile(source)
    if ('code' in compiled) {
      const { index, ...fault } = compiled
      this.findings.add({ path, at: offset + index, ...fault })
      return undefined
    }
    for (const name of compiled.reads) this.read.add(name)
    return compiled
  }

  #wrongType(path: Path, at: number | undefined, found: ValueType, wanted: Wanted): void {
    this.findings.add({
      path,
      ...(at !== undefined && { at }),
      code: at === undefined ? 'WRONG_TYPE' : 'EXPRESSION_TYPE',
      message: `found ${typeNames[found]}, expected ${typeNames[wanted]}`,
      remedy:
        at === undefined
          ? `Write ${typeNames[wanted]}${wanted === 'string' ? ', in quotes' : ''}.`
          : 'Convert it with string(...) or int(...), or compare it with something.',
    })
  }
}

/** Tells of a key that has no effect. */
export function needless({ findings }: ValueCompiler, path: Path, message: string): void {
  const remedy = 'Remove it.'
  findings.add({ path, at: 'key', severity: 'warning', code: 'NEEDLESS_KEY', message, remedy })
}

const neverTrue: Expression = { source: 'false', secret: false, evaluate: () => false }

const typeNames: Readonly<Record<ValueType | 'text', string>> = {
  string: 'text',
  text: 'text',
  number: 'a whole number',
  boolean: 'true or false',
  any: 'any value',
  other: 'a value of another kind',
}

function fits(type: ValueType, wanted: Wanted): boolean {
  return type === 'any' || type === wanted || (wanted === 'text' && type !== 'other')
}

function plainType(value: number | boolean): ValueType {
  return typeof value === 'number' ? 'number' : 'boolean'
}

/** Whether a text has words of its own, not only expressions. */
function hasWords(text: string): boolean {
  const split = splitTemplate(text)
  return 'pieces' in split && split.pieces.some((piece) => typeof piece === 'string' && /\p{L}/u.test(piece))
}
