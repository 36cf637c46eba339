import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answersAfter, refusesAfter, ringsOn } from '../../src/telephony/simulated/behaviours.ts'
import { SimulatedCenter } from '../support/simulated-center.ts'

// Demo center: billing needs billing 1 and the caller's language; alice (billing 8) is the named agent of
// Harbour Dental, bob (billing 5) their peer; carol is support, dave sales.
const harbourDental = '+12025550142'
const junePark = '+12025550117'

let center: SimulatedCenter
beforeEach(async () => {
  center = await SimulatedCenter.open()
}, 60_000)
afterEach(async () => {
  await center.close()
}, 60_000)

async function callBilling(from: string | undefined) {
  const caller = center.call('100', from)
  await center.until('the menu', () => center.app.center.floor.contacts().at(-1)?.node === 'menu')
  caller.press('1')
  return caller
}

describe('one call', () => {
  test('goes through the flow and the queue to the agent, and leaves a complete record', async () => {
    center.available({ bob: answersAfter(2000) })
    const caller = await callBilling(junePark)
    const { pop } = await center.event('offer.made')
    expect(pop).toMatchObject({
      agent: 'bob',
      queue: { id: 'billing' },
      customer: 'june-parker',
      state: 'offered',
    })
    const { contact, offer } = await center.event('contact.connected')
    expect(caller.heard.map((heard) => Object.keys(heard)).flat()).toContain('file')
    center.clock.advance(30_000)
    caller.hangup()
    expect((await center.event('talk.ended')).by).toBe('caller')
    await center.event('wrap-up.started')
    center.app.center.floor.finishWrapUp(contact, 'bob', { disposition: 'resolved', notes: 'all is well' })
    await center.event('contact.ended')

    const interaction = await center.interaction(contact)
    expect(interaction).toMatchObject({
      outcome: 'handled',
      customer: 'june-parker',
      language: 'en',
      disposition: 'resolved',
      notes: 'all is well',
      flow: { name: 'main' },
      from: { number: junePark },
      to: { number: '100' },
      data: { team: 'billing' },
    })
    expect(interaction.path.map(({ node }) => node)).toEqual([
      'welcome',
      'caller',
      'language',
      'hours',
      'menu',
      'billing',
      'identified',
      'queue',
    ])
    expect(interaction.segments.map(({ kind, result }) => [kind, result])).toEqual([
      ['ivr', 'queued'],
      ['ring', 'accepted'],
      ['queue', 'connected'],
      ['talk', 'caller-hung-up'],
      ['wrap-up', 'resolved'],
    ])
    const talk = interaction.segments.find(({ kind }) => kind === 'talk')
    expect(talk).toMatchObject({ agent: 'bob', queue: 'billing' })
    expect((talk?.endedAt ?? 0) - (talk?.startedAt ?? 0)).toBeGreaterThanOrEqual(30_000)
    expect(interaction.segments.find(({ kind }) => kind === 'ring')?.offer).toBe(offer)
    expect(center.app.center.sizes()).toEqual({ legs: 0, contacts: 0, offers: 0, wrapUps: 0 })
  })

  test('a secret digit entry is nowhere in the record', async () => {
    const caller = center.call('100', junePark)
    await center.until('the menu', () => center.app.center.floor.contacts().at(-1)?.node === 'menu')
    caller.press('*7319')
    await center.until('the engineer menu', () => center.app.center.floor.contacts().at(-1)?.node !== 'menu')
    center.clock.advance(3000)
    const [live] = center.app.center.floor.contacts()
    caller.hangup()
    const { interaction } = await center.event('contact.ended')
    expect(interaction.id).toBe(live?.id)
    expect(JSON.stringify(interaction)).not.toContain('7319')
  })
})

describe('the right agent', () => {
  test('the named agent comes first, though a peer has been idle for longer', async () => {
    center.available({ bob: ringsOn })
    center.clock.advance(60_000)
    center.available({ alice: ringsOn })
    await callBilling(harbourDental)
    const { pop } = await center.event('offer.made')
    expect(pop).toMatchObject({ agent: 'alice', namedAgent: 'alice', priority: 1 })
    expect(center.app.center.floor.why(pop.offer)?.step.who).toBe('named agent')
  })

  test('with the named agent busy it is a peer with the same skills, never an idle agent without them', async () => {
    center.available({ alice: answersAfter(100), dave: ringsOn })
    await callBilling(junePark)
    await center.event('contact.connected', ({ agent }) => agent === 'alice')
    await callBilling(harbourDental)
    await center.until('the queue', () =>
      center.app.center.floor.contacts().some(({ state }) => state === 'waiting'),
    )
    center.clock.advance(20_000)
    expect(center.events.some((event) => event.type === 'offer.made')).toBe(false)
    center.available({ bob: ringsOn })
    const { pop } = await center.event('offer.made')
    expect(pop.agent).toBe('bob')
    const why = center.app.center.floor.why(pop.offer)
    expect(why?.step.who).toBe('peers with the required skills')
    expect(why?.candidates).toContainEqual(expect.objectContaining({ agent: 'alice', reason: 'talking' }))
    expect(why?.candidates).toContainEqual(expect.objectContaining({ agent: 'dave', reason: 'lacks-skills' }))
  })
})

describe('four failures', () => {
  test.each([
    ['rejects', refusesAfter(500, 'rejected'), 'rejected'],
    ['is busy', refusesAfter(500, 'busy'), 'busy'],
    ['does not answer', ringsOn, 'no-answer'],
    ['cannot be rung', refusesAfter(500, 'unreachable'), 'device-failed'],
  ])(
    'an agent who %s: the next one is asked, the caller keeps place and waiting time',
    async (_, behaviour, outcome) => {
      center.available({ alice: behaviour })
      await callBilling(harbourDental)
      const first = await center.event('offer.made')
      const joinedAt = center.app.center.acd.engine.contact(first.pop.contact)?.joinedAt
      center.available({ bob: answersAfter(100) })
      expect((await center.event('offer.ended')).outcome).toBe(outcome)
      const second = await center.event('offer.made')
      expect(second.pop).toMatchObject({ agent: 'bob', contact: first.pop.contact })
      expect(center.app.center.acd.engine.contact(first.pop.contact)?.joinedAt).toBe(joinedAt)
      expect(center.app.center.floor.agent('alice')?.device).toBe(
        outcome === 'device-failed' ? 'failed' : 'ok',
      )
      await center.event('contact.connected')
    },
  )

  test('a caller who hangs up while it rings: nobody keeps ringing, nobody is to blame', async () => {
    center.available({ alice: ringsOn })
    const caller = await callBilling(harbourDental)
    await center.event('offer.made')
    await center.until('alice to ring', () => center.app.center.floor.agent('alice')?.slot === 'offered')
    caller.hangup()
    expect((await center.event('offer.ended')).outcome).toBe('cancelled-by-caller')
    expect((await center.event('contact.ended')).interaction.outcome).toBe('abandoned-in-ring')
    expect(center.app.center.floor.agent('alice')).toMatchObject({ presence: 'available', slot: 'free' })
    await center.until('her phone to be quiet', () => center.app.center.sizes()['legs'] === 0)
  })
})

describe('without an agent', () => {
  test('outside the hours a voicemail is kept and listed', async () => {
    const caller = center.call('101', junePark)
    await center.until('the recording', () => center.app.center.floor.contacts()[0]?.node === 'voicemail')
    await center.until('the beep', () => {
      caller.speak(4000)
      center.clock.advance(5000)
      return center.events.some((event) => event.type === 'voicemail.left') || caller.state === 'gone'
    })
    const { interaction } = await center.event('contact.ended')
    expect(interaction.outcome).toBe('voicemail')
  })

  test('a number that is not in the plan is refused', async () => {
    const caller = center.call('999')
    await center.until('the refusal', () => caller.state === 'gone')
    expect(center.app.center.floor.contacts()).toEqual([])
  })

  test('when the server stops, callers who wait are told so and end as drained', async () => {
    const caller = await callBilling(undefined)
    await center.until('an answer', () => caller.state === 'talking')
    const ended = center.event('contact.ended')
    const stopping = center.app.stop()
    const { interaction } = await ended
    expect(interaction.outcome).toBe('drained')
    await center.until('the end', () => caller.state === 'gone')
    await stopping
  })
})
