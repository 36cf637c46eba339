import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/database/open-database.ts'
import { PgliteThread } from '../../../src/database/pglite/pglite-thread.ts'
import { copyTestDatabase, openTestDatabase, silent } from '../../support/database.ts'
import { freePort } from '../../support/ports.ts'
import { tempFolder } from '../../support/temp-folder.ts'

describe('opening a database', () => {
  it('keeps the thread of the calls free while the embedded database works', async () => {
    await using test = await openTestDatabase()
    let turns = 0
    let working = true
    const turn = (): void => {
      turns++
      if (working) setImmediate(turn)
    }
    setImmediate(turn)
    await sql`select count(*) from generate_series(1, 1000000)`.execute(test.database)
    working = false
    expect(turns).toBeGreaterThan(100)
  })

  it('finds what was written before', async () => {
    await using folder = await tempFolder('reopen')
    const path = join(folder.path, 'database')
    await copyTestDatabase(path)
    const first = await openDatabase({ kind: 'pglite', folder: path }, silent)
    await sql`create table kept as select 42 as answer`.execute(first)
    await first.destroy()
    const second = await openDatabase({ kind: 'pglite', folder: path }, silent)
    expect((await sql`select answer from kept`.execute(second)).rows).toEqual([{ answer: 42 }])
    await second.destroy()
  })

  it('refuses a database that a newer version has written', async () => {
    await using folder = await tempFolder('newer')
    const path = join(folder.path, 'database')
    await copyTestDatabase(path)
    const database = await openDatabase({ kind: 'pglite', folder: path }, silent)
    await sql`insert into kysely_migration values ('9999-future', '2030-01-01')`.execute(database)
    await database.destroy()
    await expect(openDatabase({ kind: 'pglite', folder: path }, silent)).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      message: expect.stringContaining('9999-future'),
      remedy: expect.stringContaining('newer Switchroom'),
    })
  })

  it('says that a folder holds no database that it can read', async () => {
    await using folder = await tempFolder('broken')
    const path = join(folder.path, 'database')
    await copyTestDatabase(path)
    writeFileSync(join(path, 'PG_VERSION'), '12\n')
    await expect(openDatabase({ kind: 'pglite', folder: path }, silent)).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      message: expect.stringContaining(path),
    })
  })

  it('says where no PostgreSQL answers, without the password', async () => {
    const url = `postgres://ana:secret@127.0.0.1:${await freePort()}/center`
    const opening = openDatabase({ kind: 'postgres', url }, silent)
    await expect(opening).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      message: expect.stringMatching(/ana@127\.0\.0\.1:\d+\/center.*ECONNREFUSED/),
      remedy: expect.stringContaining('database.url'),
    })
    await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('secret') })
  })

  it('says that an address is none', async () => {
    await expect(openDatabase({ kind: 'postgres', url: 'center db' }, silent)).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
    })
  })

  it('tells whoever waits that the embedded database is gone', async () => {
    await using folder = await tempFolder('gone')
    const path = join(folder.path, 'database')
    await copyTestDatabase(path)
    const thread = await PgliteThread.open(path, silent)
    const asked = thread.query('select count(*) from generate_series(1, 1000000)', [])
    await thread.close()
    await expect(asked).resolves.toMatchObject({ rows: [{ count: 1_000_000 }] })
    await expect(thread.query('select 1', [])).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    await thread.close()
  })
})
