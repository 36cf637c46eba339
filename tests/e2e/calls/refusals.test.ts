/** An agent's phone is rung in vain: each way it can happen has its outcome, and the caller loses nothing by it. */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Interaction } from '../../../src/api/contract/index.ts'
import type { PhoneCall } from '../../../src/cli/phone/phone-call.ts'
import { describeBackends } from '../../support/backends.ts'
import { type AgentAtDesk, CallCenter, type EventStream, PASSWORD } from '../../support/call-center.ts'
import { start } from '../../support/process.ts'
import { type QuickCenter, quickCenter } from '../../support/quick-center.ts'
import { root } from '../../support/server.ts'
import { until } from '../../support/until.ts'

/** June Parker's two numbers: known to us, so that both go to the queue without further questions. */
const FIRST = '+12025550117'
const SECOND = '+12025550118'
const BILLING = { billing: 5, en: 5 }

describeBackends((backend) => {
  let files: QuickCenter
  let center: CallCenter
  beforeAll(async () => {
    files = await quickCenter()
    center = await CallCenter.open({ backend, center: files.path })
  })
  afterAll(async () => {
    await center.close()
    await files.remove()
  })
  afterEach(() => center.clear())

  async function callBilling(from: string): Promise<PhoneCall> {
    const call = await center.call(from, '100')
    await call.press('1')
    await until('the caller to be in the queue', async () => (await place(from)) !== undefined)
    return call
  }

  /** The contact of the caller, once in the queue. */
  async function place(from: string) {
    return (await center.contacts()).find(
      (contact) => contact.from.number === from && contact.queue !== undefined,
    )
  }

  /** The first caller's phone call is offered to this agent while a second caller waits behind. */
  async function offeredTo(agent: {
    readonly events: EventStream
  }): Promise<{ call: PhoneCall; contact: string; offer: string }> {
    const call = await callBilling(FIRST)
    const { pop } = await agent.events.next('offer.made')
    expect((await place(FIRST))?.state).toBe('offered')
    await callBilling(SECOND)
    return { call, contact: pop.contact, offer: pop.offer }
  }

  /** The first caller is still before the second, and goes to the next agent with the whole waiting time. */
  async function goesToTheNext(contact: string, call: PhoneCall): Promise<Interaction> {
    await until('the caller to wait again', async () => (await place(FIRST))?.state === 'waiting')
    expect([(await place(FIRST))?.position, (await place(SECOND))?.position]).toEqual([1, 2])
    const next = await center.newAgent(BILLING)
    await next.available()
    const phone = await next.answers()
    const { pop } = await next.events.next('offer.made')
    expect(pop.contact).toBe(contact)
    await next.events.next('contact.connected')
    await call.hangUp()
    await phone.ended
    const interaction = await center.interaction(contact)
    const queued = interaction.segments.filter(({ kind }) => kind === 'queue')
    expect(queued).toHaveLength(1)
    expect(Math.abs(pop.offeredAt - pop.waitedMs - queued[0]!.startedAt)).toBeLessThan(100)
    expect(interaction.outcome).toBe('handled')
    return interaction
  }

  const rings = ({ segments }: Interaction): string[] =>
    segments.filter(({ kind }) => kind === 'ring').map(({ result }) => result)

  async function newAgentAvailable(): Promise<AgentAtDesk> {
    const agent = await center.newAgent(BILLING)
    await agent.available()
    return agent
  }

  describe('the caller keeps place and waiting time when the agent', () => {
    it('rejects: the agent is left alone for a while, and is not to blame', async () => {
      const agent = await newAgentAvailable()
      const ringing = agent.rings()
      const { call, contact, offer } = await offeredTo(agent)
      const phone = await ringing
      expect(await phone.reject('rejected')).toMatchObject({ cause: 'rejected', by: 'local' })
      expect(await agent.events.next('offer.ended')).toMatchObject({ offer, contact, outcome: 'rejected' })
      const interaction = await goesToTheNext(contact, call)
      expect(rings(interaction)).toEqual(['rejected', 'accepted'])
      const state = await agent.state()
      expect(state).toMatchObject({ presence: 'available', slot: 'free', device: 'ok' })
      expect(state.leftAloneUntil).toBeGreaterThan(Date.now())
    })

    it('does not answer: the phone stops ringing, the agent is paused with that reason', async () => {
      const agent = await newAgentAvailable()
      const ringing = agent.rings()
      const { call, contact, offer } = await offeredTo(agent)
      const phone = await ringing
      expect(await phone.ended).toMatchObject({ cause: 'cancelled', by: 'remote' })
      expect(await agent.events.next('offer.ended')).toMatchObject({ offer, contact, outcome: 'no-answer' })
      const interaction = await goesToTheNext(contact, call)
      expect(rings(interaction)).toEqual(['no-answer', 'accepted'])
      expect(await agent.state()).toMatchObject({ presence: 'paused', reason: 'no-answer', device: 'ok' })
    })

    it('has a phone that vanished: a fault of the device, not of the agent', async () => {
      const name = await center.newPerson(BILLING)
      const { server } = center
      const flags = [
        '--available',
        '--ring-only',
        '--password',
        PASSWORD,
        '--api',
        server.http,
        '--server',
        server.sip,
      ]
      const process_ = start(process.execPath, [
        join(root, 'src/cli/switchroom.ts'),
        'phone',
        'agent',
        name,
        ...flags,
      ])
      await process_.line(/now available$/)
      await process_.kill()
      const agent = await center.agent(name, { phone: false })
      expect(await agent.state()).toMatchObject({ presence: 'available', device: 'ok' })
      const { call, contact, offer } = await offeredTo(agent)
      expect(await agent.events.next('offer.ended')).toMatchObject({
        offer,
        contact,
        outcome: 'device-failed',
      })
      const interaction = await goesToTheNext(contact, call)
      expect(rings(interaction)).toEqual(['device-failed', 'accepted'])
      expect(await agent.state()).toMatchObject({ presence: 'available', slot: 'free', device: 'failed' })
      await agent.phone.start()
      await until('the phone to be fine again', async () => (await agent.state()).device === 'ok')
    })
  })

  it('an agent without a registered phone is offered nothing until it is there', async () => {
    const agent = await center.agent(await center.newPerson(BILLING), { phone: false })
    await agent.available()
    expect(await agent.state()).toMatchObject({ presence: 'available', device: 'unregistered' })
    const call = await callBilling(FIRST)
    expect((await place(FIRST))?.state).toBe('waiting')
    expect(agent.events.all.filter(({ type }) => type === 'offer.made')).toEqual([])
    const answered = agent.answers()
    await agent.phone.start()
    const phone = await answered
    await call.hangUp()
    await phone.ended
  })

  it('a caller who hangs up while it rings: nobody keeps ringing, nobody is to blame', async () => {
    const agent = await newAgentAvailable()
    const ringing = agent.rings()
    const call = await callBilling(FIRST)
    const phone = await ringing
    await call.hangUp()
    expect(await phone.ended).toMatchObject({ cause: 'cancelled', by: 'remote' })
    const { contact, outcome } = await agent.events.next('offer.ended')
    expect(outcome).toBe('cancelled-by-caller')
    const interaction = await center.interaction(contact)
    expect(interaction.outcome).toBe('abandoned-in-ring')
    expect(rings(interaction)).toEqual(['cancelled-by-caller'])
    const state = await agent.state()
    expect(state).toMatchObject({ presence: 'available', slot: 'free', device: 'ok' })
    expect(state).not.toHaveProperty('leftAloneUntil')
  })

  describe('at the same moment', () => {
    it('the agent answers and the caller hangs up: both phones fall silent, one outcome, nobody is to blame', async () => {
      const agent = await newAgentAvailable()
      for (let round = 0; round < 8; round++) {
        const ringing = agent.rings()
        const call = await callBilling(FIRST)
        const phone = await ringing
        const contact = phone.headers['x-switchroom-contact'] ?? ''
        const acts = [() => phone.answer().catch(() => undefined), () => call.hangUp()]
        if (round % 2 === 1) acts.reverse()
        await Promise.all(acts.map((act) => act()))
        expect((await phone.ended).by).toBe('remote')
        const interaction = await center.interaction(contact)
        expect(['handled', 'abandoned-in-ring']).toContain(interaction.outcome)
        // Answered and never heard: the caller was gone before the two could be joined.
        const results = interaction.outcome === 'handled' ? ['accepted'] : ['accepted', 'cancelled-by-caller']
        const [result, ...more] = rings(interaction)
        expect(results).toContain(result)
        expect(more).toEqual([])
        await until('the agent to be free', async () => (await agent.state()).slot === 'free')
        const state = await agent.state()
        expect(state).toMatchObject({ presence: 'available', device: 'ok' })
        expect(state).not.toHaveProperty('leftAloneUntil')
      }
    })

    it('the agent answers and hangs up: the phone is not to blame, and the next one is asked', async () => {
      const agents = [await newAgentAvailable(), await newAgentAvailable(), await newAgentAvailable()]
      for (const { phone } of agents) {
        phone.listen((ringing) => void ringing.answer().then(() => ringing.hangUp()))
      }
      const call = await callBilling(FIRST)
      await Promise.race(agents.map(({ events }) => events.next('talk.ended')))
      await call.hangUp()
      for (const agent of agents)
        expect(await agent.state()).toMatchObject({ presence: 'available', device: 'ok' })
    })

    it('two phones of one agent answer: one has the caller, the other is let go', async () => {
      const agent = await newAgentAvailable()
      const twin = await center.phoneOf(agent.name)
      const both = Promise.all([agent.rings(), twin.incoming()])
      const call = await callBilling(FIRST)
      const phones = await both
      await Promise.all(phones.map((phone) => phone.answer().catch(() => undefined)))
      const { contact } = await agent.events.next('contact.connected')
      await Promise.race(phones.map((phone) => phone.ended))
      await until('one talk', () => phones.filter(({ state }) => state === 'answered').length === 1)
      const [talking] = phones.filter(({ state }) => state === 'answered')
      await call.hangUp()
      expect(await talking!.ended).toMatchObject({ by: 'remote' })
      expect((await center.interaction(contact)).outcome).toBe('handled')
    })
  })
})
