import { AbortedTransactionError, sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '../../src/database/open-database.ts'
import { json, time } from '../../src/database/values.ts'
import type { TestDatabase } from '../support/database.ts'
import { centerConformance } from './database-center.ts'
import { customersConformance } from './database-customers.ts'
import { interactionsConformance } from './database-interactions.ts'
import { peopleConformance } from './database-people.ts'

export type OpenDatabase = () => Promise<TestDatabase>

/** What every database must do alike; run over each of them. */
export function databaseConformance(open: OpenDatabase): void {
  let test: TestDatabase
  let database: Database

  beforeAll(async () => {
    test = await open()
    database = test.database
  })
  afterAll(() => test.close())

  it('reads counts and int8 as numbers, and beyond 2^53 exactly', async () => {
    const { rows } = await sql<{ n: number; small: number; large: bigint }>`
      select count(*) as n, 9007199254740991::int8 as small, 9007199254740993::int8 as large from (values (1), (2)) v
    `.execute(database)
    expect(rows).toEqual([{ n: 2, small: 9_007_199_254_740_991, large: 9_007_199_254_740_993n }])
  })

  it('keeps times to the millisecond, whatever the time zone of the session', async () => {
    const at = Date.UTC(2026, 10, 22, 21, 7, 56, 123)
    await database.transaction().execute(async (transaction) => {
      await sql`set local time zone 'Asia/Kolkata'`.execute(transaction)
      const { rows } = await sql<{ same: number; rounded: number; old: number }>`
        select ${time(at)} as same, ${time(at + 0.4)}::timestamptz(3) as rounded, ${time(-1)} as old
      `.execute(transaction)
      expect(rows).toEqual([{ same: at, rounded: at, old: -1 }])
    })
  })

  it('keeps the keys inside JSON as they are', async () => {
    const value = { firstName: 'Ana', nested_key: { deepKey: [1, 'two', null] } }
    const { rows } = await sql<{ someValue: object }>`select ${json(value)}::jsonb as some_value`.execute(
      database,
    )
    expect(rows).toEqual([{ someValue: value }])
  })

  it('stores text that PostgreSQL cannot hold without the parts that it cannot', async () => {
    const { rows } = await sql`select ${json({ text: 'a\0b\ud800c' })}::jsonb as v`.execute(database)
    expect(rows).toEqual([{ v: { text: 'ab\ufffdc' } }])
  })

  it('says which constraint a row violates', async () => {
    const row = {
      id: 'twice',
      version: 1,
      name: 'n',
      tier: 't',
      search: '',
      createdAt: time(0),
      updatedAt: time(0),
    }
    const insert = () =>
      database
        .insertInto('customers')
        .values({ ...row, fields: '{}' })
        .execute()
    await insert()
    await expect(insert()).rejects.toMatchObject({ code: '23505', constraint: 'customers_pkey' })
  })

  it('undoes a transaction that throws', async () => {
    const failing = database.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('customers').execute()
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await database.selectFrom('customers').select('id').execute()).toContainEqual({ id: 'twice' })
  })

  it('does not call a transaction done in which a statement failed', async () => {
    const swallowing = database.transaction().execute(async (transaction) => {
      await sql`select 1 / 0`.execute(transaction).catch(() => undefined)
    })
    await expect(swallowing).rejects.toThrow(AbortedTransactionError)
  })

  it('shows nobody what is not committed', async () => {
    const begun = Promise.withResolvers<void>()
    const writing = database.transaction().execute(async (transaction) => {
      await transaction.updateTable('customers').set({ name: 'changed' }).where('id', '=', 'twice').execute()
      begun.resolve()
      await sql`select pg_sleep(0.05)`.execute(transaction)
      await transaction.updateTable('customers').set({ name: 'again' }).where('id', '=', 'twice').execute()
    })
    await begun.promise
    const seen = await database.selectFrom('customers').select('name').where('id', '=', 'twice').execute()
    await writing
    expect(['n', 'again']).toContain(seen[0]?.name)
  })

  it('answers many queries at once, each with its own rows', async () => {
    const queries = Array.from({ length: 200 }, (_, n) =>
      sql<{ n: number }>`select ${n}::int4 as n`.execute(database),
    )
    const answers = await Promise.all(queries)
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 200 }, (_, n) => n))
  })

  peopleConformance(() => database)
  centerConformance(() => database)
  customersConformance(() => database)
  interactionsConformance(() => database)
}
