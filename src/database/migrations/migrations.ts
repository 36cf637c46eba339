import type { Migration } from 'kysely/migration'
import { first } from './0001-first.ts'
import { centerVersions } from './0002-center-versions.ts'
import { agentLegs } from './0003-agent-legs.ts'

/**
 * Every migration, in order of its name. Written for PostgreSQL 15, so that the embedded database and any
 * supported server take the same. One that was released is never changed.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': first,
  '0002-center-versions': centerVersions,
  '0003-agent-legs': agentLegs,
}
