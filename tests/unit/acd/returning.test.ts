import { describe, expect, test } from 'vitest'
import { FloorTalk, offerIn, ofType, rules, START } from './floor.ts'

describe('a caller who hung up and comes back in time', () => {
  test.each(['abandoned', 'lost'] as const)('has the place that they had (%s)', (reason) => {
    const floor = new FloorTalk(rules('billing', { resumeMs: 60_000 }))
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 5 } })
    floor.queue('c1', 'billing', { customer: 'key' })
    floor.now += 5000
    floor.queue('c2', 'billing')
    floor.say({ type: 'contact.left', contact: 'c1', reason })
    floor.now += 60_000
    const effects = floor.queue('c3', 'billing', { customer: 'key' })
    expect(ofType(effects, 'contact.resumed')).toEqual([
      { type: 'contact.resumed', contact: 'c3', queue: 'billing', joinedAt: START, after: reason },
    ])
    expect(floor.line('billing')).toEqual(['c3', 'c2'])
  })

  test('only once, only in the same queue, only in time, and not when the flow let them go', () => {
    const floor = new FloorTalk(rules('billing', { resumeMs: 60_000 }), rules('sales', { resumeMs: 60_000 }))
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 5, sales: 5 } })
    const resumed = (contact: string, queue = 'billing'): number =>
      ofType(floor.queue(contact, queue, { customer: 'key' }), 'contact.resumed').length
    const leave = (contact: string, reason: 'abandoned' | 'left' = 'abandoned'): void => {
      floor.say({ type: 'contact.left', contact, reason })
    }
    expect(resumed('c1')).toBe(0)
    leave('c1')
    expect(resumed('c2', 'sales')).toBe(0)
    leave('c2', 'left')
    expect(resumed('c3', 'sales')).toBe(0)
    expect(resumed('c4')).toBe(1)
    expect(resumed('c5')).toBe(0)
    leave('c5')
    floor.now += 60_001
    expect(resumed('c6')).toBe(0)
  })
})

describe('the agent of the last talk', () => {
  const lastAgent = { withinMs: 3_600_000, forMs: 20_000, skipWhen: 'none-logged-in' } as const

  function talked(skipWhen: 'none-free' | 'none-logged-in' = lastAgent.skipWhen): FloorTalk {
    const floor = new FloorTalk(
      rules('billing', { lastAgent: { ...lastAgent, skipWhen }, wrapUpMs: 0, steps: [] }),
    )
    floor.ready('ana', { billing: 5 })
    floor.connect('c1', 'billing', { customer: 'key' })
    floor.say({ type: 'contact.ended', contact: 'c1' })
    floor.now += 1000
    floor.ready('ben', { billing: 5 })
    floor.now += 60_000
    return floor
  }

  test('comes first, though others are idle for longer', () => {
    const floor = talked()
    floor.connect('c2', 'billing')
    floor.say({ type: 'contact.ended', contact: 'c2' })
    const offer = offerIn(floor.queue('c3', 'billing', { customer: 'key' }))
    expect(offer).toMatchObject({
      agent: 'ana',
      why: { step: { number: 1, of: 2, who: 'the agent of the last talk' } },
    })
    expect(offer.why.candidates[0]?.because).toBe('the agent of the last talk, and free')
  })

  test('is waited for while they are busy, and then all others are asked', () => {
    const floor = talked()
    expect(floor.connect('c2', 'billing')).toBe('ana')
    expect(ofType(floor.queue('c3', 'billing', { customer: 'key' }), 'offer.made')).toEqual([])
    expect(offerIn(floor.pass(20_000))).toMatchObject({ contact: 'c3', agent: 'ben' })
  })

  test('is not waited for with none-free', () => {
    const floor = talked('none-free')
    expect(floor.connect('c2', 'billing')).toBe('ana')
    expect(offerIn(floor.queue('c3', 'billing', { customer: 'key' }))).toMatchObject({ agent: 'ben' })
  })

  test('is not asked who has signed out, nor after the time', () => {
    const floor = talked()
    floor.say({ type: 'agent.signed-out', agent: 'ana' })
    expect(offerIn(floor.queue('c3', 'billing', { customer: 'key' }))).toMatchObject({ agent: 'ben' })
    floor.say({ type: 'contact.left', contact: 'c3', reason: 'left' })
    floor.now += 3_600_000
    floor.ready('ana', { billing: 5 })
    floor.say({ type: 'agent.paused', agent: 'ben', reason: 'lunch' })
    expect(offerIn(floor.queue('c4', 'billing', { customer: 'key' })).why.step).toMatchObject({ of: 1 })
  })
})
