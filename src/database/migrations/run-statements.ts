import { type Kysely, sql } from 'kysely'

/** Runs statements one after the other; the migrator has a transaction around all of them. */
export async function runStatements(database: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database)
}
