import {
  type ASTNode,
  TypeError as CelTypeError,
  Environment,
  EvaluationError,
  ParseError,
} from '@marcbachmann/cel-js'
import type { FlowValue } from './effects.ts'
import type { Expression, ExpressionContext, Variable, VariableType } from './flow.ts'
import { type ProblemCode, suggest } from './problems.ts'

/** What an expression comes to. `any`: known only when it is evaluated. `other`: nothing that a flow can use. */
export type ValueType = VariableType | 'any' | 'other'

export interface Compiled {
  readonly expression: Expression
  readonly type: ValueType
  /** Names that it reads. */
  readonly reads: ReadonlySet<string>
}

export interface ExpressionFault {
  readonly code: ProblemCode
  readonly message: string
  readonly remedy: string
  /** Where in the source, 0 is its first character. */
  readonly index: number
}

const celTypes = { string: 'string', number: 'int', boolean: 'bool' } as const
const valueTypes: Readonly<Record<string, ValueType>> = {
  string: 'string',
  int: 'number',
  bool: 'boolean',
  dyn: 'any',
  null: 'any',
}

const callFields = {
  from: 'string',
  name: 'string',
  to: 'string',
  anonymous: 'bool',
  trunk: 'string',
  divertedFrom: 'string',
  verification: 'string',
  attestation: 'string',
  userToUser: 'string',
} as const
const customerFields = {
  id: 'dyn',
  name: 'dyn',
  tier: 'dyn',
  language: 'dyn',
  owner: 'dyn',
  account: 'dyn',
} as const

const queueFields = {
  reason: 'string',
  key: 'string',
  position: 'int',
  wait: 'int',
  waitFrom: 'int',
  longer: 'bool',
  callback: 'string',
} as const

/** The names that expressions know besides variables, with their fields. */
const objects = { call: callFields, customer: customerFields, queue: queueFields }

/** Whether no variable may have this name: expressions know it already, or CEL does. */
export function isReservedName(name: string): boolean {
  if (Object.hasOwn(objects, name) || name === 'language') return true
  try {
    return new Environment().registerVariable(name, 'string').check(name).type !== 'string'
  } catch {
    return true
  }
}

/** Compiles expressions of one flow: CEL, checked against its variables when the flow is loaded. */
export class ExpressionCompiler {
  readonly #environment: Environment
  readonly #variables: Readonly<Record<string, Variable>>

  constructor(variables: Readonly<Record<string, Variable>>) {
    this.#variables = variables
    this.#environment = new Environment({ limits: { maxAstNodes: 500, maxDepth: 50 } }).registerVariable(
      'language',
      'string',
    )
    for (const [name, schema] of Object.entries(objects)) this.#environment.registerVariable({ name, schema })
    for (const [name, { type }] of Object.entries(variables)) {
      this.#environment.registerVariable(name, celTypes[type])
    }
  }

  compile(source: string): Compiled | ExpressionFault {
    const checked = this.#environment.check(source)
    if (!checked.valid) return this.#faultOf(checked.error, source)
    const parsed = this.#environment.parse(source)
    const reads = namesIn(parsed.ast)
    const secret = [...reads].some((name) => this.#variables[name]?.secret === true)
    const evaluate = (context: ExpressionContext): FlowValue => {
      try {
        return plain(parsed(bindings(context)))
      } catch (error) {
        throw new Error(secret ? 'it reads a secret variable and cannot be evaluated' : reasonOf(error), {
          cause: secret ? undefined : error,
        })
      }
    }
    return {
      expression: { source, secret, evaluate },
      type: valueTypes[checked.type ?? 'dyn'] ?? 'other',
      reads,
    }
  }

  #faultOf(error: ParseError | CelTypeError | undefined, source: string): ExpressionFault {
    const index = error?.range?.start ?? 0
    const found = source.slice(index, error?.range?.end)
    if (error?.code === 'unknown_variable') {
      const known = [...Object.keys(this.#variables), ...Object.keys(objects), 'language']
      return {
        code: 'UNKNOWN_VARIABLE',
        message: `no variable is called "${found}"`,
        remedy: suggest(found, known, ''),
        index,
      }
    }
    if (error?.code === 'no_such_key') {
      const [, object = ''] = /(\w+)\s*\.\s*$/.exec(source.slice(0, index)) ?? []
      const fields = Object.entries(objects).flatMap(([name, known]) =>
        name === object ? Object.keys(known) : [],
      )
      return {
        code: 'UNKNOWN_VARIABLE',
        message: `there is no field "${found}"`,
        remedy: suggest(found, fields, ''),
        index,
      }
    }
    const summary = lowerFirst(error?.summary ?? 'not an expression')
    if (error instanceof ParseError) {
      return {
        code: 'BAD_EXPRESSION',
        message: `not a CEL expression: ${summary}`,
        remedy: 'Text inside an expression needs quotes; operators are == != < > && || ! + - and ? :.',
        index: Math.min(index, source.length),
      }
    }
    return {
      code: 'EXPRESSION_TYPE',
      message: summary,
      remedy: 'Convert with string(...) or int(...), or compare like with like.',
      index,
    }
  }
}

/** The values in CEL's own types: whole numbers are BigInt there. */
function bindings({
  variables,
  language,
  call,
  customer,
  queue,
}: ExpressionContext): Record<string, unknown> {
  const { position, wait, waitFrom } = queue
  const whole = { position: BigInt(position), wait: BigInt(wait), waitFrom: BigInt(waitFrom) }
  const bound: Record<string, unknown> = { language, call, customer, queue: { ...queue, ...whole } }
  for (const [name, value] of Object.entries(variables))
    bound[name] = typeof value === 'number' ? BigInt(value) : value
  return bound
}

function plain(value: unknown): FlowValue {
  if (typeof value === 'bigint') {
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw new RangeError('the number is too large')
    return number
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value
  throw new TypeError('its value is neither text, number, true, false nor null')
}

function reasonOf(error: unknown): string {
  if (error instanceof EvaluationError || error instanceof CelTypeError) return lowerFirst(error.summary)
  return error instanceof Error ? error.message : String(error)
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1)
}

/** Every name in the expression; names of a macro's own are among them, which errs on the safe side. */
function namesIn(node: ASTNode): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) {
      for (const item of part) visit(item)
    } else if (typeof part === 'object' && part !== null && 'op' in part && 'args' in part) {
      if (part.op === 'id' && typeof part.args === 'string') names.add(part.args)
      else visit(part.args)
    }
  }
  visit(node)
  return names
}
