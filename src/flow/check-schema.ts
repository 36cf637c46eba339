import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { closest, type ProblemCode } from './problems.ts'
import type { Path } from './read-yaml.ts'
import { flowSchema, headerSchema, nodeSchema, type RawHeader } from './schema/flow.ts'
import type { RawNode } from './schema/nodes.ts'

/** A fault of form, found by the JSON Schema and said in plain words. */
export interface SchemaFault {
  readonly path: Path
  /** Whether the key or the value is at fault. */
  readonly at: 'key' | 'value'
  readonly code: ProblemCode
  readonly message: string
  readonly remedy: string
  /** The key that is not there. */
  readonly missing?: string
  /** The key that was probably meant by an unknown one. */
  readonly meant?: string
}

const ajv = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true, strictTypes: false })
const validateFlow: ValidateFunction = ajv.compile(flowSchema)

/** Whether the top of a flow file is sound; its nodes are looked at one by one. */
export const isHeader: ValidateFunction<RawHeader> = ajv.compile<RawHeader>(headerSchema)
export const isNode: ValidateFunction<RawNode> = ajv.compile<RawNode>(nodeSchema)

/** Everything in which a value departs from the schema of flow files. */
export function schemaFaults(value: unknown): SchemaFault[] {
  validateFlow(value)
  const errors = validateFlow.errors ?? []
  const faults = errors.flatMap((error) => translate(error) ?? [])
  // A key that is only misspelt is not missing too.
  const misspelt = new Set(
    faults.flatMap((fault) =>
      fault.meant === undefined ? [] : [placeOf(fault.path.slice(0, -1), fault.meant)],
    ),
  )
  return faults.filter(({ path, missing }) => missing === undefined || !misspelt.has(placeOf(path, missing)))
}

function placeOf(path: Path, key: string): string {
  return JSON.stringify([...path, key])
}

type Translate = (error: ErrorObject, path: Path) => SchemaFault | undefined

function translate(error: ErrorObject): SchemaFault | undefined {
  // One of several constants: `anyOf` tells it once, for all of them.
  if (error.schemaPath.includes('/anyOf/')) return undefined
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  return (translations[error.keyword] ?? wrongValue)(error, path)
}

const wrongValue: Translate = (error, path) => ({
  path,
  at: 'value',
  code: 'WRONG_VALUE',
  message: `${nameOf(path)} is ${show(error.data)}, expected ${expected(error)}`,
  remedy: remedyFor(error),
})

const translations: Readonly<Record<string, Translate>> = {
  // The branch that `if` chose tells its own faults.
  if: () => undefined,

  required: (error, path) => {
    const key = String(error.params['missingProperty'])
    if (error.schemaPath.includes('/oneOf/')) return undefined
    return {
      path,
      at: path.length > 0 ? 'key' : 'value',
      code: 'MISSING_KEY',
      missing: key,
      message: `${nameOf(path)} has no \`${key}\``,
      remedy: `Add \`${key}\`${describe(error.parentSchema, key)}`,
    }
  },

  oneOf: (error, path) => {
    const found = Object.keys(Object(error.data)).filter((key) => key !== 'language')
    return {
      path,
      at: 'value',
      code: found.length === 0 ? 'MISSING_KEY' : 'WRONG_VALUE',
      message: `a piece of a prompt has ${found.length === 0 ? 'none' : found.join(' and ')}, expected ${expected(error)}`,
      remedy: 'Write one piece for each, as a list: [{ audio: ... }, { say: ... }].',
    }
  },

  additionalProperties: (error, path) => {
    const key = String(error.params['additionalProperty'])
    const known = Object.keys(Object(error.parentSchema?.['properties']))
    const within = error.parentSchema?.['title']
    if (known.length === 0) {
      return {
        path: [...path, key],
        at: 'key',
        code: 'UNKNOWN_KEY',
        message: `"${key}" cannot be a key of ${nameOf(path)}`,
        remedy: `Expected ${typeof within === 'string' ? within : 'another key'}.`,
      }
    }
    const meant = closest(key, known)
    return {
      path: [...path, key],
      at: 'key',
      code: 'UNKNOWN_KEY',
      ...(meant !== undefined && { meant }),
      message: `${nameOf(path)} has no key "${key}"`,
      remedy: meant === undefined ? `Its keys are: ${known.join(', ')}.` : `Did you mean ${meant}?`,
    }
  },

  uniqueItems: (_error, path) => ({
    path,
    at: 'value',
    code: 'WRONG_VALUE',
    message: `${nameOf(path)} has the same item twice`,
    remedy: 'Remove one of the two.',
  }),

  type: (error, path) => ({
    path,
    at: 'value',
    code: 'WRONG_TYPE',
    message: `${nameOf(path)} is ${show(error.data)}, expected ${expected(error)}`,
    remedy: remedyFor(error),
  }),

  enum: (error, path) => {
    const allowed: unknown = error.params['allowedValues']
    const meant =
      Array.isArray(allowed) && typeof error.data === 'string'
        ? closest(error.data, allowed.map(String))
        : undefined
    return {
      path,
      at: 'value',
      code: 'WRONG_VALUE',
      message: `${nameOf(path)} is ${show(error.data)}, expected ${expected(error)}`,
      remedy: meant === undefined ? remedyFor(error) : `Did you mean ${meant}?`,
    }
  },
}

const typeNames: Readonly<Record<string, string>> = { object: 'a map', array: 'a list', string: 'text' }

/** What the schema wants, in its own words. */
function expected({ parentSchema, schema, keyword }: ErrorObject): string {
  const title = parentSchema?.['title']
  if (typeof title === 'string') return title
  if (keyword === 'type' && typeof schema === 'string') return typeNames[schema] ?? schema
  return `${keyword} ${String(schema)}`
}

function remedyFor({ parentSchema }: ErrorObject): string {
  const description = parentSchema?.['description']
  return typeof description === 'string' ? description : 'See the reference of flow files.'
}

function describe(schema: ErrorObject['parentSchema'], key: string): string {
  const properties: unknown = schema?.['properties']
  if (typeof properties !== 'object' || properties === null || !(key in properties)) return '.'
  const property: unknown = Reflect.get(properties, key)
  const description =
    typeof property === 'object' && property !== null ? Reflect.get(property, 'description') : undefined
  return typeof description === 'string' ? `: ${description}` : '.'
}

/** A path as people say it: "node menu, choices"; items of lists are counted from 1. */
function nameOf(path: Path): string {
  const steps = path.map((step, index) =>
    lists.has(String(path[index - 1])) ? `item ${Number(step) + 1}` : String(step),
  )
  const [top, id, ...rest] = steps
  if (top === undefined) return 'the flow'
  if (top === 'nodes' && id !== undefined) return [`node ${id}`, ...rest].join(', ')
  if (top === 'variables' && id !== undefined) return [`variable ${id}`, ...rest].join(', ')
  return steps.join(', ')
}

const lists = new Set(
  `prompt noInputPrompt noMatchPrompt cases languages prompts front beyond between longer offer confirm ask refused`.split(
    ' ',
  ),
)

function show(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text
}
