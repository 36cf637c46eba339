import { describe, expect, test } from 'vitest'
import { FloorTalk, offerIn, ofType, rules } from './floor.ts'

function known(floor: FloorTalk, agent = 'ana'): FloorTalk {
  floor.say({ type: 'agent.known', agent, skills: { billing: 5, sales: 5 } })
  return floor
}

describe('who is not let in', () => {
  test('nobody while the queue is closed', () => {
    const floor = known(new FloorTalk(rules('billing')))
    floor.say({ type: 'queue.hours', queue: 'billing', open: false, callbacks: false })
    expect(floor.queue('c1', 'billing')).toEqual([
      { type: 'contact.turned-away', contact: 'c1', queue: 'billing', reason: 'closed' },
    ])
    floor.say({ type: 'queue.hours', queue: 'billing', open: true, callbacks: true })
    floor.queue('c1', 'billing')
    expect(floor.line('billing')).toEqual(['c1'])
  })

  test('nobody where nobody is signed in, or nobody is at work', () => {
    const join = { nobodyLoggedIn: true, nobodyAvailable: true }
    const floor = known(new FloorTalk(rules('billing', { join })))
    const reason = (contact: string): string | undefined =>
      ofType(floor.queue(contact, 'billing'), 'contact.turned-away')[0]?.reason
    expect(reason('c1')).toBe('nobody-logged-in')
    floor.say({ type: 'agent.signed-in', agent: 'ana' })
    expect(reason('c2')).toBe('nobody-available')
    floor.ready('ana', { billing: 5 })
    expect(reason('c3')).toBeUndefined()
    expect(reason('c4')).toBeUndefined()
    expect(floor.engine.contact('c4')?.state).toBe('waiting')
  })

  test('the one too many, and who would wait too long; who comes back to a place is let in', () => {
    const join = { maxWaiting: 2, maxEstimateMs: 60_000 }
    const floor = known(new FloorTalk(rules('billing', { join, resumeMs: 60_000 })))
    const reason = (contact: string, more = {}): string | undefined =>
      ofType(floor.queue(contact, 'billing', more), 'contact.turned-away')[0]?.reason
    expect(reason('c1', { estimateMs: 60_001 })).toBe('too-long')
    expect(reason('c1', { estimateMs: 60_000, customer: 'key' })).toBeUndefined()
    expect(reason('c2')).toBeUndefined()
    expect(reason('c3')).toBe('too-many')
    floor.say({ type: 'contact.left', contact: 'c1', reason: 'abandoned' })
    expect(reason('c4')).toBeUndefined()
    expect(reason('c5', { customer: 'key', estimateMs: 90_000 })).toBeUndefined()
    expect(floor.line('billing')).toEqual(['c5', 'c2', 'c4'])
  })

  test('goes to another queue where the rules name one, and is turned away when that will not have it either', () => {
    const floor = known(
      new FloorTalk(
        rules('billing', { join: { maxWaiting: 0, otherwise: 'sales' } }),
        rules('sales', { join: { maxWaiting: 1, otherwise: 'billing' } }),
      ),
    )
    expect(ofType(floor.queue('c1', 'billing'), 'contact.moved')).toEqual([
      { type: 'contact.moved', contact: 'c1', from: 'billing', to: 'sales', reason: 'overflow' },
    ])
    expect(floor.queue('c2', 'billing')).toEqual([
      { type: 'contact.turned-away', contact: 'c2', queue: 'billing', reason: 'too-many' },
    ])
    expect(floor.line('sales')).toEqual(['c1'])
  })
})

describe('who has to leave', () => {
  test('whoever has waited too long; an offer that stands has its end first', () => {
    const floor = known(new FloorTalk(rules('billing', { leave: { maxWaitMs: 60_000 } })))
    floor.queue('c1', 'billing')
    floor.now += 55_000
    const { offer } = offerIn(floor.ready('ana', { billing: 5 }))
    floor.say({ type: 'offer.ringing', offer })
    expect(ofType(floor.pass(10_000), 'contact.turned-away')).toEqual([])
    expect(ofType(floor.pass(10_000), 'contact.turned-away')).toEqual([
      { type: 'contact.turned-away', contact: 'c1', queue: 'billing', reason: 'too-long' },
    ])
    expect(floor.engine.contacts()).toEqual([])
  })

  test('not who is served in time', () => {
    const floor = known(new FloorTalk(rules('billing', { leave: { maxWaitMs: 60_000 } })))
    floor.ready('ana', { billing: 5 })
    floor.connect('c1', 'billing')
    floor.pass(120_000)
    expect(floor.engine.contact('c1')?.state).toBe('connected')
    floor.say({ type: 'contact.ended', contact: 'c1' })
    floor.pass(60_000)
    expect(floor.engine.timers()).toEqual([])
  })

  test('everybody when nobody has been signed in for too long; each waits that time', () => {
    const floor = known(new FloorTalk(rules('billing', { leave: { nobodyLoggedInMs: 30_000 } })))
    floor.say({ type: 'agent.signed-in', agent: 'ana' })
    floor.queue('c1', 'billing')
    floor.pass(60_000)
    expect(floor.line('billing')).toEqual(['c1'])
    floor.say({ type: 'agent.signed-out', agent: 'ana' })
    floor.pass(20_000)
    floor.queue('c2', 'billing')
    expect(ofType(floor.pass(10_000), 'contact.turned-away')).toEqual([
      { type: 'contact.turned-away', contact: 'c1', queue: 'billing', reason: 'nobody-logged-in' },
    ])
    expect(ofType(floor.pass(20_000), 'contact.turned-away')).toMatchObject([{ contact: 'c2' }])
    expect(floor.engine.timers()).toEqual([])
  })

  test('nobody when somebody has signed in again meanwhile', () => {
    const floor = known(new FloorTalk(rules('billing', { leave: { nobodyLoggedInMs: 30_000 } })))
    floor.queue('c1', 'billing')
    floor.pass(29_000)
    floor.say({ type: 'agent.signed-in', agent: 'ana' })
    expect(floor.engine.timers()).toEqual([])
    floor.pass(60_000)
    expect(floor.line('billing')).toEqual(['c1'])
  })
})
