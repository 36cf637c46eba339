/** Routing journaled to Redis: what happens when Redis goes, stands still or forgets, and when the writer dies. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { RealClock } from '../../src/clock/real-clock.ts'
import { openRedisState } from '../../src/state/redis/state.ts'
import { readAll } from '../conformance/state.ts'
import { silent } from '../support/database.ts'
import { describeWith } from '../support/describe-with.ts'
import { type Redis, startRedis } from '../support/redis.ts'
import { send } from '../support/redis-groups.ts'
import { type Floor, offerOf, openFloor, queued } from '../support/routing.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'

const LEASE = 0.5

describeWith(['redis'], 'routing journaled to Redis', () => {
  let redis: Redis
  const folders: TempFolder[] = []
  const floors: Floor[] = []
  beforeEach(async () => {
    redis = await startRedis({ settings: { appendonly: 'yes', appendfsync: 'always' } })
  })
  afterEach(async () => {
    for (const floor of floors.splice(0)) await floor.close()
    await redis.stop()
    for (const folder of folders.splice(0)) await folder.remove()
  })

  const open = async (degradeAfter = 0, progress?: (step: string) => void): Promise<Floor> => {
    const folder = await tempFolder('routing')
    folders.push(folder)
    const floor = await openFloor(folder, { redisUrl: redis.url, lease: LEASE, degradeAfter }, progress)
    floors.push(floor)
    return floor
  }

  const journaled = async (): Promise<string[]> => {
    const options = { url: redis.url, domain: 'main', clock: new RealClock(), logger: silent, leaseMs: 500 }
    const state = await openRedisState(options)
    try {
      const snapshot = await state.journal.latestSnapshot()
      const entries = await readAll(state)
      return [JSON.stringify(snapshot?.state ?? {}), ...entries.map(({ input }) => JSON.stringify(input))]
    } finally {
      await state.close()
    }
  }

  const offered = (floor: Floor, contact: string): boolean =>
    floor.effects.some((effect) => effect.type === 'offer.made' && effect.contact === contact)

  it('nothing that was decided is done before Redis has it', async () => {
    const floor = await open()
    floor.staff()
    await floor.journal.written()
    redis.pause()
    floor.put(queued('c1'))
    expect(floor.acd.engine.contact('c1')).toMatchObject({ state: 'offered' })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(offered(floor, 'c1')).toBe(false)
    redis.resume()
    await until('it is done', () => offered(floor, 'c1'))
  })

  it('while Redis is away nothing is decided; then everything is, in order and once', async () => {
    const floor = await open()
    floor.staff()
    await floor.journal.written()
    await redis.kill()
    floor.put(queued('c1'))
    await until('it is noticed', () => floor.journal.standing === 'away')
    floor.put(queued('c2'), queued('c3'))
    expect(floor.acd.engine.contact('c2')).toBeUndefined()
    await redis.restart()
    await until('it is written again', () => floor.journal.standing === 'writing' && offered(floor, 'c2'))
    await floor.journal.written()
    const made = floor.effects.flatMap((effect) => (effect.type === 'offer.made' ? [effect.contact] : []))
    expect(made).toEqual(['c1', 'c2'])
    expect((await journaled()).join('\n')).toContain('"c3"')
  })

  it('away for longer than allowed: it goes on on the disk, and Redis gets everything when it is back', async () => {
    const floor = await open(0.6)
    floor.staff()
    await floor.journal.written()
    await redis.kill()
    floor.put(queued('c1'))
    await until('it is degraded', () => floor.journal.standing === 'degraded')
    await until('the first is offered', () => offered(floor, 'c1'))
    const { offer, agent } = offerOf(floor, 'c1')
    floor.put({ type: 'offer.accepted', offer }, queued('c2'))
    await until('decisions go on', () => offered(floor, 'c2'))
    expect(offerOf(floor, 'c2').agent).not.toBe(agent)
    await redis.restart()
    await until('Redis is back', () => floor.journal.standing === 'writing')
    floor.put({ type: 'contact.ended', contact: 'c1' })
    await floor.journal.written()
    const all = (await journaled()).join('\n')
    for (const part of [`"${offer}"`, '"c2"', 'contact.ended']) expect(all).toContain(part)
    expect(floor.acd.engine.agent(agent)).toMatchObject({ slot: 'wrapping' })
  })

  it('a Redis that comes back empty is given what the writer knows', async () => {
    const floor = await open()
    floor.staff()
    floor.put(queued('c1'))
    await floor.journal.written()
    await send(redis, 'FLUSHALL', [])
    floor.put(queued('c2'))
    await until('it is written', () => offered(floor, 'c2'))
    await floor.journal.written()
    expect((await journaled())[0]).toContain('"c1"')
    expect(floor.journal.standing).toBe('writing')
  })

  it('a standby has everything when the writer ends, and decides as it would have', async () => {
    const writer = await open()
    writer.staff()
    writer.put({ type: 'agent.paused', agent: 'ben', reason: 'lunch' }, queued('c1'))
    const steps: string[] = []
    const taking = open(0, (step) => steps.push(step))
    await until('it stands by', () => steps.length > 0)
    expect(steps[0]).toMatch(/^standby: /)
    writer.put({ type: 'agent.signed-in', agent: 'ben' }, queued('c2'))
    await writer.journal.written()
    await writer.close()
    floors.splice(floors.indexOf(writer), 1)
    const next = await taking
    expect(next.stoodBy).toBe(true)
    expect(next.acd.engine.contacts()).toEqual([])
    expect(next.acd.engine.agent('ana')).toMatchObject({ presence: 'available', slot: 'free' })
    expect(next.acd.engine.agent('ben')).toMatchObject({ presence: 'paused', reason: 'lunch' })
    expect(next.acd.engine.rulesHash()).toBe('rules-1')
  })

  it('a writer that was replaced decides nothing more, performs nothing more, and says so', async () => {
    const writer = await open()
    writer.staff()
    await writer.journal.written()
    const state = await openRedisState({
      url: redis.url,
      domain: 'main',
      clock: new RealClock(),
      logger: silent,
      leaseMs: 500,
    })
    const end = await state.journal.end()
    const later = { epoch: 99, owner: 'another' }
    await state.journal.resume(later, { engine: 'another', position: end, state: {} }, [])
    writer.put(queued('c1'))
    expect(await writer.deposed).toEqual(expect.any(String))
    expect(writer.journal.standing).toBe('deposed')
    expect(offered(writer, 'c1')).toBe(false)
    writer.put(queued('c2'))
    expect(writer.acd.engine.contact('c2')).toBeUndefined()
    await state.close()
  })
})
