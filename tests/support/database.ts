/**
 * Fresh databases for tests. Making one takes seconds, so it is made once per machine (and per version of PGlite
 * and of the migrations) and copied from then on.
 */
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { readdir, readFile, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { type Database, openDatabase } from '../../src/database/open-database.ts'

export const silent: Logger = pino({ level: 'silent' })

export interface TestDatabase extends AsyncDisposable {
  readonly database: Database
  /** Closes it and removes its folder. */
  close(): Promise<void>
}

/** An empty database with all tables: embedded, in a folder of its own. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'switchroom-database-'))
  await copyTestDatabase(folder)
  const database = await openDatabase({ kind: 'pglite', folder }, silent)
  const close = async (): Promise<void> => {
    await database.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
  return { database, close, [Symbol.asyncDispose]: close }
}

/** Puts an empty database where a server will look for its own (`<data.dir>/database`), so that it starts at once. */
export async function copyTestDatabase(path: string): Promise<void> {
  // The synchronous ones: for a thousand small files the others take twenty times as long.
  cpSync(await template(), path, { recursive: true })
}

let made: Promise<string> | undefined

function template(): Promise<string> {
  made ??= makeTemplate()
  return made
}

async function makeTemplate(): Promise<string> {
  const path = join(tmpdir(), `switchroom-template-${await version()}`)
  if (await exists(path)) return path
  const draft = mkdtempSync(`${path}-`)
  const database = await openDatabase({ kind: 'pglite', folder: draft }, silent)
  await database.destroy()
  try {
    await rename(draft, path)
  } catch (error) {
    // Another test process was quicker.
    rmSync(draft, { recursive: true, force: true })
    if (!(await exists(path))) throw error
  }
  return path
}

async function version(): Promise<string> {
  const root = join(import.meta.dirname, '../..')
  const migrations = join(root, 'src/database/migrations')
  const files = (await readdir(migrations)).sort().map((name) => join(migrations, name))
  const hash = createHash('sha256')
  for (const file of [join(root, 'node_modules/@electric-sql/pglite/package.json'), ...files]) {
    hash.update(await readFile(file))
  }
  return hash.digest('hex').slice(0, 16)
}

async function exists(path: string): Promise<boolean> {
  try {
    await readdir(path)
    return true
  } catch {
    return false
  }
}
