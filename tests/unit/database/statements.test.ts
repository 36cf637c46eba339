/** Statements at the embedded database: prepared when they come again, and always the same as unprepared ones. */
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parsers } from '../../../src/database/parsers.ts'
import { Statements } from '../../../src/database/pglite/statements.ts'
import { copyTestDatabase } from '../../support/database.ts'
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts'

let folder: TempFolder
let database: PGlite
let statements: Statements
beforeAll(async () => {
  folder = await tempFolder('statements')
  const dataDir = join(folder.path, 'database')
  await copyTestDatabase(dataDir)
  database = await PGlite.create({ dataDir, parsers: { ...parsers } })
  statements = new Statements(database)
  await database.exec(
    'create table things (id int8 primary key, at timestamptz, data jsonb, tags text[], flag bool)',
  )
})
afterAll(async () => {
  await database.close()
  await folder.remove()
})

describe('a statement', () => {
  it('gives the same however often it is run, as PGlite itself does', async () => {
    const insert = 'insert into things values ($1, to_timestamp($2::float8), $3, $4, $5)'
    for (let id = 1; id <= 4; id++) {
      const added = await statements.run(insert, [
        id,
        1.5,
        JSON.stringify({ name: 'Ä"\\' }),
        ['a', 'b'],
        id > 2,
      ])
      expect(added).toMatchObject({ rows: [], affectedRows: 1, command: 'INSERT' })
    }
    expect(await statements.run(insert, [5, 1.5, null, null, undefined])).toMatchObject({ affectedRows: 1 })
    const select = 'select * from things where id >= $1 and (flag = $2 or flag is null) order by id'
    const [first, second, third] = [
      await statements.run(select, [3, true]),
      await statements.run(select, [3, true]),
      await statements.run(select, [3, true]),
    ]
    expect(first.rows).toHaveLength(3)
    expect(first.rows[0]).toEqual({ id: 3, at: 1500, data: { name: 'Ä"\\' }, tags: ['a', 'b'], flag: true })
    for (const again of [second, third])
      expect([again.rows, again.command]).toEqual([first.rows, first.command])
    expect((await statements.run(select, [9, true])).rows).toEqual([])
  })

  it('takes one exchange with the database from its third time on', async () => {
    const sql = 'select data from things where id = $1'
    for (let times = 0; times < 2; times++) await statements.run(sql, [1])
    const exchanges = vi.spyOn(database, 'execProtocolStream')
    await statements.run(sql, [1])
    expect(exchanges).toHaveBeenCalledOnce()
    exchanges.mockRestore()
  })

  it('that is refused says why and can be run again, in a transaction after its end', async () => {
    const insert = 'insert into things (id) values ($1)'
    for (const id of [10, 11, 12]) await statements.run(insert, [id])
    const taken = { code: '23505', constraint: 'things_pkey', table: 'things' }
    await expect(statements.run(insert, [10])).rejects.toMatchObject(taken)
    expect(await statements.run(insert, [13])).toMatchObject({ affectedRows: 1 })
    await statements.run('start transaction', [])
    await expect(statements.run(insert, [10])).rejects.toMatchObject(taken)
    await expect(statements.run(insert, [14])).rejects.toMatchObject({ code: '25P02' })
    await statements.run('rollback', [])
    expect(await statements.run(insert, [14])).toMatchObject({ affectedRows: 1 })
  })

  it('whose first time as a prepared one is refused is not taken for prepared', async () => {
    const sql = 'select 1 / $1::int as share'
    await statements.run(sql, [1])
    await statements.run('start transaction', [])
    await expect(statements.run('select nothing', [])).rejects.toMatchObject({ code: '42703' })
    await expect(statements.run(sql, [1])).rejects.toMatchObject({ code: '25P02' })
    await statements.run('rollback', [])
    expect((await statements.run(sql, [1])).rows).toEqual([{ share: 1 }])
  })

  it('whose tables have changed is prepared anew', async () => {
    const sql = 'select * from things where id = 1'
    for (let times = 0; times < 3; times++) await statements.run(sql, [])
    await statements.run('alter table things add column more text', [])
    await expect(statements.run(sql, [])).rejects.toMatchObject({ code: '0A000' })
    for (let times = 0; times < 3; times++)
      expect((await statements.run(sql, [])).rows[0]).toHaveProperty('more', null)
  })

  it('that is not asked for any more makes room for others', async () => {
    for (let column = 0; column < 250; column++)
      for (let times = 0; times < 2; times++) await statements.run(`select ${column} as number`, [])
    const { rows } = await database.query<{ count: number }>('select count(*) from pg_prepared_statements')
    expect(rows[0]?.count).toBeGreaterThan(150)
    expect(rows[0]?.count).toBeLessThanOrEqual(200)
    expect((await statements.run('select 0 as number', [])).rows).toEqual([{ number: 0 }])
  })
})
