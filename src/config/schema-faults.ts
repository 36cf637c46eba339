import type { ErrorObject } from 'ajv/dist/2020.js'
import { suggest } from '../flow/problems.ts'
import type { FindingCode } from './center-finding.ts'

/** What ajv found, in words for the person who wrote the file. */

/** What was expected, as a sentence. */
export function explain(error: ErrorObject): string {
  if (error.keyword === 'additionalProperties') return 'no such key'
  if (error.keyword === 'required') return `lacks the key ${String(error.params['missingProperty'])}`
  if (error.keyword === 'const') return `must be ${JSON.stringify(error.params['allowedValue'])}`
  if (error.keyword === 'pattern') return `found ${JSON.stringify(error.data)}, ${expected(error)}`
  if (error.keyword === 'enum') {
    const allowed: unknown = error.params['allowedValues']
    return `found ${shown(error.data)}, expected ${Array.isArray(allowed) ? allowed.join(' or ') : ''}`
  }
  if (error.keyword === 'anyOf') return `found ${shown(error.data)}, expected ${alternatives(error)}`
  return error.message ?? error.keyword
}

/** A value that fits says more than a regular expression. */
function expected({ parentSchema, message }: ErrorObject): string {
  const sample: unknown = parentSchema?.['default'] ?? parentSchema?.['examples']?.[0]
  return typeof sample === 'string' && sample !== '' ? `expected for example ${sample}` : (message ?? '')
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

function alternatives({ schema }: ErrorObject): string {
  const branches: unknown[] = Array.isArray(schema) ? schema : []
  const texts = branches.map((branch) => {
    const { const: value, type } = Object(branch) as { const?: unknown; type?: unknown }
    return typeof value === 'string' ? value : kinds[String(type)]
  })
  return [...new Set(texts.filter((text) => text !== undefined))].join(' or ')
}

const kinds: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
}

export function schemaCode({ keyword }: ErrorObject): FindingCode {
  if (keyword === 'additionalProperties') return 'UNKNOWN_KEY'
  if (keyword === 'required') return 'MISSING_KEY'
  return keyword === 'type' ? 'WRONG_TYPE' : 'WRONG_VALUE'
}

export function schemaRemedy(error: ErrorObject): string {
  const { keyword, parentSchema, params } = error
  if (keyword === 'required') return `Add ${String(params['missingProperty'])}.`
  const known = Object.keys(Object(parentSchema?.['properties']))
  if (keyword === 'additionalProperties' && known.length > 0) {
    return suggest(String(params['additionalProperty']), known, 'Remove it.')
  }
  if (keyword === 'additionalProperties') {
    return 'A name takes a lower-case letter, then up to 39 letters, digits and dashes; docs/center.md says more.'
  }
  const description: unknown = parentSchema?.['description']
  return typeof description === 'string' ? description : 'docs/center.md describes every key.'
}

/** Where the error is, by keys; the extra key itself where there is one too many. */
export function pathOf(error: ErrorObject): string[] {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const extra: unknown = error.params['additionalProperty']
  return typeof extra === 'string' ? [...path, extra] : path
}

/**
 * Of a value that may be one of several things, ajv says why it is none of them, each at length. What it resembles
 * counts: alternatives of another type are left out; where all are, one error says what it may be.
 */
export function sayOnce(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  let left = [...errors]
  for (const union of errors.filter(({ keyword }) => keyword === 'anyOf')) {
    const branchOf = ({ schemaPath, instancePath }: ErrorObject): string | undefined =>
      `${instancePath}/`.startsWith(`${union.instancePath}/`) && schemaPath.startsWith(`${union.schemaPath}/`)
        ? schemaPath.slice(union.schemaPath.length + 1).split('/')[0]
        : undefined
    const foreign = new Set(
      left.flatMap((error) => {
        const top = error.instancePath === union.instancePath
        return top && (error.keyword === 'type' || error.keyword === 'const') ? (branchOf(error) ?? []) : []
      }),
    )
    left = left.filter((error) => !foreign.has(branchOf(error) ?? 'none'))
    if (left.some((error) => branchOf(error) !== undefined)) left = left.filter((error) => error !== union)
  }
  return left
}
