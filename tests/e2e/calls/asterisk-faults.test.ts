/** What becomes of calls, agents and records when Asterisk, the connection to it, or our own process goes. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import type { PhoneCall } from '../../../src/cli/phone/phone-call.ts'
import { elapsed } from '../../../src/clock/clock.ts'
import { RealClock } from '../../../src/clock/real-clock.ts'
import { ARI_PASSWORD, type ShippedAsterisk, startShippedAsterisk } from '../../support/asterisk-shipped.ts'
import { readSamples, tone, toneShare, writeWav } from '../../support/audio.ts'
import { type AgentAtDesk, CallCenter } from '../../support/call-center.ts'
import { describeWith } from '../../support/describe-with.ts'
import { type QuickCenter, quickCenter } from '../../support/quick-center.ts'
import { Relay } from '../../support/relay.ts'
import type { ServerOptions } from '../../support/server.ts'
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts'
import { until } from '../../support/until.ts'

vi.setConfig({ testTimeout: 120_000 })

const TALKING = '+12025550117'
const WAITING = '+12025550118'
const BILLING = { billing: 5, en: 5 }
/** Longer than a connection takes to come back, and than Asterisk takes to ask a phone whether it is there. */
const PATIENCE_MS = 45_000

describeWith(['asterisk'], 'when Asterisk goes', () => {
  let asterisk: ShippedAsterisk
  let ari: Relay
  let files: QuickCenter
  let data: TempFolder
  let center: CallCenter
  let options: ServerOptions

  beforeAll(async () => {
    asterisk = await startShippedAsterisk()
    ari = await Relay.start(Number(new URL(asterisk.url).port))
    files = await quickCenter()
    data = await tempFolder('data')
    options = {
      center: files.path,
      dataDir: data.path,
      set: {
        'telephony.backend': 'asterisk',
        'asterisk.servers': `http://127.0.0.1:${ari.port}`,
        'asterisk.mediaPort': 0,
        'sip.port': asterisk.sipPort,
      },
      env: { SWITCHROOM_ASTERISK_PASSWORD: ARI_PASSWORD },
    }
    center = await CallCenter.open(options)
  })
  afterAll(async () => {
    await center.close()
    await ari[Symbol.asyncDispose]()
    await asterisk.stop()
    await Promise.all([files.remove(), data.remove()])
  })
  afterEach(() => center.clear())

  /** One caller talks with the agent, another one waits. */
  async function talkAndWait(agent: AgentAtDesk) {
    await agent.available()
    const talking = await billing(TALKING)
    const phone = await agent.answers()
    const { contact: talk } = await agent.events.next('contact.connected')
    const waiting = await billing(WAITING)
    await center.at('queue')
    const wait = (await center.contacts()).find(({ id }) => id !== talk)!.id
    return { talking, phone, waiting, contacts: { talk, wait } }
  }

  async function billing(from: string): Promise<PhoneCall> {
    const call = await center.call(from, '100')
    await center.at('menu')
    await call.press('1')
    return call
  }

  const isReady = (): Promise<true> =>
    until(
      'the server to be ready',
      async () => ((await fetch(`${center.server.http}/readyz`)).ok ? true : undefined),
      PATIENCE_MS,
    )
  const isLost = (): Promise<true> =>
    until(
      'the loss to be noticed',
      async () => ((await fetch(`${center.server.http}/readyz`)).ok ? undefined : true),
      PATIENCE_MS,
    )

  async function hearEachOther(caller: PhoneCall, agent: PhoneCall): Promise<void> {
    for (const [speaker, listener, hz] of [
      [caller, agent, 1000],
      [agent, caller, 600],
    ] as const) {
      const heard = listener.record(center.file('heard'))
      await speaker.play(await writeWav(center.file('tone'), tone(hz, 1000)))
      await heard.stop()
      expect(toneShare((await readSamples(heard.file)).subarray(-4000), hz)).toBeGreaterThan(0.9)
    }
  }

  /** Calls go through as if nothing had been. */
  async function servesAgain(agent: AgentAtDesk, from: string): Promise<void> {
    await agent.available()
    const call = await billing(from)
    const phone = await agent.answers()
    await hearEachOther(call, phone)
    await call.hangUp()
    await phone.ended
  }

  it('a connection lost for 10 s: the talk goes on, who waits is served after it, nobody stays reserved', async () => {
    const agent = await center.newAgent(BILLING)
    const { talking, phone, waiting, contacts } = await talkAndWait(agent)
    await ari.lose()
    await isLost()
    await elapsed(new RealClock(), 10_000)
    await hearEachOther(talking, phone)
    await ari.mend()
    await isReady()
    await talking.hangUp()
    await phone.ended
    expect((await center.interaction(contacts.talk)).outcome).toBe('handled')
    const next = await agent.answers()
    await hearEachOther(waiting, next)
    await waiting.hangUp()
    await next.ended
    expect((await center.interaction(contacts.wait)).outcome).toBe('handled')
    expect(await agent.state()).toMatchObject({ presence: 'available', slot: 'free', device: 'ok' })
  })

  it('a caller who hangs up while the connection is lost is found to be gone', async () => {
    const agent = await center.newAgent(BILLING)
    const { talking, phone, waiting, contacts } = await talkAndWait(agent)
    await ari.lose()
    await isLost()
    await Promise.all([talking.hangUp(), waiting.hangUp()])
    await ari.mend()
    await isReady()
    await phone.ended
    expect((await center.interaction(contacts.talk)).outcome).toBe('handled')
    expect((await center.interaction(contacts.wait)).outcome).toBe('failed')
    expect(await agent.state()).toMatchObject({ presence: 'available', slot: 'free', device: 'ok' })
    expect(await center.contacts()).toEqual([])
  })

  it('Asterisk killed and restarted: every contact has its outcome, agents are free, calls come again', async () => {
    const agent = await center.newAgent(BILLING)
    const { contacts } = await talkAndWait(agent)
    await asterisk.kill()
    await isLost()
    await asterisk.restart()
    await isReady()
    expect((await center.interaction(contacts.talk)).outcome).toBe('handled')
    expect((await center.interaction(contacts.wait)).outcome).toBe('failed')
    expect(await center.contacts()).toEqual([])
    expect(await agent.state()).toMatchObject({ presence: 'available', slot: 'free' })
    // Its registration outlived the restart: nobody has to wait until the phone registers again.
    await until('the phone to be known', async () => (await agent.state()).device === 'ok', PATIENCE_MS)
    await servesAgain(agent, '+12025550119')
  })

  it('kill -9 of ours: what it left at Asterisk is ended at the next start', async () => {
    const agent = await center.newAgent(BILLING)
    const { talking, waiting, contacts } = await talkAndWait(agent)
    await center.server.kill()
    expect(talking.state).toBe('answered')
    const again = await CallCenter.open(options)
    try {
      await Promise.all([talking.ended, waiting.ended])
      expect(await asterisk.cli('core show channels count')).toContain('0 active channels')
      for (const contact of Object.values(contacts))
        expect((await again.interaction(contact)).outcome).toBe('system-failure')
    } finally {
      await center.goHome()
      center = again
    }
  })
})
