/** The server goes, or is full: every contact still ends in exactly one recorded outcome. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import type { Timeline } from '../../../src/api/contract/index.ts'
import { callerIsRefused } from '../../sipp-harness/scenarios.ts'
import { runSipp } from '../../sipp-harness/sipp.ts'
import { readSamples, tone, toneShare, writeWav } from '../../support/audio.ts'
import { describeBackends } from '../../support/backends.ts'
import { type AgentAtDesk, CallCenter } from '../../support/call-center.ts'
import { describeWith } from '../../support/describe-with.ts'
import { quickCenter } from '../../support/quick-center.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { until } from '../../support/until.ts'

/** Several starts of the server, or whole prompts, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000 })

const JUNE_PARKER = '+12025550117'
const TALKING = '+12025550117'
const WAITING = '+12025550118'

/** One caller talks with the agent, another one waits. */
async function talkAndWait(center: CallCenter, agent: AgentAtDesk) {
  await agent.available()
  const talking = await center.call(TALKING, '100')
  const answered = agent.answers()
  await talking.press('1')
  const phone = await answered
  const { contact: talk } = await agent.events.next('contact.connected')
  const waiting = await center.call(WAITING, '100')
  await waiting.press('1')
  const isWaiting = async () => (await center.contacts()).find(({ state }) => state === 'waiting')?.id
  const wait = await until('the second caller to wait', isWaiting)
  return { talking, phone, waiting, contacts: { talk, wait } }
}

/** The records of June Parker's calls of today, from the database. */
async function outcomes(center: CallCenter, contacts: readonly string[]): Promise<(string | undefined)[]> {
  const sam = await center.watcher()
  const { entries } = await sam.ask<Timeline>('GET', 'customers/june-parker/timeline')
  return contacts.map((contact) => {
    const found = entries.filter(({ id }) => id === contact)
    expect(found).toHaveLength(1)
    return found[0]?.outcome
  })
}

describeBackends((backend) => {
  it('SIGTERM: who waits is told and let go as drained, a talk may go on, new calls are refused, then it leaves', async () => {
    await using files = await quickCenter()
    await using data = await tempFolder('data')
    const options = { backend, center: files.path, dataDir: data.path, set: { 'shutdown.drain': 30 } }
    await using center = await CallCenter.open(options)
    const { talking, phone, waiting, contacts } = await talkAndWait(
      center,
      await center.newAgent({ billing: 5, en: 5 }),
    )
    const told = waiting.record(center.file('told'))
    const late = await center.caller(JUNE_PARKER)
    const stopped = center.server.stop()
    expect(await waiting.ended).toMatchObject({ cause: 'normal', by: 'remote' })
    await told.ended
    expect((await files.heard(told.file)).at(-1)).toBe('shutdown')
    expect(await late.call('100').ended).toMatchObject({ by: 'remote', status: 503 })

    expect(talking.state).toBe('answered')
    const heard = phone.record(center.file('heard'))
    await talking.play(await writeWav(center.file('tone'), tone(1000, 1000)))
    await heard.stop()
    expect(toneShare((await readSamples(heard.file)).subarray(-4000), 1000)).toBeGreaterThan(0.9)
    await talking.hangUp()
    expect(await stopped).toEqual({ code: 0, signal: null })

    await using again = await CallCenter.open(options)
    expect(await outcomes(again, [contacts.talk, contacts.wait])).toEqual(['handled', 'drained'])
  })

  it('SIGTERM: a talk that outlasts the time to drain is ended, as handled', async () => {
    await using files = await quickCenter()
    await using data = await tempFolder('data')
    const options = { backend, center: files.path, dataDir: data.path, set: { 'shutdown.drain': 1 } }
    await using center = await CallCenter.open(options)
    const { talking, phone, contacts } = await talkAndWait(
      center,
      await center.newAgent({ billing: 5, en: 5 }),
    )
    const stopped = center.server.stop()
    expect(await talking.ended).toMatchObject({ cause: 'normal', by: 'remote' })
    expect(await phone.ended).toMatchObject({ cause: 'normal', by: 'remote' })
    expect(await stopped).toEqual({ code: 0, signal: null })
    const log = await readFile(join(data.path, 'switchroom.log'), 'utf8')
    expect(log).toMatch(new RegExp(`"contact":"${contacts.talk}","outcome":"handled","msg":"contact ended"`))
    expect(log).toMatch(new RegExp(`"contact":"${contacts.wait}","outcome":"drained","msg":"contact ended"`))
  })

  it('kill -9 with calls up: at the next start, and only then, each is recorded as a failure of the system', async () => {
    await using files = await quickCenter()
    await using data = await tempFolder('data')
    const options = { backend, center: files.path, dataDir: data.path }
    await using center = await CallCenter.open(options)
    const { contacts } = await talkAndWait(center, await center.newAgent({ billing: 5, en: 5 }))
    await center.server.kill()
    const both = [contacts.talk, contacts.wait]
    for (let start = 0; start < 2; start++) {
      await using again = await CallCenter.open(options)
      await Promise.all(both.map((contact) => again.interaction(contact)))
      expect(await outcomes(again, both)).toEqual(['system-failure', 'system-failure'])
      const interaction = await again.interaction(contacts.talk)
      expect(interaction.path.map(({ node }) => node)).toContain('queue')
    }
  })

  describeWith(['sipp'], 'a full server', () => {
    it('beyond limits.calls callers get 503 with Retry-After, and the calls that are up go on', async () => {
      await using files = await quickCenter()
      await using center = await CallCenter.open({
        backend,
        center: files.path,
        set: { 'limits.calls': 2 },
      })
      const agent = await center.newAgent({ billing: 5, en: 5 })
      const { talking, phone, waiting } = await talkAndWait(center, agent)
      const { steps, name } = callerIsRefused(503)
      // Asterisk puts no header of ours into a refusal.
      const refused = steps.map((step) =>
        'receive' in step && step.receive === 503 && backend !== 'asterisk'
          ? { ...step, containing: 'Retry-After: [0-9]' }
          : step,
      )
      const attempts = { target: center.server.sip, user: '100', calls: 5 }
      expect(await runSipp({ name, steps: refused }, attempts)).toMatchObject({ successful: 5, failed: 0 })
      const heard = phone.record(center.file('heard'))
      await talking.play(await writeWav(center.file('tone'), tone(1000, 1000)))
      await heard.stop()
      expect(toneShare((await readSamples(heard.file)).subarray(-4000), 1000)).toBeGreaterThan(0.9)
      expect(waiting.state).toBe('answered')
      await waiting.hangUp()
      const next = (await center.caller(JUNE_PARKER)).call('100')
      await next.answered
      expect(await next.hangUp()).toMatchObject({ cause: 'normal' })
    })
  })
})
