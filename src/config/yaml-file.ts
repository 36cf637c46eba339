import { readFile } from 'node:fs/promises'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import type { Static, TSchema } from 'typebox'
import { isNode, LineCounter, parseDocument } from 'yaml'
import { type ErrorCode, messageOf, SwitchroomError } from '../errors.ts'

const ajv = new Ajv2020({ allErrors: true, strict: false, useDefaults: true, verbose: true })

/** What a YAML file says, and where in it each thing stands. */
export interface YamlSource<Value> {
  readonly value: Value
  /** `file:line:column` of the key at this path, or of the nearest thing above it that is there. */
  readonly at: (...path: readonly string[]) => string
}

/**
 * Reads a YAML file and checks it by its schema, filling in defaults.
 * @throws SwitchroomError with `code`, listing every fault as `file:line:column`.
 */
export async function readYamlFile<Schema extends TSchema>(
  file: string,
  schema: Schema,
  code: ErrorCode,
): Promise<Static<Schema>> {
  return (await readYamlSource(file, schema, code)).value
}

/** Like `readYamlFile`, for whoever has more to say about the file. */
export async function readYamlSource<Schema extends TSchema>(
  file: string,
  schema: Schema,
  code: ErrorCode,
): Promise<YamlSource<Static<Schema>>> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new SwitchroomError(
      missing ? 'CENTER_MISSING' : code,
      `${file}: ${missing ? 'there is no such file' : `cannot be read (${messageOf(cause)})`}`,
      {
        remedy: 'Check the path and its permissions, or make a new center folder with `switchroom init`.',
        cause,
      },
    )
  }
  return parseSource(text, file, schema, code)
}

/** Like `readYamlFile`, for text that is already there. An empty file counts as an empty object. */
export function parseYaml<Schema extends TSchema>(
  text: string,
  file: string,
  schema: Schema,
  code: ErrorCode,
): Static<Schema> {
  return parseSource(text, file, schema, code).value
}

function parseSource<Schema extends TSchema>(
  text: string,
  file: string,
  schema: Schema,
  code: ErrorCode,
): YamlSource<Static<Schema>> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  const faults = document.errors.map((error) => `${at(error.pos[0])} ${error.message}`)
  const value: unknown = faults.length === 0 ? (document.toJS() ?? {}) : undefined
  if (faults.length === 0 && !accepts(schema, value)) {
    for (const error of ajv.errors ?? []) {
      const path = pathOf(error)
      faults.push(`${at(offsetOf(document, path))} ${path.join('.') || 'the file'}: ${explain(error)}`)
    }
  }
  if (faults.length > 0) {
    throw new SwitchroomError(code, [...new Set(faults)].join('\n'), {
      remedy: 'Correct the file; nothing of it has been taken over.',
    })
  }
  return { value: value as Static<Schema>, at: (...path) => at(offsetOf(document, path)) }
}

/** What ajv found, as a sentence: what was expected. */
export function explain(error: ErrorObject): string {
  if (error.keyword === 'additionalProperties') return 'no such key'
  if (error.keyword === 'required') return `lacks the key ${String(error.params['missingProperty'])}`
  if (error.keyword === 'const') return `must be ${JSON.stringify(error.params['allowedValue'])}`
  if (error.keyword === 'pattern') return `found ${JSON.stringify(error.data)}, ${expected(error)}`
  return error.message ?? error.keyword
}

/** A value that fits says more than a regular expression. */
function expected({ parentSchema, message }: ErrorObject): string {
  const sample: unknown = parentSchema?.['default'] ?? parentSchema?.['examples']?.[0]
  return typeof sample === 'string' && sample !== '' ? `expected for example ${sample}` : (message ?? '')
}

/** Checks a value by a schema, filling in defaults; the faults are sentences that begin with the path. */
export function faultsOf(schema: TSchema, value: unknown): readonly string[] {
  if (accepts(schema, value)) return []
  return (ajv.errors ?? []).map((error) => `${pathOf(error).join('.')}: ${explain(error)}`)
}

function accepts(schema: TSchema, value: unknown): boolean {
  return ajv.validate(schema, value)
}

function pathOf(error: ErrorObject): string[] {
  const path = error.instancePath.split('/').slice(1)
  const extra: unknown = error.params['additionalProperty']
  return typeof extra === 'string' ? [...path, extra] : path
}

function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly string[]): number {
  for (let length = path.length; length >= 0; length--) {
    const parent = length === 0 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    if (length === 0) return isNode(parent) ? (parent.range?.[0] ?? 0) : 0
    const key = path[length - 1]
    const container = length === 1 ? document.contents : parent
    if (isNode(container) && 'items' in container) {
      for (const item of container.items as unknown[]) {
        const pair = item as { key?: unknown; value?: unknown }
        if (isNode(pair.key) && String(pair.key) === key) return pair.key.range?.[0] ?? 0
      }
      const element = (container.items as unknown[])[Number(key)]
      if (isNode(element)) return element.range?.[0] ?? 0
    }
  }
  return 0
}
