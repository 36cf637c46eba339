import type { Kysely } from 'kysely'
import { runStatements } from './run-statements.ts'

/** How an agent's phone is used, how long callers heard nothing when an agent had answered, what has signed in. */
const statements = [
  `alter table devices
    add column auto_answer boolean not null default false,
    add column standing boolean not null default false`,
  'alter table interaction_segments add column gap_ms integer',
  `alter table sessions
    add column program text not null default 'desk' check (program in ('desk', 'phone'))`,
]

export const agentLegs = {
  up: (database: Kysely<unknown>): Promise<void> => runStatements(database, statements),
}
