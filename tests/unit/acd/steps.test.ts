import { describe, expect, test } from 'vitest'
import type { QueueRules, Step } from '../../../src/acd/contract.ts'
import { ANYONE, allSkills } from '../../../src/acd/requirement.ts'
import { FloorTalk, members, offerIn, ofType, rules } from './floor.ts'

function floorWith(steps: readonly Step[], changes: Partial<QueueRules> = {}): FloorTalk {
  return new FloorTalk(rules('billing', { members: members({}), wrapUpMs: 0, steps, ...changes }))
}

const seniors: Step = { who: { skill: 'billing', atLeast: 5 }, forMs: 20_000 }
const anybody: Step = { who: ANYONE, forMs: 20_000 }

describe('the steps of a contact', () => {
  test('widen one after the other, each when the time of the one before is up', () => {
    const floor = floorWith([seniors, anybody])
    floor.ready('junior', { billing: 1 })
    expect(ofType(floor.queue('c1', 'billing'), 'offer.made')).toEqual([])
    expect(ofType(floor.pass(19_999), 'offer.made')).toEqual([])
    const offer = offerIn(floor.pass(1))
    expect(offer).toMatchObject({
      agent: 'junior',
      why: { step: { number: 2, of: 2, sinceMs: 0, skipped: [] } },
    })
  })

  test('have one timer for all of them, and none when nobody waits', () => {
    const floor = floorWith([seniors, anybody])
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 5 } })
    for (let number = 0; number < 20; number++) {
      floor.queue(`c${number}`, 'billing')
      floor.now += 10
    }
    expect(floor.engine.timers()).toHaveLength(1)
    for (let number = 0; number < 20; number++) {
      floor.say({ type: 'contact.left', contact: `c${number}`, reason: 'abandoned' })
    }
    expect(floor.engine.timers()).toEqual([])
  })

  test('keep who was allowed, unless a step says only', () => {
    for (const only of [false, true]) {
      const floor = floorWith([seniors, { who: { skill: 'es', atLeast: 1 }, forMs: 20_000, only }])
      floor.say({ type: 'agent.known', agent: 'spanish', skills: { es: 1 } })
      floor.say({ type: 'agent.known', agent: 'senior', skills: { billing: 5 } })
      floor.queue('c1', 'billing')
      floor.pass(20_000)
      const offers = ofType(floor.ready('senior', { billing: 5 }), 'offer.made')
      expect(
        offers.map(({ agent }) => agent),
        `only: ${only}`,
      ).toEqual(only ? [] : ['senior'])
    }
  })

  test('run on while somebody is being rung', () => {
    const floor = floorWith([seniors, anybody], { offerMs: 60_000 })
    floor.ready('senior', { billing: 5 })
    floor.ready('junior', { billing: 1 })
    const { offer, agent } = offerIn(floor.queue('c1', 'billing'))
    expect(agent).toBe('senior')
    floor.pass(20_000)
    const next = offerIn(floor.say({ type: 'offer.refused', offer, cause: 'rejected' }))
    expect(next).toMatchObject({ agent: 'junior', why: { step: { number: 2 } } })
  })

  test('put the contact forward, for good, when they begin', () => {
    const floor = floorWith([seniors, { ...anybody, boostMs: 60_000 }], { headStartMs: {} })
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 5 } })
    floor.queue('early', 'billing', { steps: [anybody], afterwards: { do: 'stay' } })
    floor.pass(1_000)
    floor.queue('late', 'billing')
    expect(floor.line('billing')).toEqual(['early', 'late'])
    floor.pass(20_000)
    expect(floor.line('billing')).toEqual(['late', 'early'])
    expect(offerIn(floor.ready('ana', { billing: 5 })).why).toMatchObject({
      contact: 'late',
      boostMs: 60_000,
    })
  })

  test('end at once when nobody of them is logged in, also in the middle', () => {
    const floor = floorWith([{ ...seniors, skipWhen: 'none-logged-in' }, anybody])
    floor.say({ type: 'agent.known', agent: 'senior', skills: { billing: 5 } })
    floor.ready('junior', { billing: 1 })
    const first = offerIn(floor.queue('c1', 'billing'))
    expect(first.why.step).toMatchObject({
      number: 2,
      skipped: ['step 1 ended early: nobody of it was logged in'],
    })
    floor.say({ type: 'agent.signed-in', agent: 'senior' })
    floor.say({ type: 'offer.accepted', offer: first.offer })
    floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(ofType(floor.queue('c2', 'billing'), 'offer.made'), 'the senior is only paused').toEqual([])
    expect(offerIn(floor.say({ type: 'agent.signed-out', agent: 'senior' }))).toMatchObject({
      agent: 'junior',
    })
  })

  test('may ask agents by name, and peers of the one whom the contact names', () => {
    const floor = floorWith(
      [
        { who: { agents: ['luis'] }, forMs: 5_000 },
        { who: 'peers', forMs: 5_000 },
        { who: ANYONE, forMs: 0 },
      ],
      { members: members({ billing: 1 }) },
    )
    floor.say({ type: 'agent.known', agent: 'owner', skills: { billing: 4, es: 9 } })
    floor.ready('junior', { billing: 3 })
    floor.ready('peer', { billing: 4 })
    floor.queue('c1', 'billing', { named: 'owner' })
    expect(floor.offers(), 'Luis is not here').toEqual({})
    expect(floor.engine.whyWaiting('c1', floor.now)?.candidates).toMatchObject([
      { agent: 'owner', reason: 'not-in-step' },
      { agent: 'junior', reason: 'not-in-step' },
      { agent: 'peer', reason: 'not-in-step' },
    ])
    const { offer, agent } = offerIn(floor.pass(5_000))
    expect(agent).toBe('peer')
    floor.say({ type: 'offer.refused', offer, cause: 'rejected' })
    expect(floor.offers()).toEqual({})
    expect(offerIn(floor.pass(5_000))).toMatchObject({ agent: 'junior' })
  })

  test('relax the contact’s own requirement, or membership as well, when they say so', () => {
    const spanish = allSkills({ es: 1 })
    for (const [relax, agents] of [
      ['nothing', []],
      ['contact', ['member']],
      ['members', ['outsider', 'member']],
    ] as const) {
      const floor = floorWith(
        [
          { who: ANYONE, forMs: 5_000 },
          { who: ANYONE, forMs: 0, relax },
        ],
        { members: members({ billing: 1 }), strategy: 'ring-all' },
      )
      floor.say({ type: 'agent.known', agent: 'es', skills: { billing: 1, es: 1 } })
      floor.ready('outsider', {})
      floor.ready('member', { billing: 1 })
      expect(ofType(floor.queue('c1', 'billing', { requirement: spanish }), 'offer.made')).toEqual([])
      const rung = ofType(floor.pass(5_000), 'offer.made').map(({ agent }) => agent)
      expect(rung.toSorted(), relax).toEqual([...agents].sort())
    }
  })
})

describe('after the last step', () => {
  test('a contact leaves for what the queue says, unless somebody is being rung', () => {
    const floor = floorWith([anybody], { afterwards: { do: 'leave', to: 'callback' } })
    floor.say({ type: 'agent.known', agent: 'ana', skills: {} })
    floor.queue('c1', 'billing')
    expect(ofType(floor.pass(20_000), 'contact.exited')).toEqual([
      { type: 'contact.exited', contact: 'c1', queue: 'billing', to: 'callback' },
    ])
    expect(floor.engine.contacts()).toEqual([])
    floor.queue('c2', 'billing')
    floor.pass(10_000)
    const { offer } = offerIn(floor.ready('ana', {}))
    expect(ofType(floor.pass(15_000), 'contact.exited')).toEqual([])
    const effects = floor.say({ type: 'offer.refused', offer, cause: 'rejected' })
    expect(effects.map(({ type }) => type)).toContain('contact.exited')
  })

  test('a contact that goes while it is being rung is not sent elsewhere', () => {
    const floor = floorWith([anybody], { afterwards: { do: 'leave', to: 'voicemail' }, offerMs: 60_000 })
    floor.ready('ana', {})
    floor.queue('c1', 'billing')
    floor.pass(30_000)
    const effects = floor.say({ type: 'contact.left', contact: 'c1', reason: 'abandoned' })
    expect(ofType(effects, 'contact.exited')).toEqual([])
    expect(ofType(effects, 'offer.ended')).toMatchObject([{ outcome: 'cancelled-by-caller' }])
  })

  test('a last step without time asks once', () => {
    const now: Partial<QueueRules> = { afterwards: { do: 'leave', to: 'exit' } }
    const floor = floorWith([{ who: ANYONE, forMs: 0 }], now)
    floor.say({ type: 'agent.known', agent: 'ana', skills: {} })
    expect(ofType(floor.queue('c1', 'billing'), 'contact.exited')).toHaveLength(1)
    floor.ready('ana', {})
    expect(offerIn(floor.queue('c2', 'billing'))).toMatchObject({ agent: 'ana' })
  })

  test('a contact overflows with its time of joining, by the steps of the other queue, and never back', () => {
    const floor = new FloorTalk(
      rules('billing', { steps: [anybody], afterwards: { do: 'overflow', queue: 'sales' } }),
      rules('sales', {
        steps: [anybody, { who: ANYONE, forMs: 10_000 }],
        afterwards: { do: 'overflow', queue: 'billing' },
        headStartMs: { 1: 5_000 },
      }),
    )
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 1, sales: 1 } })
    floor.queue('c1', 'billing', { priority: 1 })
    const joinedAt = floor.now
    floor.pass(1_000)
    floor.queue('s1', 'sales')
    expect(ofType(floor.pass(19_000), 'contact.moved')).toEqual([
      { type: 'contact.moved', contact: 'c1', from: 'billing', to: 'sales', reason: 'overflow' },
    ])
    expect(floor.engine.contact('c1')).toMatchObject({ queue: 'sales', joinedAt, position: 1 })
    expect(floor.engine.queues(floor.now)).toMatchObject([
      { waiting: 0 },
      { waiting: 2, longestWaitMs: 20_000 },
    ])
    const later = floor.pass(60_000)
    expect(ofType(later, 'contact.moved'), 's1 may overflow, c1 has been there').toMatchObject([
      { contact: 's1', to: 'billing' },
    ])
    expect(offerIn(floor.ready('ana', { sales: 1 }))).toMatchObject({
      contact: 'c1',
      why: { headStartMs: 5_000 },
    })
  })
})
