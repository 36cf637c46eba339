/** kill -9 of the real server in the middle of calls: what the next one finds of those who work there. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Me } from '../../src/api/contract/index.ts'
import { type AgentAtDesk, CallCenter } from '../support/call-center.ts'
import { copyTestDatabase } from '../support/database.ts'
import { describeWith } from '../support/describe-with.ts'
import { quickCenter } from '../support/quick-center.ts'
import { startRedis } from '../support/redis.ts'
import { send } from '../support/redis-groups.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'

const CALLER = '+12025550142'

/** Everything that is kept of routing in a data folder, but for what is packed. */
async function kept(data: string): Promise<string> {
  const folder = join(data, 'routing', 'main')
  const files = await readdir(folder)
  return (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('\n')
}

/** The named agent of this caller is rung. */
async function callIn(center: CallCenter): Promise<void> {
  const call = await center.call(CALLER, '100')
  await call.press('1')
}

type Point = (center: CallCenter, alice: AgentAtDesk) => Promise<void>

const points: Readonly<Record<string, Point>> = {
  'nobody calls': async () => undefined,
  'a phone rings': async (center, alice) => {
    await callIn(center)
    await alice.rings()
  },
  'two talk': async (center, alice) => {
    await callIn(center)
    await alice.answers()
    await alice.events.next('contact.connected')
  },
}

it('nobody is reserved, rung or in a talk that is gone; who paused pauses with the same reason; no number and no name is kept', async () => {
  await using files = await quickCenter()
  await using data = await tempFolder('data')
  await copyTestDatabase(join(data.path, 'database'))
  const open = (): Promise<CallCenter> => CallCenter.open({ center: files.path, dataDir: data.path })
  for (const [name, reach] of Object.entries(points)) {
    await using center = await open()
    const [alice, bob] = [await center.agent('alice'), await center.agent('bob')]
    await alice.available()
    await bob.available()
    await bob.desk.ask('POST', 'agents/me/pause', { reason: 'lunch' })
    await reach(center, alice)
    await center.server.kill()
    const text = await kept(data.path)
    expect(text, name).toContain('"alice"')
    for (const secret of ['2025550142', '555014', 'Alice', 'Harbour', 'sip:'])
      expect(text, name).not.toContain(secret)
    await using again = await open()
    const state = async (person: string): Promise<Me['agent']> =>
      (await (await again.person(person)).ask<Me>('GET', 'agents/me')).agent
    expect(await state('alice'), name).toMatchObject({ presence: 'available', slot: 'free' })
    expect(await state('bob'), name).toMatchObject({ presence: 'paused', reason: 'lunch' })
    const back = await again.agent('alice')
    await callIn(again)
    await back.answers()
    await again.server.kill()
  }
})

describeWith(['redis'], 'two servers on one Redis', () => {
  it('the second stands by, and takes over when the first is killed: who was at work is', async () => {
    await using redis = await startRedis()
    await using files = await quickCenter()
    const set = { 'state.redisUrl': redis.url, 'state.lease': 1 }
    await using center = await CallCenter.open({ center: files.path, set })
    const alice = await center.agent('alice')
    await alice.available()
    await callIn(center)
    await alice.answers()
    const standby = CallCenter.open({ center: files.path, set })
    let isReady = false
    void standby.then(() => {
      isReady = true
    })
    // Only who stands by follows the journal.
    const follows = async (): Promise<boolean> =>
      String(await send(redis, 'CLIENT', ['LIST'])).includes('name=switchroom-journal')
    await until('it stands by', follows, 60_000)
    expect(isReady).toBe(false)
    await center.server.kill()
    const killedAt = performance.now()
    await using next = await standby
    expect(performance.now() - killedAt).toBeLessThan(15_000)
    const { agent } = await (await next.person('alice')).ask<Me>('GET', 'agents/me')
    expect(agent).toMatchObject({ presence: 'available', slot: 'free' })
    const back = await next.agent('alice')
    await callIn(next)
    await back.answers()
    await until('it routes', async () => (await fetch(`${next.server.http}/readyz`)).ok)
  })
})
