import { describe, expect, test } from 'vitest'
import type { QueueRules, StrategyName } from '../../../src/acd/contract.ts'
import { FloorTalk, offerIn, ofType, rules } from './floor.ts'

function floorOf(strategy: StrategyName, changes: Partial<QueueRules> = {}): FloorTalk {
  return new FloorTalk(rules('billing', { strategy, wrapUpMs: 0, steps: [], ...changes }))
}

function chosenFor(floor: FloorTalk, contact = 'c1'): { agent: string; because: string | undefined } {
  const { agent, why } = offerIn(floor.queue(contact, 'billing'))
  return { agent, because: why.candidates[0]?.because }
}

describe('most skilled', () => {
  test('goes by the levels of what is asked for, not of anything else; of equals by idleness', () => {
    const floor = floorOf('most-skilled')
    floor.ready('novice', { billing: 2, sales: 10 })
    floor.pass(1_000)
    floor.ready('expert', { billing: 8 })
    floor.pass(1_000)
    floor.ready('peer', { billing: 8 })
    expect(chosenFor(floor)).toEqual({
      agent: 'expert',
      because: 'levels add up to 8, nobody free has more; idle 1 s, the longest of those who are free',
    })
    expect(chosenFor(floor, 'c2').agent).toBe('peer')
    expect(chosenFor(floor, 'c3').agent).toBe('novice')
  })
})

describe('least skilled', () => {
  test('keeps experts free, and of equals whoever can do more besides', () => {
    const floor = floorOf('least-skilled')
    floor.ready('expert', { billing: 8 })
    floor.ready('versatile', { billing: 2, sales: 5, es: 5 })
    floor.pass(1_000)
    floor.ready('novice', { billing: 2 })
    const asked = ['c1', 'c2', 'c3'].map((contact) => chosenFor(floor, contact).agent)
    expect(asked).toEqual(['novice', 'versatile', 'expert'])
  })
})

describe('fewest contacts', () => {
  test('counts contacts since signing in', () => {
    const floor = floorOf('fewest-contacts')
    floor.ready('ana', { billing: 1 })
    floor.ready('ben', { billing: 1 })
    floor.connect('c1', 'billing')
    floor.connect('c2', 'billing')
    floor.say({ type: 'contact.ended', contact: 'c2' })
    expect(floor.connect('c3', 'billing')).toBe('ben')
    floor.say({ type: 'contact.ended', contact: 'c3' })
    floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(chosenFor(floor, 'c4'), 'idle for less long, but with one contact only').toMatchObject({
      agent: 'ana',
    })
    floor.say({ type: 'agent.signed-out', agent: 'ben' })
    floor.say({ type: 'agent.signed-in', agent: 'ben' })
    floor.say({ type: 'agent.available', agent: 'ben' })
    expect(chosenFor(floor, 'c5').agent).toBe('ben')
  })
})

describe('round robin', () => {
  test('gives everybody their turn, whether they took the last one or not', () => {
    const floor = floorOf('round-robin', { backOffMs: { rejected: 0, noAnswer: 0, busy: 0 } })
    for (const agent of ['ana', 'ben', 'cleo']) floor.ready(agent, { billing: 1 })
    const asked = ['c1', 'c2', 'c3', 'c4'].map((contact) => {
      const { agent, offer } = offerIn(floor.queue(contact, 'billing'))
      floor.say({ type: 'offer.accepted', offer })
      floor.say({ type: 'contact.ended', contact })
      return agent
    })
    expect(asked).toEqual(['ana', 'ben', 'cleo', 'ana'])
  })
})

describe('ring all', () => {
  test('rings everybody free; the first to accept has it, the others lose nothing by it', () => {
    const floor = floorOf('ring-all')
    for (const agent of ['ana', 'ben', 'cleo']) {
      floor.ready(agent, { billing: 1 })
      floor.pass(1_000)
    }
    const offers = ofType(floor.queue('c1', 'billing'), 'offer.made')
    expect(offers.map(({ agent }) => agent)).toEqual(['ana', 'ben', 'cleo'])
    expect(new Set(offers.map(({ offer }) => offer)).size).toBe(3)
    expect(floor.engine.contact('c1')?.ringing).toHaveLength(3)
    const [first, second, third] = offers
    floor.pass(2_000)
    const effects = floor.say({ type: 'offer.accepted', offer: second?.offer ?? '' })
    expect(ofType(effects, 'offer.ended').map(({ agent, outcome }) => [agent, outcome])).toEqual([
      ['ben', 'accepted'],
      ['ana', 'rescinded'],
      ['cleo', 'rescinded'],
    ])
    expect(ofType(effects, 'contact.connected')).toMatchObject([{ contact: 'c1', agent: 'ben' }])
    expect(floor.view('ana')).toMatchObject({ slot: 'free', idleSince: floor.now - 3_000 })
    expect(floor.say({ type: 'offer.accepted', offer: first?.offer ?? '' }), 'too late').toEqual([])
    expect(floor.say({ type: 'offer.refused', offer: third?.offer ?? '', cause: 'busy' })).toEqual([])
    expect(floor.engine.timers()).toEqual([])
  })

  test('rings on when one refuses, and waits again when all have', () => {
    const floor = floorOf('ring-all')
    for (const agent of ['ana', 'ben']) floor.ready(agent, { billing: 1 })
    const [ana, ben] = ofType(floor.queue('c1', 'billing'), 'offer.made')
    floor.say({ type: 'offer.refused', offer: ana?.offer ?? '', cause: 'rejected' })
    expect(floor.engine.contact('c1')).toMatchObject({ state: 'offered', agent: 'ben' })
    floor.say({ type: 'offer.refused', offer: ben?.offer ?? '', cause: 'rejected' })
    expect(floor.engine.contact('c1')).toMatchObject({ state: 'waiting', position: 1 })
    expect(ofType(floor.pass(30_000), 'offer.made').length).toBeGreaterThan(0)
  })

  test('rings no more than the queue allows at once, and all offers end when the caller goes', () => {
    const floor = floorOf('ring-all', { ringAtOnce: 2 })
    for (const agent of ['ana', 'ben', 'cleo']) floor.ready(agent, { billing: 1 })
    expect(ofType(floor.queue('c1', 'billing'), 'offer.made').map(({ agent }) => agent)).toEqual([
      'ana',
      'ben',
    ])
    const effects = floor.say({ type: 'contact.left', contact: 'c1', reason: 'abandoned' })
    expect(ofType(effects, 'offer.ended').map(({ outcome }) => outcome)).toEqual([
      'cancelled-by-caller',
      'cancelled-by-caller',
    ])
    expect(floor.engine.contacts()).toEqual([])
  })
})

describe('preference', () => {
  const byLevel = [
    { who: { skill: 'billing', atLeast: 5 }, preference: 1, delayMs: 0 },
    { who: { skill: 'billing', atLeast: 1 }, preference: 2, delayMs: 0 },
  ]

  test('of the agents comes before the strategy', () => {
    const floor = floorOf('longest-idle', { members: byLevel })
    floor.ready('backup', { billing: 1 })
    floor.pass(60_000)
    floor.ready('expert', { billing: 5 })
    const { agent, why } = offerIn(floor.queue('c1', 'billing'))
    expect(agent).toBe('expert')
    expect(why.candidates[0]).toMatchObject({ score: { preference: 1, idleMs: 0 } })
    expect(why.candidates[1]).toMatchObject({
      agent: 'backup',
      because: 'free, but of preference 2; expert is of preference 1',
      score: { preference: 2, idleMs: 60_000 },
    })
  })

  test('of the queues comes before the place, and the strict class before both', () => {
    const floor = new FloorTalk(
      rules('billing', { members: byLevel }),
      rules('sales'),
      rules('urgent', { strictClass: 1, members: [{ who: { all: [] }, preference: 9, delayMs: 0 }] }),
    )
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 1, sales: 1 } })
    floor.queue('b1', 'billing')
    floor.pass(10_000)
    floor.queue('s1', 'sales')
    floor.pass(10_000)
    floor.queue('u1', 'urgent')
    const served = [offerIn(floor.ready('ana', { billing: 1, sales: 1 })).contact]
    for (const next of ['s1', 'b1']) {
      const last = served.at(-1) ?? ''
      const { offer = '' } = floor.engine.contact(last) ?? {}
      floor.say({ type: 'offer.accepted', offer })
      floor.say({ type: 'contact.ended', contact: last })
      const { contact } = offerIn(floor.say({ type: 'wrap-up.finished', agent: 'ana', contact: last }))
      expect(contact).toBe(next)
      served.push(contact)
    }
    expect(served).toEqual(['u1', 's1', 'b1'])
  })

  test('with a delay: they see the contact only when it has waited so long', () => {
    const [experts, others] = byLevel
    const floor = floorOf('longest-idle', {
      members: [...(experts ? [experts] : []), ...(others ? [{ ...others, delayMs: 30_000 }] : [])],
    })
    floor.ready('backup', { billing: 1 })
    expect(ofType(floor.queue('c1', 'billing'), 'offer.made')).toEqual([])
    expect(floor.engine.whyWaiting('c1', floor.now)).toMatchObject({
      summary: 'nobody who is known may have it now; 1 more may be asked later',
      candidates: [
        {
          agent: 'backup',
          reason: 'not-yet',
          because: 'sees contacts of billing when they have waited 30 s',
        },
      ],
    })
    expect(ofType(floor.pass(29_999), 'offer.made')).toEqual([])
    expect(offerIn(floor.pass(1))).toMatchObject({ contact: 'c1', agent: 'backup' })
  })
})
