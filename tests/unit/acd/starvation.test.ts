import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { QueueRules } from '../../../src/acd/contract.ts'
import { ANYONE } from '../../../src/acd/requirement.ts'
import { ONE_CALL } from '../../../src/acd/rules.ts'
import { starvationBounds } from '../../../src/acd/starvation.ts'
import { FloorTalk, members, ofType, rules } from './floor.ts'

function bounds(...queues: readonly QueueRules[]): Record<string, number | 'none'> {
  const all = starvationBounds({ queues, teams: [], capacity: ONE_CALL })
  return Object.fromEntries(
    all.map(({ queue, priority, overtakenForMs }) => [`${queue} ${priority}`, overtakenForMs]),
  )
}

describe('how long somebody can be overtaken', () => {
  test('is the greatest head start that anybody can have, minus one’s own', () => {
    const found = bounds(rules('billing'), rules('sales', { headStartMs: { 1: 60_000 } }))
    expect(found).toMatchObject({
      'billing 1': 0,
      'billing 2': 240_000,
      'billing 5': 300_000,
      'sales 1': 240_000,
      'sales 5': 300_000,
    })
  })

  test('counts the boosts of steps, also of those before an overflow', () => {
    const boosted = rules('billing', {
      headStartMs: {},
      steps: [{ who: ANYONE, forMs: 10_000, boostMs: 30_000 }],
      afterwards: { do: 'overflow', queue: 'sales' },
    })
    const found = bounds(boosted, rules('sales', { headStartMs: { 1: 5_000 }, steps: [] }))
    expect(found).toMatchObject({ 'billing 5': 35_000, 'sales 1': 30_000, 'sales 5': 35_000 })
  })

  test('has no end where a stricter class, or a queue that agents prefer, may always come first', () => {
    const preferred = { members: [{ who: { skill: 'sales', atLeast: 1 }, preference: 1, delayMs: 0 }] }
    const other = { members: [{ who: { skill: 'billing', atLeast: 1 }, preference: 2, delayMs: 0 }] }
    expect(bounds(rules('billing', { strictClass: 4 }), rules('sales'))).toMatchObject({
      'billing 5': 300_000,
      'sales 1': 'none',
    })
    expect(bounds(rules('billing', other), rules('sales', preferred))).toMatchObject({
      'billing 5': 'none',
      'sales 5': 300_000,
    })
  })
})

test('no arrivals, however adverse, exceed the bound', () => {
  const headStart = fc.dictionary(fc.constantFrom('1', '2', '3'), fc.integer({ min: 0, max: 60_000 }))
  const ids = ['billing', 'sales', 'support'] as const
  const queue = fc.record({
    headStart,
    boosts: fc.array(fc.constantFrom(0, 10_000, 40_000), { maxLength: 2 }),
    overflowsTo: fc.option(fc.constantFrom(...ids), { nil: undefined }),
  })
  const arrival = fc.record({
    afterMs: fc.integer({ min: 0, max: 20_000 }),
    queue: fc.nat({ max: 2 }),
    priority: fc.integer({ min: 1, max: 4 }),
    serves: fc.boolean(),
  })
  fc.assert(
    fc.property(
      fc.array(queue, { minLength: 1, maxLength: 3 }),
      fc.array(arrival, { maxLength: 60 }),
      (written, arrivals) => {
        const queues = written.map(({ headStart: headStartMs, boosts, overflowsTo }, index) =>
          rules(ids[index] ?? 'billing', {
            members: members({}),
            headStartMs,
            wrapUpMs: 0,
            steps: boosts.map((boostMs) => ({ who: ANYONE, forMs: 15_000, boostMs })),
            afterwards: overflowsTo === undefined ? { do: 'stay' } : { do: 'overflow', queue: overflowsTo },
          }),
        )
        const bound = bounds(...queues)
        const floor = new FloorTalk(...queues)
        floor.ready('ana', {})
        const joined = new Map<string, { at: number; priority: number }>()
        let talking: string | undefined
        const watch = (effects: ReturnType<FloorTalk['say']>): void => {
          for (const { contact, offer } of ofType(effects, 'offer.made')) {
            const mine = joined.get(contact)
            for (const other of floor.engine.contacts()) {
              const theirs = joined.get(other.contact)
              if (other.state !== 'waiting' || !mine || !theirs) continue
              const limit = bound[`${other.queue} ${theirs.priority}`]
              if (limit === undefined || limit === 'none') throw new Error('there is a bound')
              expect(mine.at - theirs.at).toBeLessThanOrEqual(limit)
            }
            floor.say({ type: 'offer.accepted', offer })
            talking = contact
          }
        }
        for (const [number, each] of arrivals.entries()) {
          watch(floor.pass(each.afterMs))
          const target = queues[each.queue % queues.length]?.id ?? 'billing'
          joined.set(`c${number}`, { at: floor.now, priority: each.priority })
          watch(floor.queue(`c${number}`, target, { priority: each.priority }))
          if (!each.serves || talking === undefined) continue
          const done = talking
          talking = undefined
          watch(floor.say({ type: 'contact.ended', contact: done }))
        }
      },
    ),
    { numRuns: 200 },
  )
})
