import type { Static } from 'typebox'
import type { Skills } from '../acd/ids.ts'
import { suggest } from '../flow/problems.ts'
import { type CenterFinding, errorAt, type FindingCode, type Place } from './center-finding.ts'
import type { centerSchemas } from './center-schema.ts'
import type { YamlSource } from './yaml-file.ts'

export type Source<File extends keyof typeof centerSchemas> = YamlSource<Static<(typeof centerSchemas)[File]>>

/** Somebody who works here. */
export interface KnownPerson {
  readonly id: string
  readonly skills: Skills
}

/** Finds the fault of a name that is not in its table. */
export type Check = (name: string, where: Place) => CenterFinding[]

/** @param file what people are told to look into */
export function among(table: object, kind: string, file: string, code: FindingCode): Check {
  return (name, where) => {
    if (Object.hasOwn(table, name)) return []
    const remedy = suggest(name, Object.keys(table), `Add it to ${file}.`)
    return [errorAt(where, code, `there is no ${kind} ${name} in ${file}`, remedy)]
  }
}
