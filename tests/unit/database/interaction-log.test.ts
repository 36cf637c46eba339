import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { InteractionLog } from '../../../src/database/interaction-log.ts'
import { readInteraction } from '../../../src/database/interactions.ts'
import type { Database } from '../../../src/database/open-database.ts'
import { interaction } from '../../conformance/interactions.ts'
import { openTestDatabase, silent, type TestDatabase } from '../../support/database.ts'
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts'

const startedAt = Date.UTC(2026, 0, 5, 9)

describe('interaction log', () => {
  let test: TestDatabase
  let database: Database
  let folder: TempFolder
  let clock: SimulatedClock

  beforeAll(async () => {
    test = await openTestDatabase()
    database = test.database
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    folder = await tempFolder('log')
    clock = new SimulatedClock(startedAt)
    await database.deleteFrom('interactions').execute()
    await database.deleteFrom('interactionSegments').execute()
    await database.deleteFrom('offerExplanations').execute()
  })
  afterEach(() => folder.remove())

  const open = (where = database) => InteractionLog.open(folder.path, where, clock, silent)
  const file = () => join(folder.path, 'interactions.log')
  const size = () => statSync(file()).size
  const refused = () => readFileSync(join(folder.path, 'interactions.refused.log'), 'utf8')
  const going = (id: string) => {
    const { channel, direction, from, to, path, data } = interaction(id)
    return { id, channel, direction, startedAt, from, to, path, data, segments: [] }
  }
  const outcomes = async () => {
    const rows = await database
      .selectFrom('interactions')
      .select(['id', 'outcome', 'endedAt'])
      .orderBy('id')
      .execute()
    return Object.fromEntries(rows.map(({ id, outcome, endedAt }) => [id, [outcome, endedAt - startedAt]]))
  }

  it('writes contacts some time after their end, together, and then forgets them', async () => {
    const log = await open()
    for (const id of ['a', 'b', 'c']) log.begin(going(id))
    expect(size()).toBeGreaterThan(0)
    log.update({ ...going('a'), customer: 'june' })
    for (const id of ['a', 'b', 'c']) log.end(interaction(id, { startedAt }))
    expect(log.pending).toBe(3)
    expect(clock.pending).toBe(1)
    clock.advance(200)
    await log.flush()
    expect(log.pending).toBe(0)
    expect(size()).toBe(0)
    expect(clock.pending).toBe(0)
    expect(await outcomes()).toEqual({
      a: ['handled', 60_000],
      b: ['handled', 60_000],
      c: ['handled', 60_000],
    })
    await log.close()
  })

  it('ends a contact once', async () => {
    const log = await open()
    log.begin(going('a'))
    log.begin({ ...going('a'), customer: 'ignored' })
    log.end(interaction('a', { startedAt }))
    log.end(interaction('a', { startedAt, outcome: 'failed' }))
    await log.flush()
    log.end(interaction('a', { startedAt, outcome: 'failed' }))
    log.update(going('a'))
    await log.close()
    expect(await readInteraction(database, 'a')).toEqual(interaction('a', { startedAt }))
    await (await open()).close()
    expect(await outcomes()).toEqual({ a: ['handled', 60_000] })
  })

  it('keeps a contact that was refused before it began', async () => {
    const log = await open()
    log.end(interaction('refused', { startedAt, outcome: 'refused', segments: [] }))
    await log.close()
    expect(await outcomes()).toEqual({ refused: ['refused', 60_000] })
  })

  it('settles what a dead process left: ended contacts as they ended, the others when it was last alive', async () => {
    const log = await open()
    log.begin(going('cut-off'))
    log.begin(going('wrapping-up'))
    log.begin(going('done'))
    clock.advance(2000)
    const ivr = { kind: 'ivr', startedAt, endedAt: startedAt + 500, result: 'queued' } as const
    const queue = { kind: 'queue', queue: 'q', startedAt: startedAt + 500, result: 'system-failure' } as const
    const segments = [ivr, { ...queue, endedAt: startedAt + 2000 }]
    log.update({ ...going('cut-off'), customer: 'settled', segments })
    log.update({ ...going('wrapping-up'), outcome: 'handled' })
    clock.advance(3000)
    log.end(interaction('done', { startedAt }))
    // Nothing has been written: the process died here, and the next one opens the same folder.
    const next = await open()
    expect(await outcomes()).toEqual({
      'cut-off': ['system-failure', 5000],
      done: ['handled', 60_000],
      'wrapping-up': ['handled', 5000],
    })
    expect(await readInteraction(database, 'cut-off')).toMatchObject({
      customer: 'settled',
      segments: [ivr, { ...queue, endedAt: startedAt + 5000 }],
    })
    expect(size()).toBe(0)
    await next.close()
  })

  it('is not put off by a torn last line, nor by damage, which it sets aside', async () => {
    const line = (id: string) => JSON.stringify({ at: startedAt, interaction: going(id) })
    writeFileSync(file(), `${line('a')}\n\0\0garbage\n{"at":1}\n${line('b')}\n${line('torn').slice(0, 40)}`)
    await (await open()).close()
    expect(Object.keys(await outcomes())).toEqual(['a', 'b'])
    expect(refused().trimEnd().split('\n')).toEqual(['\0\0garbage', '{"at":1}', line('torn').slice(0, 40)])
  })

  it('stores what a caller put into their name, without what PostgreSQL cannot hold', async () => {
    const log = await open()
    const from = { uri: 'sip:x@y', name: `a\0b\ud800c'; drop table "users" -- \\u0000` }
    log.end(interaction('odd', { startedAt, from }))
    await log.flush()
    expect(log.pending).toBe(0)
    const stored = await readInteraction(database, 'odd')
    expect(stored?.from.name).toBe(`ab\ufffdc'; drop table "users" -- \\u0000`)
    await log.close()
  })

  it('sets a contact aside that the database refuses, and writes the others', async () => {
    const log = await open()
    log.end(interaction('a', { startedAt }))
    log.end(interaction('bad', { startedAt: Number.NaN }))
    log.end(interaction('b', { startedAt }))
    await log.flush()
    expect(Object.keys(await outcomes())).toEqual(['a', 'b'])
    expect(refused()).toContain('"id":"bad"')
    expect(size()).toBe(0)
    await log.close()
  })

  it('keeps everything while the database is away, and tries again', async () => {
    const away = await openTestDatabase()
    const log = await open(away.database)
    await away.close()
    log.begin(going('going'))
    log.end(interaction('a', { startedAt }))
    await expect(log.flush()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    expect(log.pending).toBe(1)
    expect(clock.pending).toBe(1)
    await log.close()
    expect(size()).toBeGreaterThan(0)
    await (await open()).close()
    expect(await outcomes()).toMatchObject({ a: ['handled', 60_000], going: ['system-failure', 0] })
  })

  it('does not grow while calls overlap for ever', async () => {
    const log = await open()
    log.begin(going('long'))
    const data = { filler: 'x'.repeat(20_000) }
    let largest = 0
    for (let round = 0; round < 6; round++) {
      for (let n = 0; n < 100; n++) log.end(interaction(`r${round}-${n}`, { startedAt, data }))
      await log.flush()
      largest = Math.max(largest, size())
    }
    expect(largest).toBeLessThan(11_000_000)
    expect(size()).toBeLessThan(6_000_000)
    // Whatever was shortened: the one that goes on is still in it.
    const next = await open()
    expect(await readInteraction(database, 'long')).toMatchObject({ outcome: 'system-failure' })
    await next.close()
    expect(Object.keys(await outcomes())).toHaveLength(601)
  })
})
