import { describe, expect, test } from 'vitest'
import { device, nextDevice, nextPresence, nextSlot, presence, slot } from '../../../src/acd/agent-tables.ts'
import { FloorTalk, offerIn, ofType, rules } from './floor.ts'

describe('the tables', () => {
  test('lead only to states that they have, and what is not in them cannot happen', () => {
    for (const table of [presence, slot, device]) {
      const states = Object.keys(table)
      for (const row of Object.values(table))
        for (const next of Object.values(row)) expect(states).toContain(next)
    }
    expect(nextPresence('logged-out', 'makeAvailable')).toBeUndefined()
    expect(nextSlot('free', 'connect')).toBeUndefined()
    expect(nextSlot('connected', 'reserve')).toBeUndefined()
    expect(nextSlot('wrapping', 'reserve')).toBeUndefined()
    expect(nextDevice('unregistered', 'retry')).toBeUndefined()
  })
})

describe('presence', () => {
  test('signing in is not being available', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 3 } })
    floor.say({ type: 'device.ok', agent: 'ana' })
    expect(floor.say({ type: 'agent.available', agent: 'ana' }), 'not before signing in').toEqual([])
    floor.say({ type: 'agent.signed-in', agent: 'ana' })
    expect(floor.view('ana')).toMatchObject({ presence: 'paused', reason: 'signed-in' })
    floor.queue('c1', 'billing')
    expect(offerIn(floor.say({ type: 'agent.available', agent: 'ana' }))).toMatchObject({ contact: 'c1' })
  })

  test('what repeats the present state changes nothing', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    floor.pass(1_000)
    expect(floor.say({ type: 'agent.signed-in', agent: 'ana' })).toEqual([])
    expect(floor.say({ type: 'agent.available', agent: 'ana' })).toEqual([])
    expect(floor.say({ type: 'device.ok', agent: 'ana' })).toEqual([])
    expect(floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 3 } })).toEqual([])
  })

  test('a pause during a talk is pending, and in force after the wrap-up', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    floor.connect('c1', 'billing')
    floor.say({ type: 'agent.paused', agent: 'ana', reason: 'lunch' })
    expect(floor.view('ana')).toMatchObject({ presence: 'available', pending: 'lunch', slot: 'connected' })
    floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(floor.view('ana')).toMatchObject({ presence: 'available', pending: 'lunch', slot: 'wrapping' })
    floor.queue('c2', 'billing')
    floor.say({ type: 'wrap-up.finished', agent: 'ana', contact: 'c1' })
    expect(floor.view('ana')).toMatchObject({ presence: 'paused', reason: 'lunch', slot: 'free' })
    expect(floor.view('ana')).not.toHaveProperty('pending')
    expect(floor.engine.contact('c2')).toMatchObject({ state: 'waiting' })
  })

  test('a pending pause can be taken back', () => {
    const floor = new FloorTalk(rules('billing', { wrapUpMs: 0 }))
    floor.ready('ana', { billing: 3 })
    floor.connect('c1', 'billing')
    floor.say({ type: 'agent.paused', agent: 'ana', reason: 'lunch' })
    floor.say({ type: 'agent.available', agent: 'ana' })
    floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(floor.view('ana')).toMatchObject({ presence: 'available', slot: 'free' })
  })

  test('a pause while the phone rings lets the offer stand; after a refusal it is in force', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    const { offer } = offerIn(floor.queue('c1', 'billing'))
    expect(ofType(floor.say({ type: 'agent.paused', agent: 'ana', reason: 'lunch' }), 'offer.ended')).toEqual(
      [],
    )
    floor.say({ type: 'offer.refused', offer, cause: 'no-answer' })
    expect(floor.view('ana')).toMatchObject({ presence: 'paused', reason: 'lunch' })
  })

  test('signing out while the phone rings rescinds the offer, and a peer gets it', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    floor.ready('ben', { billing: 3 })
    floor.queue('c1', 'billing')
    const effects = floor.say({ type: 'agent.signed-out', agent: 'ana' })
    expect(ofType(effects, 'offer.ended')).toMatchObject([{ agent: 'ana', outcome: 'rescinded' }])
    expect(offerIn(effects)).toMatchObject({ contact: 'c1', agent: 'ben' })
    expect(floor.view('ana')).toMatchObject({ presence: 'logged-out', slot: 'free' })
  })

  test('signing out during a talk waits for its end, and then there is no wrap-up', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    floor.connect('c1', 'billing')
    floor.say({ type: 'agent.signed-out', agent: 'ana' })
    expect(floor.view('ana')).toMatchObject({ presence: 'available', pending: 'sign-out', slot: 'connected' })
    expect(ofType(floor.say({ type: 'contact.ended', contact: 'c1' }), 'wrap-up.started')).toEqual([])
    expect(floor.view('ana')).toMatchObject({ presence: 'logged-out', slot: 'free' })
  })

  test('signing in again during the talk takes the sign-out back', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    floor.connect('c1', 'billing')
    floor.say({ type: 'agent.signed-out', agent: 'ana' })
    floor.say({ type: 'agent.signed-in', agent: 'ana' })
    floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(floor.view('ana')).toMatchObject({ presence: 'available', slot: 'wrapping' })
  })

  test('signing out during wrap-up ends it', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    floor.connect('c1', 'billing')
    floor.say({ type: 'contact.ended', contact: 'c1' })
    const effects = floor.say({ type: 'agent.signed-out', agent: 'ana' })
    expect(ofType(effects, 'wrap-up.ended')).toEqual([{ type: 'wrap-up.ended', agent: 'ana', contact: 'c1' }])
    expect(floor.view('ana')).toMatchObject({ presence: 'logged-out', slot: 'free' })
    expect(floor.engine.timers()).toEqual([])
  })

  test('a back-off does not outlive the sign-out', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    const { offer } = offerIn(floor.queue('c1', 'billing'))
    floor.say({ type: 'offer.refused', offer, cause: 'rejected' })
    const effects = floor.say({ type: 'agent.signed-out', agent: 'ana' })
    expect(ofType(effects, 'timer.stop')).toEqual([{ type: 'timer.stop', timer: `back-off:${offer}` }])
    floor.say({ type: 'agent.signed-in', agent: 'ana' })
    expect(offerIn(floor.say({ type: 'agent.available', agent: 'ana' }))).toMatchObject({ contact: 'c1' })
  })

  test('somebody who is no longer an agent finishes the talk, gets nothing new, and is gone', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    floor.ready('ben', { billing: 3 })
    floor.pass(1_000)
    expect(floor.connect('c1', 'billing')).toBe('ana')
    floor.say({ type: 'agent.forgotten', agent: 'ana' })
    expect(floor.view('ana')).toMatchObject({ slot: 'connected', pending: 'sign-out' })
    floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(floor.engine.agent('ana')).toBeUndefined()
    expect(floor.engine.agents().map((agent) => agent.agent)).toEqual(['ben'])
  })
})

describe('wrap-up', () => {
  test('belongs to agent and contact, and ends at its limit', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    floor.connect('c1', 'billing')
    const effects = floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(ofType(effects, 'wrap-up.started')).toEqual([
      { type: 'wrap-up.started', agent: 'ana', contact: 'c1', until: floor.now + 30_000 },
    ])
    floor.queue('c2', 'billing')
    expect(floor.say({ type: 'wrap-up.finished', agent: 'ana', contact: 'c2' }), 'not that one').toEqual([])
    const ended = floor.pass(30_000)
    expect(ofType(ended, 'wrap-up.ended')).toEqual([{ type: 'wrap-up.ended', agent: 'ana', contact: 'c1' }])
    expect(offerIn(ended)).toMatchObject({ contact: 'c2', agent: 'ana' })
  })

  test('one agent wraps up while the next already talks with the same contact', () => {
    const floor = new FloorTalk(rules('billing'), rules('support'))
    floor.ready('ana', { billing: 3 })
    floor.ready('ben', { support: 3 })
    floor.connect('c1', 'billing')
    floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(floor.connect('c1', 'support')).toBe('ben')
    expect(floor.view('ana')).toMatchObject({ slot: 'wrapping', contact: 'c1' })
    expect(floor.view('ben')).toMatchObject({ slot: 'connected', contact: 'c1' })
    floor.say({ type: 'wrap-up.finished', agent: 'ana', contact: 'c1' })
    expect(floor.view('ana')).toMatchObject({ slot: 'free' })
    expect(floor.view('ben')).toMatchObject({ slot: 'connected' })
  })

  test('a queue without it frees the agent at once', () => {
    const floor = new FloorTalk(rules('billing', { wrapUpMs: 0 }))
    floor.ready('ana', { billing: 3 })
    floor.connect('c1', 'billing')
    expect(floor.say({ type: 'contact.left', contact: 'c1', reason: 'abandoned' })).toEqual([
      { type: 'agent.changed', agent: expect.objectContaining({ slot: 'free', presence: 'available' }) },
    ])
  })
})

describe('longest idle', () => {
  test('the agent who has been idle longest is first', () => {
    const floor = new FloorTalk(rules('billing', { wrapUpMs: 0 }))
    floor.ready('ana', { billing: 1 })
    floor.pass(1_000)
    floor.ready('ben', { billing: 9 })
    floor.pass(1_000)
    expect(floor.connect('c1', 'billing')).toBe('ana')
    floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(floor.connect('c2', 'billing')).toBe('ben')
  })

  test('a break is not idleness, and does not cost what was idled before it', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 1 })
    floor.pass(60_000)
    floor.ready('ben', { billing: 1 })
    floor.say({ type: 'agent.paused', agent: 'ana', reason: 'lunch' })
    floor.pass(30_000)
    floor.say({ type: 'agent.available', agent: 'ana' })
    expect(floor.view('ana').idleSince).toBe(floor.now - 60_000)
    expect(floor.view('ben').idleSince).toBe(floor.now - 30_000)
    floor.say({ type: 'agent.paused', agent: 'ana', reason: 'lunch' })
    floor.pass(45_000)
    floor.say({ type: 'agent.available', agent: 'ana' })
    expect(offerIn(floor.queue('c1', 'billing')), 'ben has idled longer by now').toMatchObject({
      agent: 'ben',
    })
  })

  test('a call that the caller took back costs no idle time', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 1 })
    floor.pass(10_000)
    floor.ready('ben', { billing: 1 })
    floor.queue('c1', 'billing')
    floor.say({ type: 'contact.left', contact: 'c1', reason: 'abandoned' })
    expect(offerIn(floor.queue('c2', 'billing'))).toMatchObject({ agent: 'ana' })
  })
})
