import { describe, expect, test } from 'vitest'
import type { CallbackRules, QueueRules } from '../../../src/acd/contract.ts'
import { Engine } from '../../../src/acd/engine.ts'
import { type EffectOf, FloorTalk, offerIn, ofType, rules, START } from './floor.ts'

const callback: CallbackRules = {
  attempts: 2,
  retryMs: 300_000,
  keepMs: 3_600_000,
  ringMs: 30_000,
  atOnce: 1,
}

function floorWith(changes: Partial<QueueRules> = {}): FloorTalk {
  return new FloorTalk(rules('billing', { callback, ...changes }))
}

/** Three callers wait; the first of them asks to be called back. */
function waiting(mode: 'agent-first' | 'customer-first', floor = floorWith()): FloorTalk {
  floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 5 } })
  for (const contact of ['c1', 'c2', 'c3']) {
    floor.queue(contact, 'billing', { customer: `key-${contact}` })
    floor.now += 1000
  }
  floor.say({ type: 'contact.callback', contact: 'c1', callback: 'cb1', mode })
  return floor
}

function dialIn(effects: readonly { type: string }[]): EffectOf<'callback.dial'> {
  const dial = effects.find((effect): effect is EffectOf<'callback.dial'> => effect.type === 'callback.dial')
  if (!dial) throw new Error(`nobody is called: ${JSON.stringify(effects)}`)
  return dial
}

describe('a contact that turns into a callback', () => {
  test('keeps its place while the caller is gone', () => {
    const floor = waiting('agent-first')
    expect(floor.line('billing')).toEqual(['cb1', 'c2', 'c3'])
    expect(floor.engine.contact('cb1')).toMatchObject({ joinedAt: START, state: 'waiting', position: 1 })
    expect(floor.engine.contact('c1')).toBeUndefined()
  })

  test('says until when it is kept, and expires then', () => {
    const floor = floorWith()
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 5 } })
    floor.queue('c1', 'billing')
    const effects = floor.say({
      type: 'contact.callback',
      contact: 'c1',
      callback: 'cb1',
      mode: 'agent-first',
    })
    expect(ofType(effects, 'callback.kept')).toEqual([
      {
        type: 'callback.kept',
        contact: 'c1',
        callback: 'cb1',
        queue: 'billing',
        mode: 'agent-first',
        until: START + 3_600_000,
      },
    ])
    expect(ofType(floor.pass(3_600_000), 'callback.ended')).toEqual([
      { type: 'callback.ended', contact: 'cb1', outcome: 'expired', attempts: 0 },
    ])
    expect(floor.line('billing')).toEqual([])
    expect(floor.engine.timers()).toEqual([])
  })

  test('whose agent is being rung leaves the agent without blame; the same agent is offered the callback', () => {
    const floor = floorWith()
    floor.ready('ana', { billing: 5 })
    const { offer } = offerIn(floor.queue('c1', 'billing'))
    const effects = floor.say({
      type: 'contact.callback',
      contact: 'c1',
      callback: 'cb1',
      mode: 'agent-first',
    })
    expect(ofType(effects, 'offer.ended')).toMatchObject([{ offer, outcome: 'cancelled-by-caller' }])
    expect(offerIn(effects)).toMatchObject({ contact: 'cb1', agent: 'ana' })
  })

  test('is refused where the queue calls nobody back, and for whoever talks already', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 5 })
    floor.connect('c0', 'billing')
    floor.queue('c1', 'billing')
    expect(
      floor.say({ type: 'contact.callback', contact: 'c1', callback: 'cb1', mode: 'agent-first' }),
    ).toEqual([{ type: 'callback.refused', contact: 'c1', callback: 'cb1' }])
    expect(floor.line('billing')).toEqual(['c1'])
    expect(
      floor.say({ type: 'contact.callback', contact: 'c0', callback: 'cb0', mode: 'agent-first' }),
    ).toEqual([])
  })
})

describe('agent first', () => {
  test('an agent accepts, the customer is called and answers: a talk like any other', () => {
    const floor = waiting('agent-first')
    const { offer } = offerIn(floor.ready('ana', { billing: 5 }))
    expect(offer).toBe('cb1.1')
    const accepted = floor.say({ type: 'offer.accepted', offer })
    expect(dialIn(accepted)).toEqual({
      type: 'callback.dial',
      contact: 'cb1',
      attempt: 1,
      ringMs: 30_000,
      agent: 'ana',
    })
    expect(ofType(floor.say({ type: 'callback.answered', contact: 'cb1' }), 'callback.ended')).toEqual([
      { type: 'callback.ended', contact: 'cb1', outcome: 'answered', attempts: 1 },
    ])
    expect(ofType(floor.say({ type: 'contact.ended', contact: 'cb1' }), 'wrap-up.started')).toMatchObject([
      { agent: 'ana', contact: 'cb1' },
    ])
  })

  test('the customer does not answer: the agent is free at once, and the next call is made later, in the old place', () => {
    const floor = waiting('agent-first')
    floor.say({ type: 'offer.accepted', offer: offerIn(floor.ready('ana', { billing: 5 })).offer })
    const effects = floor.say({ type: 'callback.failed', contact: 'cb1', cause: 'no-answer' })
    expect(ofType(effects, 'callback.retry')).toEqual([
      { type: 'callback.retry', contact: 'cb1', attempt: 1, at: floor.now + 300_000 },
    ])
    expect(ofType(effects, 'wrap-up.started')).toEqual([])
    expect(offerIn(effects)).toMatchObject({ contact: 'c2', agent: 'ana' })
    expect(floor.engine.contact('cb1')).toMatchObject({ state: 'callback', position: 1 })
    const { offer } = offerIn(effects)
    floor.say({ type: 'offer.accepted', offer })
    floor.pass(300_000)
    expect(floor.engine.contact('cb1')).toMatchObject({
      state: 'waiting',
      callback: { stage: 'due', attempts: 1 },
    })
    floor.say({ type: 'contact.ended', contact: 'c2' })
    expect(offerIn(floor.pass(30_000))).toMatchObject({ contact: 'cb1' })
  })

  test('is given up after the last attempt', () => {
    const floor = floorWith({ callback: { ...callback, attempts: 1 } })
    floor.ready('ana', { billing: 5 })
    floor.queue('c1', 'billing')
    const offered = floor.say({
      type: 'contact.callback',
      contact: 'c1',
      callback: 'cb1',
      mode: 'agent-first',
    })
    floor.say({ type: 'offer.accepted', offer: offerIn(offered).offer })
    expect(
      ofType(floor.say({ type: 'callback.failed', contact: 'cb1', cause: 'busy' }), 'callback.ended'),
    ).toEqual([{ type: 'callback.ended', contact: 'cb1', outcome: 'exhausted', attempts: 1 }])
    expect(floor.view('ana').slot).toBe('free')
    expect(floor.engine.timers()).toEqual([])
  })

  test('a call of which nothing more is heard counts as failed: nobody is kept for ever', () => {
    const floor = waiting('agent-first')
    floor.say({ type: 'offer.accepted', offer: offerIn(floor.ready('ana', { billing: 5 })).offer })
    const effects = floor.pass(40_000)
    expect(ofType(effects, 'callback.retry')).toHaveLength(1)
    expect(offerIn(effects)).toMatchObject({ contact: 'c2' })
  })

  test('the agent goes while the customer is being called: another agent is asked, and it was no attempt', () => {
    const floor = waiting('agent-first')
    floor.say({ type: 'offer.accepted', offer: offerIn(floor.ready('ana', { billing: 5 })).offer })
    floor.say({ type: 'contact.returned', contact: 'cb1', cause: 'rejected' })
    expect(floor.engine.contact('cb1')).toMatchObject({ state: 'waiting', callback: { attempts: 0 } })
    expect(offerIn(floor.ready('ben', { billing: 5 }))).toMatchObject({ contact: 'cb1', agent: 'ben' })
  })
})

describe('customer first', () => {
  test('the customer is called when an agent could take it, and nobody waits for them idle', () => {
    const floor = waiting('customer-first')
    const effects = floor.ready('ana', { billing: 5 })
    expect(dialIn(effects)).toEqual({ type: 'callback.dial', contact: 'cb1', attempt: 1, ringMs: 30_000 })
    expect(offerIn(effects)).toMatchObject({ contact: 'c2', agent: 'ana' })
    expect(floor.engine.contact('cb1')).toMatchObject({ state: 'callback', callback: { stage: 'dialling' } })
  })

  test('who answers is first in the queue, also before those with a head start', () => {
    const floor = waiting('customer-first')
    floor.say({ type: 'offer.accepted', offer: offerIn(floor.ready('ana', { billing: 5 })).offer })
    floor.queue('vip', 'billing', { priority: 1 })
    expect(floor.line('billing')).toEqual(['vip', 'cb1', 'c3'])
    expect(ofType(floor.say({ type: 'callback.answered', contact: 'cb1' }), 'callback.ended')).toMatchObject([
      { outcome: 'answered' },
    ])
    expect(floor.line('billing')).toEqual(['cb1', 'vip', 'c3'])
    expect(floor.engine.contact('cb1')?.joinedAt).toBe(START)
    expect(offerIn(floor.ready('ben', { billing: 5 }))).toMatchObject({ contact: 'cb1' })
  })

  test('so many are called at the same time as the rules allow', () => {
    const floor = waiting('customer-first')
    floor.say({ type: 'contact.callback', contact: 'c2', callback: 'cb2', mode: 'customer-first' })
    floor.say({ type: 'contact.callback', contact: 'c3', callback: 'cb3', mode: 'customer-first' })
    expect(ofType(floor.ready('ana', { billing: 5 }), 'callback.dial').map(({ contact }) => contact)).toEqual(
      ['cb1'],
    )
    expect(
      ofType(floor.say({ type: 'callback.failed', contact: 'cb1', cause: 'busy' }), 'callback.dial'),
    ).toMatchObject([{ contact: 'cb2' }])
  })

  test('only within the time window, and the promise is kept until it opens again', () => {
    const floor = waiting('customer-first')
    floor.say({ type: 'queue.hours', queue: 'billing', open: true, callbacks: false })
    expect(ofType(floor.ready('ana', { billing: 5 }), 'callback.dial')).toEqual([])
    expect(floor.engine.contact('cb1')).toMatchObject({ state: 'callback', position: 1 })
    floor.say({ type: 'contact.left', contact: 'c2', reason: 'abandoned' })
    floor.say({ type: 'contact.left', contact: 'c3', reason: 'abandoned' })
    const opened = floor.say({ type: 'queue.hours', queue: 'billing', open: true, callbacks: true })
    expect(dialIn(opened)).toMatchObject({ contact: 'cb1' })
  })
})

describe('the customer calls first', () => {
  test('and has the place of the callback, which is over', () => {
    const floor = waiting('agent-first')
    const effects = floor.queue('c9', 'billing', { customer: 'key-c1' })
    expect(ofType(effects, 'callback.ended')).toEqual([
      { type: 'callback.ended', contact: 'cb1', outcome: 'called-again', attempts: 0 },
    ])
    expect(ofType(effects, 'contact.resumed')).toEqual([
      { type: 'contact.resumed', contact: 'c9', queue: 'billing', joinedAt: START, after: 'callback' },
    ])
    expect(floor.line('billing')).toEqual(['c9', 'c2', 'c3'])
  })
})

test('a restored engine goes on with its callbacks', () => {
  const floor = waiting('agent-first')
  floor.say({ type: 'offer.accepted', offer: offerIn(floor.ready('ana', { billing: 5 })).offer })
  floor.say({ type: 'callback.failed', contact: 'cb1', cause: 'no-answer' })
  const twin = Engine.restore(JSON.parse(JSON.stringify(floor.engine.snapshot())))
  const now = floor.now + 300_000
  const [timer] = floor.engine.timers().filter(({ at }) => at === now)
  if (!timer) throw new Error('nothing is due')
  expect(twin.handle({ type: 'timer', timer: timer.timer }, now)).toEqual(
    floor.engine.handle({ type: 'timer', timer: timer.timer }, now),
  )
  expect(twin.snapshot()).toEqual(floor.engine.snapshot())
})
