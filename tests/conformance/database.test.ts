import pg from 'pg'
import { afterAll, beforeAll, describe } from 'vitest'
import { openDatabase } from '../../src/database/open-database.ts'
import { openTestDatabase, silent, type TestDatabase } from '../support/database.ts'
import { describeWith } from '../support/describe-with.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { databaseConformance } from './database.ts'

describe('database: embedded', () => {
  databaseConformance(openTestDatabase)
})

describeWith(['postgres'], 'database: PostgreSQL', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  databaseConformance(async (): Promise<TestDatabase> => {
    await administer(server.url, 'create database switchroom')
    const url = server.url.replace(/[^/]*$/, 'switchroom')
    const database = await openDatabase({ kind: 'postgres', url }, silent)
    const close = () => database.destroy()
    return { database, close, [Symbol.asyncDispose]: close }
  })
})

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
