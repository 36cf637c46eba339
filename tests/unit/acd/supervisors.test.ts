import { describe, expect, test } from 'vitest'
import { FloorTalk, offerIn, ofType, rules, START } from './floor.ts'

describe('a supervisor moves a contact to another queue', () => {
  test('it keeps the time of joining; whoever was rung is free without blame; who did it is in the explanation', () => {
    const floor = new FloorTalk(rules('billing'), rules('sales'))
    floor.ready('ana', { billing: 5 })
    floor.say({ type: 'agent.known', agent: 'ben', skills: { sales: 5 } })
    const { offer } = offerIn(floor.queue('c1', 'billing'))
    floor.now += 10_000
    floor.queue('c2', 'sales')
    const effects = floor.say({ type: 'supervisor.moved', contact: 'c1', queue: 'sales', by: 'sue' })
    expect(ofType(effects, 'offer.ended')).toMatchObject([{ offer, outcome: 'rescinded' }])
    expect(ofType(effects, 'contact.moved')).toEqual([
      { type: 'contact.moved', contact: 'c1', from: 'billing', to: 'sales', reason: 'supervisor', by: 'sue' },
    ])
    expect(floor.view('ana')).toMatchObject({ slot: 'free', presence: 'available' })
    expect(floor.view('ana').leftAloneUntil).toBeUndefined()
    expect(floor.line('sales')).toEqual(['c1', 'c2'])
    expect(offerIn(floor.ready('ben', { sales: 5 }))).toMatchObject({
      contact: 'c1',
      why: { joinedAt: START, acts: [{ at: START + 10_000, by: 'sue', did: 'moved from billing to sales' }] },
    })
  })
})

describe('a supervisor gives a contact to one agent', () => {
  test('who is free gets it at once, whatever the skills', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 5 } })
    floor.queue('c1', 'billing')
    floor.ready('sue', {})
    const effects = floor.say({ type: 'supervisor.assigned', contact: 'c1', agent: 'sue', by: 'sue' })
    expect(ofType(effects, 'contact.assigned')).toEqual([
      { type: 'contact.assigned', contact: 'c1', agent: 'sue', by: 'sue' },
    ])
    expect(offerIn(effects)).toMatchObject({
      agent: 'sue',
      why: { acts: [{ by: 'sue', did: 'pulled by sue' }], step: { who: 'the agent whom it is pulled by' } },
    })
  })

  test('who is busy gets it next, before those who wait longer, and nobody else gets it meanwhile', () => {
    const floor = new FloorTalk(rules('billing', { wrapUpMs: 0 }))
    floor.ready('ana', { billing: 5 })
    floor.connect('c0', 'billing')
    floor.queue('c1', 'billing')
    floor.now += 1000
    floor.queue('c2', 'billing')
    floor.say({ type: 'supervisor.assigned', contact: 'c2', agent: 'ana', by: 'sue' })
    expect(offerIn(floor.ready('ben', { billing: 5 }))).toMatchObject({ contact: 'c1' })
    expect(ofType(floor.ready('cleo', { billing: 5 }), 'offer.made')).toEqual([])
    expect(offerIn(floor.say({ type: 'contact.ended', contact: 'c0' }))).toMatchObject({
      contact: 'c2',
      agent: 'ana',
    })
  })

  test.each([
    ['refuses', 0, { type: 'offer.refused', offer: 'c1.1', cause: 'rejected' }],
    ['signs out', 0, { type: 'agent.signed-out', agent: 'ana' }],
  ] as const)('who %s it leaves it to the others', (_, ms, input) => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 5 })
    floor.say({ type: 'agent.paused', agent: 'ana', reason: 'lunch' })
    floor.queue('c1', 'billing')
    floor.say({ type: 'supervisor.assigned', contact: 'c1', agent: 'ana', by: 'sue' })
    expect(ofType(floor.ready('ben', { billing: 5 }), 'offer.made')).toEqual([])
    floor.say({ type: 'agent.available', agent: 'ana' })
    floor.pass(ms)
    expect(offerIn(floor.say(input))).toMatchObject({ contact: 'c1', agent: 'ben' })
  })

  test('not to somebody who is signed out; and after ten minutes it waits as before', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 5 } })
    floor.queue('c1', 'billing')
    expect(floor.say({ type: 'supervisor.assigned', contact: 'c1', agent: 'ana', by: 'sue' })).toEqual([])
    floor.say({ type: 'agent.signed-in', agent: 'ana' })
    floor.say({ type: 'supervisor.assigned', contact: 'c1', agent: 'ana', by: 'sue' })
    expect(ofType(floor.ready('ben', { billing: 5 }), 'offer.made')).toEqual([])
    expect(offerIn(floor.pass(600_000))).toMatchObject({ contact: 'c1', agent: 'ben' })
  })
})

test('a supervisor gives a contact another priority and head start', () => {
  const floor = new FloorTalk(rules('billing'))
  floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 5 } })
  for (const contact of ['c1', 'c2', 'c3']) {
    floor.queue(contact, 'billing')
    floor.now += 1000
  }
  const by = 'sue'
  expect(floor.say({ type: 'supervisor.reprioritised', contact: 'c3', priority: 1, by })).toEqual([
    {
      type: 'contact.reprioritised',
      contact: 'c3',
      priority: 1,
      headStartMs: 300_000,
      adjustmentMs: 0,
      by,
    },
  ])
  expect(floor.line('billing')).toEqual(['c3', 'c1', 'c2'])
  floor.say({ type: 'supervisor.reprioritised', contact: 'c1', adjustmentMs: -5000, by })
  expect(floor.line('billing')).toEqual(['c3', 'c2', 'c1'])
  expect(floor.engine.whyWaiting('c1', floor.now)?.acts).toEqual([
    { at: START + 3000, by, did: 'priority 5, -5 s of head start' },
  ])
})

describe('a supervisor forces the state of an agent', () => {
  test('ready: the wrap-up ends at once, and the next contact is offered', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 5 })
    floor.connect('c1', 'billing')
    floor.queue('c2', 'billing')
    floor.say({ type: 'contact.ended', contact: 'c1' })
    const effects = floor.say({ type: 'supervisor.forced', agent: 'ana', to: 'available', by: 'sue' })
    expect(ofType(effects, 'wrap-up.ended')).toMatchObject([{ agent: 'ana', contact: 'c1' }])
    expect(offerIn(effects)).toMatchObject({ contact: 'c2', agent: 'ana' })
  })

  test('ready, who was signed out or paused', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 5 } })
    floor.say({ type: 'supervisor.forced', agent: 'ana', to: 'available', by: 'sue' })
    expect(floor.view('ana').presence).toBe('available')
    floor.say({ type: 'supervisor.forced', agent: 'ana', to: 'paused', reason: 'meeting', by: 'sue' })
    expect(floor.view('ana')).toMatchObject({ presence: 'paused', reason: 'meeting' })
    floor.say({ type: 'supervisor.forced', agent: 'ana', to: 'logged-out', by: 'sue' })
    expect(floor.view('ana').presence).toBe('logged-out')
  })

  test('a pause takes an offer back, and waits for the end of a talk', () => {
    const floor = new FloorTalk(rules('billing', { wrapUpMs: 0 }))
    floor.ready('ana', { billing: 5 })
    floor.queue('c1', 'billing')
    const paused = {
      type: 'supervisor.forced',
      agent: 'ana',
      to: 'paused',
      reason: 'meeting',
      by: 'sue',
    } as const
    expect(ofType(floor.say(paused), 'offer.ended')).toMatchObject([{ outcome: 'rescinded' }])
    expect(floor.view('ana').presence).toBe('paused')
    const { offer } = offerIn(floor.say({ type: 'agent.available', agent: 'ana' }))
    floor.say({ type: 'offer.accepted', offer })
    floor.say(paused)
    expect(floor.view('ana')).toMatchObject({ slot: 'connected', pending: 'meeting' })
    floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(floor.view('ana')).toMatchObject({ presence: 'paused', reason: 'meeting' })
  })
})

describe('after the talk', () => {
  test('a wrap-up is extended as far as the limit goes', () => {
    const floor = new FloorTalk(rules('billing', { wrapUpLimitMs: 45_000 }))
    floor.ready('ana', { billing: 5 })
    floor.connect('c1', 'billing')
    floor.say({ type: 'contact.ended', contact: 'c1' })
    const extend = { type: 'wrap-up.extended', agent: 'ana', contact: 'c1', byMs: 10_000 } as const
    expect(ofType(floor.say(extend), 'wrap-up.extended')).toEqual([
      { type: 'wrap-up.extended', agent: 'ana', contact: 'c1', until: START + 40_000 },
    ])
    expect(ofType(floor.say(extend), 'wrap-up.extended')).toMatchObject([{ until: START + 45_000 }])
    expect(floor.say(extend)).toEqual([])
    expect(ofType(floor.pass(44_999), 'wrap-up.ended')).toEqual([])
    expect(ofType(floor.pass(1), 'wrap-up.ended')).toHaveLength(1)
  })

  test('a wrap-up is not extended where the queue has no limit for it', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 5 })
    floor.connect('c1', 'billing')
    floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(floor.say({ type: 'wrap-up.extended', agent: 'ana', contact: 'c1', byMs: 10_000 })).toEqual([])
  })

  test('the queue gives a pause, after the wrap-up, until the agent is back', () => {
    const floor = new FloorTalk(rules('billing', { pauseAfterCall: 'breather' }))
    floor.ready('ana', { billing: 5 })
    floor.connect('c1', 'billing')
    floor.queue('c2', 'billing')
    floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(floor.view('ana')).toMatchObject({ slot: 'wrapping', pending: 'breather' })
    expect(ofType(floor.pass(30_000), 'offer.made')).toEqual([])
    expect(floor.view('ana')).toMatchObject({ presence: 'paused', reason: 'breather' })
    expect(offerIn(floor.say({ type: 'agent.available', agent: 'ana' }))).toMatchObject({ contact: 'c2' })
  })
})
