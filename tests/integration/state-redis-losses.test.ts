/** Redis that goes, comes, stands still, forgets, or is replaced by an older copy, as the writer of a journal meets it. */
import { pino } from 'pino'
import { afterEach, expect, it } from 'vitest'
import { RealClock } from '../../src/clock/real-clock.ts'
import {
  BEGINNING,
  type Entry,
  type Group,
  type Position,
  type WriteResult,
} from '../../src/state/journal.ts'
import type { Term } from '../../src/state/leadership.ts'
import { openMemoryState } from '../../src/state/memory/state.ts'
import { type StreamEntry, streamIn } from '../../src/state/redis/replies.ts'
import { openRedisState } from '../../src/state/redis/state.ts'
import type { State } from '../../src/state/state.ts'
import { elect, groupOf, readAll } from '../conformance/state.ts'
import { silent } from '../support/database.ts'
import { describeWith } from '../support/describe-with.ts'
import { type Redis, startRedis } from '../support/redis.ts'
import { send, startClusterNode, startSentinelGroup } from '../support/redis-groups.ts'
import { Relay } from '../support/relay.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'

const LEASE_MS = 400

/** As much of a runner as these tests need: it keeps its groups, and hands in again what it has no answer for. */
class Writer {
  readonly state: State
  readonly term: Term
  end: Position = BEGINNING
  readonly groups: Group[] = []

  /** @param before what it goes on from */
  constructor(state: State, term: Term, before?: Writer) {
    this.state = state
    this.term = term
    if (!before) return
    this.end = before.end
    this.groups.push(...before.groups)
  }

  async append(...inputs: unknown[]): Promise<WriteResult> {
    const effects = new Map([['node-1', [{ sequence: this.end.sequence + 1, index: 0, effect: inputs[0] }]]])
    return this.again(groupOf(this.end, inputs, { effects }))
  }

  async again(group: Group): Promise<WriteResult> {
    const result = await this.state.journal.append(this.term, group)
    if (result.outcome === 'committed') {
      this.end = result.end
      this.groups.push(group)
    }
    return result
  }

  resume(groups: readonly Group[]): Promise<WriteResult> {
    const snapshot = { engine: 'e 1', position: this.end, state: { at: this.end.sequence } }
    return this.state.journal.resume(this.term, snapshot, groups)
  }
}

describeWith(['redis'], 'a journal in Redis', () => {
  const opened: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const part of opened.splice(0).toReversed()) await part.close()
  })

  const start = async (settings: Readonly<Record<string, string | number>> = {}): Promise<Redis> => {
    const redis = await startRedis({ settings })
    opened.push({ close: () => redis.stop() })
    return redis
  }
  const startCluster = async (settings: Readonly<Record<string, string | number>>): Promise<Redis> => {
    const redis = await startClusterNode(settings)
    opened.push({ close: () => redis.stop() })
    return redis
  }
  const open = async (url: string): Promise<State> => {
    const state = await openRedisState({
      url,
      domain: 'main',
      clock: new RealClock(),
      logger: silent,
      leaseMs: LEASE_MS,
      answerMs: 300,
    })
    opened.push(state)
    return state
  }
  const openWriter = async (url: string): Promise<Writer> => {
    const state = await open(url)
    return new Writer(state, await elect(state))
  }
  const reached = (state: State, reach: 'away' | 'back'): Promise<void> =>
    new Promise((resolve) => {
      const forget = state.onReach((now) => {
        if (now !== reach) return
        forget()
        resolve()
      })
    })
  const inputs = async (state: State, after = BEGINNING): Promise<unknown[]> =>
    (await readAll(state, after)).map(({ input }) => input)

  it.each([
    ['', start],
    [' as a Cluster', startCluster],
  ])('that is killed and restarted%s from its append-only file goes on where it was', async (_, startOne) => {
    const redis = await startOne({ appendonly: 'yes', appendfsync: 'always' })
    const writer = await openWriter(redis.url)
    await writer.append('a', 'b')
    const seen: Entry[] = []
    const standby = await open(redis.url)
    standby.journal.follow(BEGINNING, {
      receive: (entries) => seen.push(...entries),
      interrupted: (error) => expect.unreachable(error.message),
    })
    const away = reached(writer.state, 'away')
    await redis.kill()
    await away
    expect(writer.state.reachable).toBe(false)
    const group = groupOf(writer.end, ['c'])
    expect(await writer.again(group)).toMatchObject({ outcome: 'away' })
    await expect(writer.state.journal.end()).rejects.toMatchObject({ code: 'STATE_UNREACHABLE' })
    expect(await writer.state.journal.inbox.put([{ key: 'k', input: 1 }])).toMatchObject({ outcome: 'away' })
    expect(await writer.state.journal.outbox('node-1').acknowledge(1)).toBe(false)
    const back = reached(writer.state, 'back')
    await redis.restart()
    await back
    expect(await writer.again(group)).toMatchObject({ outcome: 'committed' })
    expect(await inputs(writer.state)).toEqual(['a', 'b', 'c'])
    await until('the standby has all', () => seen.length === 3)
  })

  it('that stands still while a group is appended has it once, though it was handed in twice', async () => {
    const redis = await start()
    const writer = await openWriter(redis.url)
    await writer.append('a')
    redis.pause()
    const group = groupOf(writer.end, ['b'], {
      effects: new Map([['node-1', [{ sequence: 2, index: 0, effect: 'b' }]]]),
    })
    expect(await writer.again(group)).toMatchObject({ outcome: 'away' })
    const back = reached(writer.state, 'back')
    redis.resume()
    await back
    expect(await writer.again(group)).toMatchObject({ outcome: 'committed' })
    expect(await inputs(writer.state)).toEqual(['a', 'b'])
    expect(await writer.state.journal.outbox('node-1').pending()).toHaveLength(2)
  })

  it('behind a network that swallows everything is away, and everybody finds it again', async () => {
    const redis = await start()
    await using relay = await Relay.start(redis.port)
    const writer = await openWriter(`redis://127.0.0.1:${relay.port}`)
    await writer.append('a')
    const seen: unknown[] = []
    writer.state.journal.follow(BEGINNING, {
      receive: (entries) => seen.push(...entries.map(({ input }) => input)),
      interrupted: (error) => expect.unreachable(error.message),
    })
    await until('the first', () => seen.length === 1)
    const back = reached(writer.state, 'back')
    relay.hang()
    const group = groupOf(writer.end, ['b'])
    expect(await writer.again(group)).toMatchObject({ outcome: 'away' })
    await back
    expect(await writer.again(group)).toMatchObject({ outcome: 'committed' })
    await until('the second', () => seen.length === 2)
    expect(await inputs(writer.state)).toEqual(['a', 'b'])
  })

  it('that has lost everything is given all of it back by the living writer', async () => {
    const redis = await start()
    const writer = await openWriter(redis.url)
    await writer.append('a', 'b')
    await writer.append('c')
    const back = reached(writer.state, 'away').then(() => reached(writer.state, 'back'))
    await redis.kill()
    await redis.restart()
    await back
    const group = groupOf(writer.end, ['d'])
    expect(await writer.again(group)).toEqual({ outcome: 'rolled-back', end: BEGINNING })
    expect(await writer.resume(writer.groups)).toEqual({ outcome: 'committed', end: writer.end })
    expect(await writer.again(group)).toMatchObject({ outcome: 'committed' })
    expect(await inputs(writer.state)).toEqual(['a', 'b', 'c', 'd'])
    expect((await writer.state.journal.outbox('node-1').pending()).map(({ effect }) => effect)).toEqual([
      'a',
      'c',
    ])
    expect((await writer.state.journal.latestSnapshot())?.state).toEqual({ at: 3 })
  })

  it('that has lost everything goes on from the snapshot when the groups are not known any more', async () => {
    const redis = await start()
    const writer = await openWriter(redis.url)
    await writer.append('a', 'b')
    await writer.append('c')
    const back = reached(writer.state, 'away').then(() => reached(writer.state, 'back'))
    await redis.kill()
    await redis.restart()
    await back
    expect(await writer.resume(writer.groups.slice(1))).toEqual({ outcome: 'committed', end: writer.end })
    await writer.append('d')
    const snapshot = await writer.state.journal.latestSnapshot()
    expect(snapshot?.position.sequence).toBe(3)
    expect(await inputs(writer.state, snapshot!.position)).toEqual(['d'])
    await expect(readAll(writer.state)).rejects.toMatchObject({ code: 'STATE_DAMAGED' })
  })

  it('that is away for long is replaced by a journal on disk, and has all of it when it is back', async () => {
    const redis = await start({ appendonly: 'yes', appendfsync: 'always' })
    const writer = await openWriter(redis.url)
    await writer.append('a')
    await redis.kill()
    const group = groupOf(writer.end, ['b'])
    expect(await writer.again(group)).toMatchObject({ outcome: 'away' })

    await using folder = await tempFolder('degraded')
    const disk = await openMemoryState({ folder, domain: 'main', clock: new RealClock(), logger: silent })
    opened.push(disk)
    const degraded = new Writer(disk, writer.term, writer)
    expect(await degraded.resume([])).toMatchObject({ outcome: 'committed' })
    expect(await degraded.again(group)).toMatchObject({ outcome: 'committed' })
    await degraded.append('c')

    const back = reached(writer.state, 'back')
    await redis.restart()
    await back
    const again = new Writer(writer.state, writer.term, degraded)
    expect(await again.resume(again.groups)).toEqual({ outcome: 'committed', end: degraded.end })
    expect(await again.append('d')).toMatchObject({ outcome: 'committed' })
    expect(await inputs(writer.state)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('that somebody else has taken over while it was away is left to them', async () => {
    const redis = await start()
    const writer = await openWriter(redis.url)
    await writer.append('a')
    const other = await open(redis.url)
    const later = { epoch: writer.term.epoch + 1, owner: 'another' }
    await other.journal.resume(later, { engine: 'e 1', position: writer.end, state: {} }, [])
    const degraded = { ...writer.end, sequence: 9, at: 2_000 }
    const snapshot = { engine: 'e 1', position: degraded, state: {} }
    expect(await writer.state.journal.resume(writer.term, snapshot, [])).toEqual({
      outcome: 'fenced',
      epoch: later.epoch,
    })
    expect(await inputs(other)).toEqual(['a'])
  })

  it('that cannot write is away, and back when it can', async () => {
    const redis = await start()
    const writer = await openWriter(redis.url)
    await writer.append('a')
    await send(redis, 'CONFIG', ['SET', 'min-replicas-to-write', '1'])
    const group = groupOf(writer.end, ['b'])
    const result = await writer.again(group)
    expect(result).toMatchObject({ outcome: 'away', reason: expect.stringContaining('NOREPLICAS') })
    expect(writer.state.reachable).toBe(false)
    const back = reached(writer.state, 'back')
    await send(redis, 'CONFIG', ['SET', 'min-replicas-to-write', '0'])
    await back
    expect(await writer.again(group)).toMatchObject({ outcome: 'committed' })
  })

  it('whose scripts are unknown to it is sent them', async () => {
    const redis = await start()
    const writer = await openWriter(redis.url)
    await writer.append('a')
    await send(redis, 'SCRIPT', ['FLUSH'])
    expect(await writer.append('b')).toMatchObject({ outcome: 'committed' })
  })

  it('that others write into is read as far as it is sound, and the place is named', async () => {
    const redis = await start()
    const writer = await openWriter(redis.url)
    await writer.append('a', 'b')
    const groups = await send(redis, 'XRANGE', ['switchroom:{main}:journal', '-', '+'])
    const [{ text }] = streamIn(groups, 'the journal') as [StreamEntry]
    await send(redis, 'XADD', ['switchroom:{main}:journal', '4-0', 'entries', text])
    await send(redis, 'HSET', ['switchroom:{main}:head', 'sequence', '4'])
    await expect(writer.state.journal.read(writer.end)).rejects.toMatchObject({
      code: 'STATE_DAMAGED',
      message: expect.stringContaining('switchroom:{main}:journal'),
    })
    await send(redis, 'XADD', ['switchroom:{main}:inbox', '*', 'input', '{"key":"k","input":1}'])
    await writer.state.journal.inbox.put([{ key: 'sound', input: 2 }])
    const keys = await new Promise<string[]>((resolve) => {
      writer.state.journal.inbox.follow((entries) => resolve(entries.map(({ key }) => key)))
    })
    expect(keys).toEqual(['sound'])
  })

  it('that wants another password is named, and the password is not', async () => {
    const redis = await start({ requirepass: 'right' })
    const lines: string[] = []
    const logger = pino({ level: 'trace' }, { write: (line) => lines.push(line) })
    const options = { domain: 'main', clock: new RealClock(), logger, leaseMs: LEASE_MS, patienceMs: 1_000 }
    const url = `redis://:wrong-one@127.0.0.1:${redis.port}`
    const error: unknown = await openRedisState({ ...options, url }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'STATE_UNREACHABLE',
      message: expect.stringMatching(/Redis at 127\.0\.0\.1:\d+ cannot be used: .*WRONGPASS/),
    })
    expect(lines.join('')).not.toContain('wrong-one')
    const state = await openRedisState({ ...options, url: `redis://:right@127.0.0.1:${redis.port}` })
    opened.push(state)
    expect(state.reachable).toBe(true)
  })
})

describeWith(['redis'], 'a journal behind a Redis Sentinel', () => {
  it('whose replica lacks the latest entries is given them back by the living writer, which keeps its term', async () => {
    await using group = await startSentinelGroup()
    const { master, replica, url } = group
    const options = {
      url,
      domain: 'main',
      clock: new RealClock(),
      logger: silent,
      leaseMs: 600,
      answerMs: 300,
    }
    const [state, standby] = [await openRedisState(options), await openRedisState(options)]
    try {
      const writer = new Writer(state, await elect(state))
      const others: Term[] = []
      standby.leadership.campaign({ elected: (term) => others.push(term), lost: () => undefined })
      await writer.append('a', 'b')
      await send(master, 'WAIT', ['1', '2000'])
      // From here on the replica gets nothing any more.
      replica.pause()
      await send(master, 'CLIENT', ['KILL', 'TYPE', 'replica'])
      expect(await writer.append('c')).toMatchObject({ outcome: 'committed' })
      const back = new Promise<void>((resolve) => state.onReach((reach) => reach === 'back' && resolve()))
      await master.kill()
      replica.resume()
      await back
      const next = groupOf(writer.end, ['d'])
      expect(await writer.again(next)).toMatchObject({ outcome: 'rolled-back', end: { sequence: 2 } })
      expect(await writer.resume(writer.groups)).toMatchObject({ outcome: 'committed', end: writer.end })
      expect(await writer.again(next)).toMatchObject({ outcome: 'committed' })
      expect((await readAll(state)).map(({ input }) => input)).toEqual(['a', 'b', 'c', 'd'])
      expect((await state.journal.latestSnapshot())?.position.sequence).toBe(3)
      expect(others).toEqual([])
      await state.leadership.resign()
      await until('the standby follows', () => others.length === 1)
      expect(others[0]?.epoch).toBe(writer.term.epoch + 1)
    } finally {
      await Promise.all([state.close(), standby.close()])
    }
  })
})
