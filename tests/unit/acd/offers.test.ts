import { describe, expect, test } from 'vitest'
import { FloorTalk, offerIn, ofType, rules, START } from './floor.ts'

describe('an offer', () => {
  test('is a lease: made, rung, accepted, connected', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    const made = floor.queue('c1', 'billing')
    expect(made).toEqual([
      {
        type: 'offer.made',
        offer: 'c1.1',
        token: 1,
        contact: 'c1',
        agent: 'ana',
        queue: 'billing',
        expiresAt: START + 20_000,
        why: expect.objectContaining({ chosen: 'ana' }),
      },
      { type: 'timer.start', timer: 'lease:c1.1', at: START + 20_000 },
      { type: 'agent.changed', agent: expect.objectContaining({ slot: 'reserved', contact: 'c1' }) },
    ])
    expect(floor.say({ type: 'offer.ringing', offer: 'c1.1' })).toEqual([
      { type: 'agent.changed', agent: expect.objectContaining({ slot: 'offered' }) },
    ])
    expect(floor.say({ type: 'offer.accepted', offer: 'c1.1' })).toEqual([
      { type: 'offer.ended', offer: 'c1.1', contact: 'c1', agent: 'ana', outcome: 'accepted' },
      { type: 'timer.stop', timer: 'lease:c1.1' },
      { type: 'contact.connected', contact: 'c1', agent: 'ana', offer: 'c1.1' },
      { type: 'agent.changed', agent: expect.objectContaining({ slot: 'connected', contact: 'c1' }) },
    ])
    expect(floor.engine.contact('c1')).toMatchObject({ state: 'connected', agent: 'ana', offer: 'c1.1' })
  })

  test('has a token that rises and an id that is not used again', () => {
    const floor = new FloorTalk(rules('billing', { backOffMs: { rejected: 0, noAnswer: 0, busy: 0 } }))
    floor.ready('ana', { billing: 3 })
    const first = offerIn(floor.queue('c1', 'billing'))
    const second = offerIn(floor.say({ type: 'offer.refused', offer: first.offer, cause: 'rejected' }))
    expect([first.offer, second.offer]).toEqual(['c1.1', 'c1.2'])
    expect(second.token).toBeGreaterThan(first.token)
  })

  test.each([
    ['device-failed', { slot: 'free', device: 'failed' }],
    ['rejected', { slot: 'free', device: 'ok', leftAloneUntil: START + 31_000 }],
  ] as const)(
    'accepted, and the talk never came about (%s): the place is kept, without wrap-up',
    (cause, state) => {
      const floor = new FloorTalk(rules('billing'))
      floor.ready('ana', { billing: 3 })
      floor.connect('c1', 'billing')
      floor.now += 1000
      floor.queue('c2', 'billing')
      const effects = floor.say({ type: 'contact.returned', contact: 'c1', cause })
      expect(ofType(effects, 'wrap-up.started')).toEqual([])
      expect(floor.view('ana')).toMatchObject(state)
      expect(floor.line('billing')).toEqual(['c1', 'c2'])
      expect(floor.engine.contact('c1')).toMatchObject({ state: 'waiting', joinedAt: START })
      expect(offerIn(floor.ready('ben', { billing: 3 }))).toMatchObject({ contact: 'c1', agent: 'ben' })
    },
  )

  test('that nobody has accepted cannot come to nothing', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    floor.queue('c1', 'billing')
    expect(floor.say({ type: 'contact.returned', contact: 'c1', cause: 'device-failed' })).toEqual([])
  })

  test('accepted after the caller has gone connects nobody', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    const { offer } = offerIn(floor.queue('c1', 'billing'))
    expect(floor.say({ type: 'contact.left', contact: 'c1', reason: 'abandoned' })).toEqual([
      { type: 'offer.ended', offer, contact: 'c1', agent: 'ana', outcome: 'cancelled-by-caller' },
      { type: 'timer.stop', timer: `lease:${offer}` },
      { type: 'agent.changed', agent: expect.objectContaining({ slot: 'free' }) },
    ])
    expect(floor.say({ type: 'offer.accepted', offer })).toEqual([])
    expect(floor.view('ana')).toMatchObject({ slot: 'free', presence: 'available' })
  })

  test.each([
    { type: 'offer.accepted', offer: 'nothing.1' },
    { type: 'offer.ringing', offer: 'nothing.1' },
    { type: 'offer.refused', offer: 'nothing.1', cause: 'rejected' },
    { type: 'agent.available', agent: 'nobody' },
    { type: 'agent.signed-out', agent: 'nobody' },
    { type: 'device.ok', agent: 'nobody' },
    { type: 'contact.left', contact: 'never-was', reason: 'abandoned' },
    { type: 'contact.ended', contact: 'never-was' },
    { type: 'wrap-up.finished', agent: 'ana', contact: 'never-was' },
    { type: 'timer', timer: 'lease:nothing.1' },
  ] as const)('does not come of an input that fits nothing: $type', (input) => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    expect(floor.say(input)).toEqual([])
  })
})

describe('a refusal', () => {
  test('rejected: left alone for the back-off, asked again after it; the caller keeps the place', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    const { offer } = offerIn(floor.queue('c1', 'billing'))
    floor.pass(5_000)
    floor.queue('c2', 'billing')
    expect(floor.say({ type: 'offer.refused', offer, cause: 'rejected' })).toEqual([
      { type: 'offer.ended', offer, contact: 'c1', agent: 'ana', outcome: 'rejected' },
      { type: 'timer.stop', timer: `lease:${offer}` },
      { type: 'timer.start', timer: `back-off:${offer}`, at: floor.now + 30_000 },
      {
        type: 'agent.changed',
        agent: expect.objectContaining({ slot: 'free', leftAloneUntil: floor.now + 30_000 }),
      },
    ])
    expect(floor.engine.contact('c1')).toMatchObject({ state: 'waiting', joinedAt: START, position: 1 })
    expect(ofType(floor.pass(29_999), 'offer.made')).toEqual([])
    expect(offerIn(floor.pass(1))).toMatchObject({ contact: 'c1', agent: 'ana' })
  })

  test('busy: a short back-off, and not counted as missed', () => {
    const floor = new FloorTalk(rules('billing', { noAnswerLimit: 1 }))
    floor.ready('ana', { billing: 3 })
    const { offer } = offerIn(floor.queue('c1', 'billing'))
    floor.say({ type: 'offer.refused', offer, cause: 'busy' })
    expect(floor.view('ana')).toMatchObject({ presence: 'available', leftAloneUntil: floor.now + 15_000 })
  })

  test('no answer at the limit pauses the agent, who begins afresh when back', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    floor.queue('c1', 'billing')
    const ringOut = (): void => {
      for (const offer of Object.values(floor.offers())) {
        const { offer: id = '' } = floor.engine.contact(offer) ?? {}
        floor.say({ type: 'offer.ringing', offer: id })
      }
      floor.pass(20_000)
    }
    ringOut()
    expect(floor.view('ana')).toMatchObject({ presence: 'available', leftAloneUntil: floor.now + 60_000 })
    floor.pass(60_000)
    ringOut()
    expect(floor.view('ana')).toMatchObject({ presence: 'paused', reason: 'no-answer' })
    expect(floor.engine.contact('c1')).toMatchObject({ state: 'waiting' })
    expect(offerIn(floor.say({ type: 'agent.available', agent: 'ana' }))).toMatchObject({ contact: 'c1' })
    ringOut()
    expect(floor.view('ana')).toMatchObject({ presence: 'available' })
  })

  test('an answered offer ends the row of missed ones', () => {
    const floor = new FloorTalk(rules('billing', { wrapUpMs: 0 }))
    floor.ready('ana', { billing: 3 })
    const miss = (contact: string): void => {
      const { offer } = offerIn(floor.queue(contact, 'billing'))
      floor.say({ type: 'offer.refused', offer, cause: 'no-answer' })
      floor.say({ type: 'contact.left', contact, reason: 'abandoned' })
      floor.pass(60_000)
    }
    miss('c1')
    floor.connect('c2', 'billing')
    floor.say({ type: 'contact.ended', contact: 'c2' })
    miss('c3')
    expect(floor.view('ana')).toMatchObject({ presence: 'available' })
    miss('c4')
    expect(floor.view('ana')).toMatchObject({ presence: 'paused', reason: 'no-answer' })
  })

  test('a lease that runs out before the phone rang is nobody’s fault', () => {
    const floor = new FloorTalk(rules('billing', { noAnswerLimit: 1 }))
    floor.ready('ana', { billing: 3 })
    floor.queue('c1', 'billing')
    const [ended] = ofType(floor.pass(20_000), 'offer.ended')
    expect(ended).toMatchObject({ outcome: 'rescinded' })
    expect(floor.view('ana')).toMatchObject({ presence: 'available', slot: 'reserved' })
  })

  test('a device fault takes the agent out until the device is back, without a missed call', () => {
    const floor = new FloorTalk(rules('billing', { noAnswerLimit: 1 }))
    floor.ready('ana', { billing: 3 })
    const { offer } = offerIn(floor.queue('c1', 'billing'))
    const [ended] = ofType(floor.say({ type: 'offer.refused', offer, cause: 'device-failed' }), 'offer.ended')
    expect(ended).toMatchObject({ outcome: 'device-failed' })
    expect(floor.view('ana')).toMatchObject({ presence: 'available', slot: 'free', device: 'failed' })
    expect(ofType(floor.pass(3_600_000), 'offer.made')).toEqual([])
    expect(offerIn(floor.say({ type: 'device.ok', agent: 'ana' }))).toMatchObject({ contact: 'c1' })
  })

  test('a fault of the machinery between is no agent’s: nothing is missed, and two seconds later they are asked again', () => {
    const floor = new FloorTalk(rules('billing', { noAnswerLimit: 1 }))
    floor.ready('ana', { billing: 3 })
    const { offer } = offerIn(floor.queue('c1', 'billing'))
    const effects = floor.say({ type: 'offer.refused', offer, cause: 'backend-failed' })
    expect(ofType(effects, 'offer.ended')).toMatchObject([{ outcome: 'backend-failed' }])
    expect(ofType(effects, 'offer.made')).toEqual([])
    expect(floor.view('ana')).toMatchObject({
      presence: 'available',
      slot: 'free',
      device: 'ok',
      leftAloneUntil: START + 2_000,
    })
    floor.now += 2_000
    const [again] = ofType(effects, 'timer.start')
    expect(offerIn(floor.say({ type: 'timer', timer: again?.timer ?? '' }))).toMatchObject({ agent: 'ana' })
  })

  test('saying available gives a failed device another try', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    const { offer } = offerIn(floor.queue('c1', 'billing'))
    floor.say({ type: 'offer.refused', offer, cause: 'device-failed' })
    expect(offerIn(floor.say({ type: 'agent.available', agent: 'ana' }))).toMatchObject({ agent: 'ana' })
  })

  test('a phone that unregisters while it rings ends the offer', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    floor.ready('ben', { billing: 1 })
    const { agent } = offerIn(floor.queue('c1', 'billing'))
    const effects = floor.say({ type: 'device.unregistered', agent })
    expect(ofType(effects, 'offer.ended')).toMatchObject([{ agent: 'ana', outcome: 'device-failed' }])
    expect(offerIn(effects)).toMatchObject({ contact: 'c1', agent: 'ben' })
    expect(floor.view('ana')).toMatchObject({ device: 'unregistered', slot: 'free' })
  })

  test('goes to whoever has not refused, before the refuser is asked again', () => {
    const floor = new FloorTalk(rules('billing', { backOffMs: { rejected: 0, noAnswer: 0, busy: 0 } }))
    floor.ready('ana', { billing: 3 })
    floor.ready('ben', { billing: 3 })
    const asked: string[] = []
    let next = offerIn(floor.queue('c1', 'billing'))
    for (let round = 0; round < 4; round++) {
      asked.push(next.agent)
      next = offerIn(floor.say({ type: 'offer.refused', offer: next.offer, cause: 'rejected' }))
    }
    expect(asked).toEqual(['ana', 'ben', 'ana', 'ben'])
  })

  test('a refuser with other work is not given the contact while a peer is left who may take it', () => {
    const floor = new FloorTalk(rules('billing', { backOffMs: { rejected: 0, noAnswer: 0, busy: 0 } }))
    floor.ready('ana', { billing: 3 })
    floor.ready('ben', { billing: 3 })
    floor.pass(1_000)
    floor.connect('c0', 'billing')
    floor.queue('c1', 'billing')
    expect(floor.offers()).toEqual({ ben: 'c1' })
    floor.queue('c2', 'billing')
    floor.say({ type: 'offer.refused', offer: String(floor.engine.contact('c1')?.offer), cause: 'rejected' })
    expect(floor.offers(), 'ben gets what is behind').toEqual({ ben: 'c2' })
    expect(floor.line('billing')).toEqual(['c1', 'c2'])
  })
})
