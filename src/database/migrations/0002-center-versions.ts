import type { Kysely } from 'kysely'
import { runStatements } from './run-statements.ts'

/**
 * Published versions of the center's rules: what each says, by the hash of its files, and which was active when. The
 * latest activation is the active version; none of either is ever changed or removed.
 */
const statements = [
  `create table center_versions (
    hash text primary key,
    files jsonb not null,
    published_at timestamptz(3) not null,
    published_by text not null
  )`,
  `create table center_activations (
    id bigint generated always as identity primary key,
    hash text not null references center_versions,
    at timestamptz(3) not null,
    by_whom text not null
  )`,
]

export const centerVersions = { up: (database: Kysely<unknown>) => runStatements(database, statements) }
