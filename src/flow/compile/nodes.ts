/** Turns one node as it is written into one that runs: one function per node type, hence its length. */
import type { FlowNode, GatherNode, SetNode, Variable } from '../flow.ts'
import { suggest } from '../problems.ts'
import type { Path } from '../read-yaml.ts'
import type { RawNode, RawNodes } from '../schema/nodes.ts'
import { defaults } from '../schema/values.ts'
import { isTransferTarget } from '../transfer-target.ts'
import { compileQueue } from './queue.ts'
import { milliseconds, needless, type ValueCompiler } from './values.ts'

export class NodeCompiler {
  /** Variables that some node gives a value. */
  readonly written = new Set<string>()
  readonly #values: ValueCompiler
  readonly #variables: Readonly<Record<string, Variable>>

  constructor(values: ValueCompiler, variables: Readonly<Record<string, Variable>>) {
    this.#values = values
    this.#variables = variables
  }

  compile(path: Path, raw: RawNode): FlowNode {
    switch (raw.type) {
      case 'play':
        return {
          type: 'play',
          prompt: this.#values.prompt([...path, 'prompt'], raw.prompt),
          interruptible: raw.interruptible ?? true,
          flush: raw.flush ?? false,
          next: raw.next,
          ...failedExit(raw),
        }
      case 'menu':
        return { type: 'menu', choices: raw.choices, ...this.#asking(path, raw) }
      case 'gather':
        return this.#gather(path, raw)
      case 'set':
        return this.#set(path, raw)
      case 'switch':
        return {
          type: 'switch',
          cases: raw.cases.map(({ when, next }, index) => ({
            when: this.#values.condition([...path, 'cases', index, 'when'], when),
            next,
          })),
          otherwise: raw.otherwise,
          ...failedExit(raw),
        }
      case 'schedule':
        return {
          type: 'schedule',
          calendar: this.#values.template([...path, 'calendar'], raw.calendar, 'string'),
          timeoutMs: milliseconds(raw.timeout ?? defaults.lookUpTimeout),
          open: raw.open,
          closed: raw.closed,
          emergency: raw.emergency ?? raw.closed,
          ...failedExit(raw),
        }
      case 'customer':
        return this.#customer(path, raw)
      case 'queue':
        return compileQueue(path, raw, this.#values)
      case 'voicemail':
        return this.#voicemail(path, raw)
      case 'transfer':
        return this.#transfer(path, raw)
      case 'hangup':
        return {
          type: 'hangup',
          prompt: this.#values.prompt([...path, 'prompt'], raw.prompt),
          answer: raw.answer ?? false,
        }
    }
  }

  #asking(path: Path, raw: RawNodes['menu'] | RawNodes['gather']) {
    const { noInput = raw.otherwise, noMatch = raw.otherwise } = raw
    if (noInput === undefined || noMatch === undefined) {
      this.#values.findings.add({
        path,
        at: 'key',
        code: 'MISSING_EXIT',
        message: `nowhere to go on after the last attempt${noInput === undefined ? '' : ' when the wrong key was pressed'}`,
        remedy: 'Add `otherwise`, or both `noInput` and `noMatch`.',
      })
    } else if (raw.otherwise !== undefined && raw.noInput !== undefined && raw.noMatch !== undefined) {
      needless(
        this.#values,
        [...path, 'otherwise'],
        '`noInput` and `noMatch` are both there: `otherwise` is never taken',
      )
    }
    return {
      prompt: this.#values.prompt([...path, 'prompt'], raw.prompt),
      noInputPrompt: this.#values.prompt([...path, 'noInputPrompt'], raw.noInputPrompt),
      noMatchPrompt: this.#values.prompt([...path, 'noMatchPrompt'], raw.noMatchPrompt),
      interruptible: raw.interruptible ?? true,
      flush: raw.flush ?? false,
      timeoutMs: milliseconds(raw.timeout ?? defaults.timeout),
      attempts: raw.attempts ?? defaults.attempts,
      noInput: noInput ?? '',
      noMatch: noMatch ?? '',
      ...failedExit(raw),
    }
  }

  #gather(path: Path, raw: RawNodes['gather']): GatherNode {
    const { variable, minDigits = defaults.minDigits, maxDigits = defaults.maxDigits, pattern } = raw
    const { findings } = this.#values
    this.#written([...path, 'variable'], variable)
    if (this.#variables[variable]?.type === 'boolean') {
      const remedy = 'Use a variable of type string or number.'
      findings.add({
        path: [...path, 'variable'],
        code: 'WRONG_TYPE',
        message: `digits do not fit into ${variable}, which is true or false`,
        remedy,
      })
    }
    if (minDigits > maxDigits) {
      const remedy = 'Make maxDigits the larger of the two.'
      const at = raw.minDigits === undefined ? 'maxDigits' : 'minDigits'
      findings.add({
        path: [...path, at],
        code: 'BAD_LIMITS',
        message: `minDigits is ${minDigits}, maxDigits is ${maxDigits}`,
        remedy,
      })
    }
    if (pattern !== undefined && !isPattern(pattern)) {
      const remedy = 'For example [1-9][0-9]{5} for six digits that do not begin with 0.'
      findings.add({
        path: [...path, 'pattern'],
        code: 'BAD_PATTERN',
        message: `"${pattern}" is not a regular expression`,
        remedy,
      })
    }
    const terminator = raw.terminator ?? defaults.terminator
    return {
      type: 'gather',
      variable,
      minDigits,
      maxDigits,
      ...(terminator !== 'none' && { terminator }),
      digitTimeoutMs: milliseconds(raw.digitTimeout ?? defaults.digitTimeout),
      ...(pattern !== undefined && { pattern }),
      next: raw.next,
      ...this.#asking(path, raw),
    }
  }

  #set(path: Path, raw: RawNodes['set']): SetNode {
    if (raw.values === undefined && raw.language === undefined) {
      const remedy = 'Add `values` or `language`.'
      this.#values.findings.add({
        path,
        at: 'key',
        code: 'MISSING_KEY',
        message: 'a set node that sets nothing',
        remedy,
      })
    }
    const values = Object.entries(raw.values ?? {}).map(([name, value]) => {
      const at = [...path, 'values', name]
      this.#written(at, name, 'key')
      const variable = this.#variables[name]
      return {
        name,
        value: this.#values.template(at, value, variable?.type ?? 'text', variable?.secret ?? true),
      }
    })
    const language = this.#values.optional([...path, 'language'], raw.language, 'string')
    if (typeof language === 'string') this.#values.language([...path, 'language'], language)
    return {
      type: 'set',
      values,
      ...(language !== undefined && { language }),
      next: raw.next,
      ...failedExit(raw),
    }
  }

  #customer(path: Path, raw: RawNodes['customer']): FlowNode {
    const { find, value, found, none } = raw
    if (find === 'caller' && value !== undefined) {
      needless(this.#values, [...path, 'value'], '`find: caller` takes the number that calls')
    } else if (find !== 'caller' && value === undefined) {
      const remedy = `Add \`value\`, for example value: "\${${find === 'id' ? 'customerId' : find}}".`
      this.#values.findings.add({
        path,
        at: 'key',
        code: 'MISSING_KEY',
        message: `\`find: ${find}\` needs a \`value\``,
        remedy,
      })
    }
    const compiled = this.#values.optional([...path, 'value'], value, 'text')
    return {
      type: 'customer',
      find,
      ...(compiled !== undefined && { value: compiled }),
      timeoutMs: milliseconds(raw.timeout ?? defaults.lookUpTimeout),
      found,
      several: raw.several ?? none,
      none,
      failed: raw.failed ?? none,
    }
  }

  #voicemail(path: Path, raw: RawNodes['voicemail']): FlowNode {
    const maxMs = milliseconds(raw.maxLength ?? defaults.maxLength)
    const minMs = milliseconds(raw.minLength ?? defaults.minLength)
    if (minMs >= maxMs) {
      const remedy = 'Make maxLength the larger of the two.'
      const at = raw.maxLength === undefined ? 'minLength' : 'maxLength'
      this.#values.findings.add({
        path: [...path, at],
        code: 'BAD_LIMITS',
        message: 'no message can be longer than minLength and shorter than maxLength',
        remedy,
      })
    }
    const { mailbox, next, empty = next } = raw
    return {
      type: 'voicemail',
      mailbox,
      prompt: this.#values.prompt([...path, 'prompt'], raw.prompt),
      beep: raw.beep ?? true,
      maxMs,
      minMs,
      silenceMs: milliseconds(raw.silence ?? defaults.silence),
      ...(next !== undefined && { next }),
      ...(empty !== undefined && { empty }),
      ...failedExit(raw),
    }
  }

  #transfer(path: Path, raw: RawNodes['transfer']): FlowNode {
    const { music, next, busy = raw.failed, noAnswer = raw.failed } = raw
    const to = this.#values.template([...path, 'to'], raw.to, 'string')
    if (typeof to === 'string' && !isTransferTarget(to)) {
      const remedy = 'For example "+12025550123" or sip:duty@example.com.'
      this.#values.findings.add({
        path: [...path, 'to'],
        code: 'WRONG_VALUE',
        message: `"${to}" is neither a number nor a SIP URI`,
        remedy,
      })
    }
    return {
      type: 'transfer',
      to,
      prompt: this.#values.prompt([...path, 'prompt'], raw.prompt),
      ...(music !== undefined && { music }),
      ringMs: milliseconds(raw.ringTime ?? defaults.ringTime),
      ...(next !== undefined && { next }),
      ...(busy !== undefined && { busy }),
      ...(noAnswer !== undefined && { noAnswer }),
      ...failedExit(raw),
    }
  }

  #written(path: Path, name: string, at?: 'key'): void {
    this.written.add(name)
    if (Object.hasOwn(this.#variables, name)) return
    const known = Object.keys(this.#variables)
    this.#values.findings.add({
      path,
      ...(at && { at }),
      code: 'UNKNOWN_VARIABLE',
      message: name === 'language' ? 'the language is not a variable' : `no variable is called "${name}"`,
      remedy:
        name === 'language'
          ? 'Write `language: ...` beside `values`.'
          : suggest(name, known, 'Add it to `variables`.'),
    })
  }
}

function failedExit({ failed }: { readonly failed?: string }): { failed?: string } {
  return failed === undefined ? {} : { failed }
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`) instanceof RegExp
  } catch {
    return false
  }
}
