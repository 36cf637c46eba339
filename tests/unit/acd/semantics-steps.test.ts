import { describe, expect, test } from 'vitest'
import type { Step } from '../../../src/acd/contract.ts'
import { ANYONE } from '../../../src/acd/requirement.ts'
import { FloorTalk, members, offerIn, ofType, rules } from './floor.ts'

/** Traps of other systems in steps, tiers and priorities, of which docs/semantics.md says that they are none here. */

const experts = { skill: 'billing', atLeast: 7 }
const levels = (skipWhen: Step['skipWhen']): readonly Step[] => [
  { who: experts, forMs: 30_000, ...(skipWhen && { skipWhen }) },
  { who: ANYONE, forMs: 0 },
]

describe('a step', () => {
  test('that names people who are logged in is the first one, whatever its number: there is no empty one before', () => {
    const floor = new FloorTalk(rules('billing', { steps: levels('none-logged-in') }))
    floor.ready('ana', { billing: 1 })
    expect(offerIn(floor.queue('c1', 'billing')).agent).toBe('ana')
  })

  test('waits for somebody who is on a break where it is skipped for nobody logged in, not where for nobody free', () => {
    const seen = (['none-logged-in', 'none-free'] as const).map((skipWhen) => {
      const floor = new FloorTalk(rules('billing', { steps: levels(skipWhen), offerMs: 40_000 }))
      floor.ready('eve', { billing: 9 })
      floor.say({ type: 'agent.paused', agent: 'eve', reason: 'lunch' })
      floor.ready('ana', { billing: 1 })
      const atOnce = ofType(floor.queue('c1', 'billing'), 'offer.made').map(({ agent }) => agent)
      return [atOnce, ofType(floor.pass(30_000), 'offer.made')[0]?.agent]
    })
    expect(seen).toEqual([
      [[], 'ana'],
      [['ana'], undefined],
    ])
  })

  test('that is the last one asks nobody but those whom the steps name, for as long as it takes', () => {
    const steps: readonly Step[] = [{ who: experts, forMs: 10_000 }]
    const floor = new FloorTalk(rules('billing', { steps }))
    floor.say({ type: 'agent.known', agent: 'eve', skills: { billing: 9 } })
    floor.ready('ana', { billing: 1 })
    expect(ofType(floor.queue('c1', 'billing'), 'offer.made')).toEqual([])
    expect(ofType(floor.pass(3_600_000), 'offer.made')).toEqual([])
    expect(offerIn(floor.ready('eve', { billing: 9 })).contact).toBe('c1')
  })

  test('comes before how good somebody is: a better one of a later step is not asked sooner', () => {
    const steps: readonly Step[] = [
      { who: { agents: ['ana'] }, forMs: 30_000 },
      { who: ANYONE, forMs: 0 },
    ]
    const floor = new FloorTalk(rules('billing', { steps, strategy: 'most-skilled', noAnswerLimit: 0 }))
    floor.ready('eve', { billing: 9 })
    floor.ready('ana', { billing: 1 })
    expect(offerIn(floor.queue('c1', 'billing')).agent).toBe('ana')
  })

  test('is counted from the one before it: 10 s, 10 s and 10 s are over after 30 s', () => {
    const steps: readonly Step[] = [
      { who: { agents: ['ana'] }, forMs: 10_000 },
      { who: { agents: ['ben'] }, forMs: 10_000 },
      { who: { agents: ['cleo'] }, forMs: 10_000 },
    ]
    const floor = new FloorTalk(rules('billing', { steps, afterwards: { do: 'leave', to: 'voicemail' } }))
    floor.queue('c1', 'billing')
    expect(ofType(floor.pass(29_999), 'contact.exited')).toEqual([])
    expect(ofType(floor.pass(1), 'contact.exited')).toMatchObject([{ contact: 'c1', to: 'voicemail' }])
  })
})

describe('an agent', () => {
  test('who may not have a more urgent caller yet is not kept from a less urgent one', () => {
    const floor = new FloorTalk(
      rules('vip', { strictClass: 0, members: members({ billing: 1 }), steps: levels('never') }),
      rules('billing'),
    )
    floor.ready('ana', { billing: 1 })
    floor.queue('urgent', 'vip')
    expect(offerIn(floor.queue('ordinary', 'billing'))).toMatchObject({ agent: 'ana', contact: 'ordinary' })
  })

  test('for whom nobody waits in a preferred queue is not kept from the other', () => {
    const floor = new FloorTalk(
      rules('billing'),
      rules('sales', { members: [{ who: experts, preference: 9, delayMs: 0 }] }),
    )
    floor.ready('eve', { billing: 9, sales: 1 })
    expect(offerIn(floor.queue('c1', 'sales'))).toMatchObject({ agent: 'eve', contact: 'c1' })
  })
})

test('priority shifts the place by its time and falsifies no wait', () => {
  const floor = new FloorTalk(rules('billing'))
  floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 1 } })
  floor.queue('ordinary', 'billing')
  floor.now += 200_000
  floor.queue('urgent', 'billing', { priority: 1 })
  floor.queue('adjusted', 'billing', { adjustmentMs: 100_000 })
  expect(floor.line('billing')).toEqual(['urgent', 'ordinary', 'adjusted'])
  floor.now += 1_000
  const { why } = offerIn(floor.ready('ana', { billing: 1 }))
  expect(why).toMatchObject({ contact: 'urgent', waitedMs: 1_000, headStartMs: 300_000 })
})
