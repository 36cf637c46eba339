import { readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Static, TSchema } from 'typebox'
import { isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import { type ErrorCode, messageOf, SwitchroomError } from '../errors.ts'
import { offsetInside } from '../flow/read-yaml.ts'
import { type CenterFinding, errorAt, type Place, placeText, refuseErrors } from './center-finding.ts'
import { explain, pathOf, sayOnce, schemaCode, schemaRemedy } from './schema-faults.ts'

const ajv = new Ajv2020({ allErrors: true, strict: false, useDefaults: true, verbose: true })

const LEFT_ALONE = 'Correct the file; nothing of it has been taken over.'

/** What a YAML file says, and where in it each thing stands. */
export interface YamlSource<Value> {
  readonly value: Value
  /** `file:line:column` of the key at this path, or of the nearest thing above it that is there. */
  readonly at: (...path: readonly string[]) => string
  /** The same as a place. */
  readonly place: (...path: readonly string[]) => Place
  /** The character at `index` of a text: of the value at this path, or of its key where `path` ends at a key. */
  readonly inside: (index: number, ...path: readonly string[]) => Place
}

/** A file that was read, or what is wrong with it. */
export type ReadYaml<Value> =
  | { readonly source: YamlSource<Value>; readonly findings?: never }
  | { readonly source?: never; readonly findings: readonly CenterFinding[] }

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
  return accepted(parseSource(await readText(file, code), file, schema), code)
}

/** @throws SwitchroomError CENTER_MISSING where there is no such file, `code` where it cannot be read */
export async function readText(file: string, code: ErrorCode): Promise<string> {
  try {
    return await readFile(file, 'utf8')
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
}

/** Like `readYamlFile`, for text that is already there. An empty file counts as an empty object. */
export function parseYaml<Schema extends TSchema>(
  text: string,
  file: string,
  schema: Schema,
  code: ErrorCode,
): Static<Schema> {
  return accepted(parseSource(text, file, schema), code).value
}

function accepted<Value>({ source, findings }: ReadYaml<Value>, code: ErrorCode): YamlSource<Value> {
  if (source) return source
  refuseErrors(findings, code, LEFT_ALONE)
  throw new RangeError('neither a source nor an error')
}

/** Reads text and checks it by its schema, filling in defaults. @param file as the places name it */
export function parseSource<Schema extends TSchema>(
  text: string,
  file: string,
  schema: Schema,
): ReadYaml<Static<Schema>> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  if (document.errors.length > 0) {
    const remedy = 'Check the indentation, the colons and the quotes.'
    return {
      findings: document.errors.map(({ pos, message }) =>
        errorAt(placeAt(pos[0]), 'YAML_SYNTAX', message, remedy),
      ),
    }
  }
  let value: unknown
  try {
    value = document.toJS() ?? {}
  } catch (error) {
    // Aliases that would unfold into more than anybody can have meant.
    return {
      findings: [
        errorAt(placeAt(0), 'YAML_SYNTAX', messageOf(error), 'Write out what the aliases stand for.'),
      ],
    }
  }
  if (!accepts(schema, value)) {
    return {
      findings: sayOnce(ajv.errors ?? []).map((error) => {
        const path = pathOf(error)
        const message = `${path.join('.') || 'the file'}: ${explain(error)}`
        return errorAt(placeAt(offsetOf(document, path)), schemaCode(error), message, schemaRemedy(error))
      }),
    }
  }
  const place = (...path: readonly string[]): Place => placeAt(offsetOf(document, path))
  return {
    source: {
      value: value as Static<Schema>,
      place,
      at: (...path) => placeText(place(...path)),
      inside: (index, ...path) => {
        const node = document.getIn(path, true)
        return isScalar(node) && typeof node.value === 'string'
          ? placeAt(offsetInside(text, node, index))
          : place(...path)
      },
    },
  }
}

/** Checks a value by a schema, filling in defaults; the faults are sentences that begin with the path. */
export function faultsOf(schema: TSchema, value: unknown): readonly string[] {
  if (accepts(schema, value)) return []
  return sayOnce(ajv.errors ?? []).map((error) => `${pathOf(error).join('.')}: ${explain(error)}`)
}

function accepts(schema: TSchema, value: unknown): boolean {
  return ajv.validate(schema, value)
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
