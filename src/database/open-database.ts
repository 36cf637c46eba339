import { isDeepStrictEqual } from 'node:util'
import { CamelCasePlugin, type Dialect, Kysely, PostgresDialect, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import type { Logger } from 'pino'
import { messageOf, SwitchroomError } from '../errors.ts'
import { migrations } from './migrations/migrations.ts'
import { parsers } from './parsers.ts'
import { pgliteDialect } from './pglite/pglite-dialect.ts'
import { PgliteThread } from './pglite/pglite-thread.ts'
import type { Database, Tables } from './tables.ts'

export type { Database, DatabaseTransaction } from './tables.ts'

export type DatabaseOptions =
  /** Embedded, in a thread of its own; the folder `memory` is none. Takes no care of other processes: see data-folder.ts. */
  { readonly kind: 'pglite'; readonly folder: string } | { readonly kind: 'postgres'; readonly url: string }

const CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 5000

/**
 * Opens the database and brings its tables up to date. `destroy()` closes it.
 * @throws SwitchroomError DATABASE_UNAVAILABLE
 */
export async function openDatabase(options: DatabaseOptions, logger: Logger): Promise<Database> {
  const dialect =
    options.kind === 'pglite' ? await embedded(options.folder, logger) : server(options.url, logger)
  const database = new Kysely<Tables>({
    dialect,
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
  try {
    await migrate(database, logger)
  } catch (thrown) {
    await database.destroy()
    throw unavailable(options, thrown)
  }
  return database
}

async function embedded(folder: string, logger: Logger): Promise<Dialect> {
  return pgliteDialect(await PgliteThread.open(folder, logger))
}

function server(url: string, logger: Logger): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'switchroom',
    types: {
      getTypeParser: (id: number, format?: 'text' | 'binary') =>
        (format !== 'binary' && parsers[id]) || pg.types.getTypeParser(id, format),
    },
  })
  // Without a listener a connection that the server closes while idle would end the process.
  pool.on('error', (error) => logger.warn({ reason: error.message }, 'database connection lost'))
  return new PostgresDialect({ pool })
}

async function migrate(database: Database, logger: Logger): Promise<void> {
  if (await isUpToDate(database)) return
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => migrations } })
  const { error, results } = await migrator.migrateToLatest()
  for (const { migrationName, status } of results ?? []) {
    if (status === 'Success') logger.info({ migration: migrationName }, 'database migrated')
  }
  if (error) throw error
}

/** Spares every ordinary start what the migrator asks of the catalogue: a third of the time that opening takes. */
async function isUpToDate(database: Database): Promise<boolean> {
  const { rows: found } = await sql`select to_regclass('kysely_migration')::text as found`.execute(database)
  if (!isDeepStrictEqual(found, [{ found: 'kysely_migration' }])) return false
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
    database,
  )
  return isDeepStrictEqual(
    rows.map(({ name }) => name),
    Object.keys(migrations).sort(),
  )
}

function unavailable(options: DatabaseOptions, thrown: unknown): SwitchroomError {
  const message = causeOf(thrown)
  const where = options.kind === 'pglite' ? `in ${options.folder}` : `at ${withoutPassword(options.url)}`
  const remedy = /previously executed migration/.test(message)
    ? 'A newer Switchroom has written this database: run that version, or restore a backup.'
    : options.kind === 'postgres'
      ? 'Check the setting database.url, and that the server runs and lets this user in.'
      : 'Restore the data folder from a backup, or move it away to begin anew.'
  return new SwitchroomError('DATABASE_UNAVAILABLE', `The database ${where} cannot be used: ${message}`, {
    remedy,
    cause: thrown,
  })
}

/** A refused connection is an AggregateError without a message of its own. */
function causeOf(thrown: unknown): string {
  return thrown instanceof AggregateError ? thrown.errors.map(messageOf).join('; ') : messageOf(thrown)
}

function withoutPassword(url: string): string {
  try {
    const { protocol, username, host, pathname } = new URL(url)
    return `${protocol}//${username ? `${username}@` : ''}${host}${pathname}`
  } catch {
    return 'the address in database.url (it is not a URL)'
  }
}
