import { describe, expect, test } from 'vitest'
import type { QueueRules } from '../../src/acd/contract.ts'
import { ANYONE, allSkills } from '../../src/acd/requirement.ts'
import { members, namedFirst } from '../unit/acd/floor.ts'
import { Day, memoryless, type Story } from './day.ts'
import { Random } from './random.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** The first half hour fills an empty center and is not counted. */
const START_UP = Date.UTC(2026, 0, 5, 9, 30)

function rules(id: string, changes: Partial<QueueRules> = {}): QueueRules {
  return {
    id,
    members: members({ [id]: 1 }),
    strategy: 'longest-idle',
    strictClass: 5,
    steps: namedFirst(30 * SECOND),
    afterwards: { do: 'stay' },
    offerMs: 20 * SECOND,
    wrapUpMs: 25 * SECOND,
    noAnswerLimit: 3,
    backOffMs: { rejected: 20 * SECOND, noAnswer: 30 * SECOND, busy: 10 * SECOND },
    headStartMs: { 1: 2 * MINUTE },
    ...changes,
  }
}

describe('a day with three queues, forty agents and all that people do', () => {
  const random = new Random(20260105)
  const queues = ['sales', 'support', 'billing'] as const
  const people = Array.from({ length: 40 }, (_, number) => `agent-${number + 1}`)
  const day = new Day(
    queues.map((queue) => rules(queue)),
    {
      betweenArrivals: memoryless(random, 6 * SECOND),
      patience: memoryless(random, 3 * MINUTE),
      handling: memoryless(random, 3 * MINUTE),
      ringing: () => {
        const luck = random.next()
        if (luck < 0.02) return { does: 'fault', afterMs: 0 }
        if (luck < 0.05) return { does: 'reject', afterMs: 4 * SECOND }
        if (luck < 0.08) return { does: 'ignore', afterMs: 0 }
        return { does: 'answer', afterMs: random.between(1, 12) * SECOND }
      },
      request: () => ({
        queue: random.pick(queues),
        requirement: allSkills(random.chance(0.2) ? { es: 1 } : random.chance(0.01) ? { fr: 1 } : {}),
        priority: random.chance(0.1) ? 1 : 5,
        ...(random.chance(0.2) && { named: random.pick(people) ?? 'nobody' }),
      }),
    },
  )
  for (const agent of people) {
    const skills = queues
      .filter(() => random.chance(0.6))
      .map((queue) => [queue, random.between(1, 10)] as const)
    day.comesToWork(agent, { ...Object.fromEntries(skills), ...(random.chance(0.3) && { es: 3 }) })
  }
  /** People take breaks, phones come back, and RONA's victims return from wherever they were. */
  const live = (): void => {
    const agent = random.pick(people) ?? ''
    day.put({ type: 'agent.paused', agent, reason: 'break' })
    day.clock.after(5 * MINUTE, () => day.put({ type: 'agent.available', agent }))
    for (const view of day.engine.agents()) {
      if (view.device === 'failed') day.put({ type: 'device.ok', agent: view.agent })
      if (view.reason === 'no-answer') day.put({ type: 'agent.available', agent: view.agent })
    }
    if (day.clock.now() < closing) day.clock.after(4 * MINUTE, live)
  }
  const closing = day.clock.now() + 10 * HOUR
  day.clock.after(MINUTE, live)
  day.run(10 * HOUR)
  const stories = [...day.stories.values()]
  const ended = (end: Story['end']): number => stories.filter((story) => story.end === end).length

  test('every contact ends in exactly one way, and the figures reconcile', () => {
    expect(stories.length).toBeGreaterThan(5_000)
    const ways = ['handled', 'abandoned', 'abandoned-in-ring', 'unserved'] as const
    for (const way of ways) expect(ended(way), way).toBeGreaterThan(5)
    expect(ways.reduce((sum, way) => sum + ended(way), 0)).toBe(stories.length)
    expect(day.engine.contacts()).toEqual([])
  })

  test('every offer ends in exactly one outcome', () => {
    const outcomes = Object.fromEntries(day.outcomes)
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(day.offersMade)
    expect(outcomes['accepted']).toBe(ended('handled'))
    expect(outcomes['cancelled-by-caller']).toBe(ended('abandoned-in-ring'))
    for (const outcome of ['rejected', 'no-answer', 'device-failed']) {
      expect(outcomes[outcome], outcome).toBeGreaterThan(50)
    }
    expect(stories.reduce((sum, story) => sum + story.offers, 0)).toBe(day.offersMade)
  })

  test('every wrap-up ends, no timer is left, and everybody has a free slot', () => {
    expect(day.wrapUpsStarted).toBe(ended('handled'))
    expect(day.wrapUpsEnded).toBe(day.wrapUpsStarted)
    expect(day.engine.timers()).toEqual([])
    expect(day.timers).toBe(0)
    expect(day.engine.agents().filter((agent) => agent.slot !== 'free')).toEqual([])
  })
})

describe('one queue of equal agents behaves as Erlang A says', () => {
  /*
   * 100 calls in half an hour, 180 s each, patience 120 s, all exponential; 12 agents. The birth-death chain of
   * Erlang A (Palm 1957; Mandelbaum and Zeltyn 2007) gives: to wait .2798, to abandon .0619, mean wait 7.39 s.
   */
  const random = new Random(7)
  const batches = Array.from({ length: 20 }, () => {
    const day = new Day([rules('support', { wrapUpMs: 0 })], {
      betweenArrivals: memoryless(random, 18 * SECOND),
      patience: memoryless(random, 120 * SECOND),
      handling: memoryless(random, 180 * SECOND),
      ringing: () => ({ does: 'answer', afterMs: 0 }),
      request: () => ({ queue: 'support', requirement: ANYONE, priority: 5 }),
    })
    for (let number = 1; number <= 12; number++) day.comesToWork(`agent-${number}`, { support: 1 })
    day.run(10 * HOUR)
    const stories = [...day.stories.values()].filter((story) => story.arrivedAt > START_UP)
    const share = (is: (story: Story) => boolean): number => stories.filter(is).length / stories.length
    return {
      waited: share((story) => story.connectedAt !== story.arrivedAt),
      abandoned: share((story) => story.end === 'abandoned'),
      waitSeconds: mean(stories.map((story) => waitOf(story) / SECOND)),
    }
  })

  test.each([
    ['waited', 0.2798],
    ['abandoned', 0.0619],
    ['waitSeconds', 7.39],
  ] as const)('%s is %d within three standard errors', (figure, expected) => {
    const values = batches.map((batch) => batch[figure])
    const error = Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)) / (values.length - 1))
    expect(Math.abs(mean(values) - expected)).toBeLessThan(3 * error)
    expect(error / expected, 'and the error is small').toBeLessThan(0.1)
  })
})

function waitOf(story: Story): number {
  return (story.connectedAt ?? story.endedAt ?? story.arrivedAt) - story.arrivedAt
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
