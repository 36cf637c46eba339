import { describe, expect, test } from 'vitest'
import { allSkills } from '../../../src/acd/requirement.ts'
import { type Arrival, DAY_MS } from '../../../src/simulation/arrivals.ts'
import { estimate } from '../../../src/simulation/batch-means.ts'
import { MONDAY, timelineOf } from '../../../src/simulation/center-plan.ts'
import { CenterSimulation } from '../../../src/simulation/center-simulation.ts'
import { poolsOf } from '../../../src/simulation/pools.ts'
import { type Observer, type SimulatedContact, Simulator } from '../../../src/simulation/simulator.ts'
import { MINUTE, names, planOf, queueOf, streamOf } from './plans.ts'

const SECOND = 1_000

/** One agent, contacts as given. */
function play(
  arrivals: readonly Partial<Arrival>[],
  ringing?: ConstructorParameters<typeof Simulator>[0]['ringing'],
) {
  const log: string[] = []
  const seen: SimulatedContact[] = []
  const plan = planOf(1, { days: 1 })
  const simulator = new Simulator(
    {
      timeline: timelineOf({
        ...plan,
        rules: { ...plan.rules, queues: [queueOf('support', { wrapUpMs: 30 * SECOND, noAnswerLimit: 1 })] },
      }),
      arrivals: arrivals.map((arrival) => ({
        at: MONDAY,
        request: { queue: 'support', requirement: { all: [] }, priority: 5 },
        talkMs: MINUTE,
        patienceMs: Number.POSITIVE_INFINITY,
        ...arrival,
      })),
      ...(ringing && { ringing }),
    },
    {
      waited: (contact, now) => {
        seen.push(contact)
        log.push(`${(now - MONDAY) / SECOND} ${contact.contact} ${contact.outcome}`)
      },
    },
  )
  expect(simulator.run()).toBe(false)
  return { log, seen }
}

describe('a played contact', () => {
  test('waits until talk and wrap-up before it are over', () => {
    expect(play([{}, { at: MONDAY + SECOND }]).log).toEqual(['0 c1 answered', '90 c2 answered'])
  })

  test('has a shorter wrap-up, or the whole that the queue allows', () => {
    const one = { at: MONDAY + SECOND }
    expect(play([{ wrapUpMs: 5 * SECOND }, one]).log).toContain('65 c2 answered')
    expect(play([{ wrapUpMs: 5 * MINUTE }, one]).log).toContain('90 c2 answered')
  })

  test('is given up when patience ends, and not when it was answered before', () => {
    const impatient = { at: MONDAY + SECOND, patienceMs: 10 * SECOND }
    expect(play([{ patienceMs: 10 * SECOND }, impatient]).log).toEqual(['0 c1 answered', '11 c2 abandoned'])
  })

  test('of a queue that is not there goes unserved', () => {
    const request = { queue: 'nowhere', requirement: { all: [] }, priority: 5 }
    expect(play([{ request, contact: 'lost' }]).log).toEqual(['0 lost unserved'])
  })

  test('rings for a while, and again when nobody answers', () => {
    const { log, seen } = play([{}], () => ({ does: 'answer', afterMs: 3 * SECOND }))
    expect(log).toEqual(['3 c1 answered'])
    expect(seen[0]).toMatchObject({ offers: 1, agent: 'agent-1' })
    let calls = 0
    const missed = play([{}], () => ({ does: calls++ === 0 ? 'ignore' : 'answer', afterMs: 0 }))
    // Paused after 20 s of ringing, back five minutes later.
    expect(missed.log).toEqual(['320 c1 answered'])
    expect(missed.seen[0]?.offers).toBe(2)
  })
})

describe('a run', () => {
  function logOf(seed: number): string[] {
    const log: string[] = []
    const streams = [streamOf('support', { perInterval: Array.from({ length: 8 }, () => 100) })]
    const plan = planOf(12, { seed, streams, days: 1, answering: { afterMs: 2 * SECOND, missed: 0.01 } })
    const observer: Observer = { handled: (...entry) => void log.push(JSON.stringify(entry)) }
    new CenterSimulation(plan, { observers: [observer] }).finish()
    return log
  }

  test('is the same, byte by byte, input by input and effect by effect, for the same seed', () => {
    const log = logOf(7)
    expect(log.length).toBeGreaterThan(3_000)
    expect(logOf(7).join('\n') === log.join('\n')).toBe(true)
    expect(logOf(8).join('\n') === log.join('\n')).toBe(false)
  })

  test('takes the contacts of a real day in place of those of chance', () => {
    const arrivals = [8, 9, 9].map((hour, number) => ({
      at: MONDAY + DAY_MS + hour * 60 * MINUTE,
      contact: `real-${number}`,
      request: { queue: 'support', requirement: { all: [] }, priority: 5 },
      talkMs: MINUTE,
      patienceMs: Number.POSITIVE_INFINITY,
    }))
    const seen: string[] = []
    const { whole } = new CenterSimulation(planOf(1, { days: 2, warmUpDays: 0, batches: 2 }), {
      world: { arrivals },
      observers: [{ waited: ({ contact }, now) => void seen.push(`${contact} ${now - MONDAY - DAY_MS}`) }],
    }).finish()
    expect(seen).toEqual([
      `real-0 ${8 * 60 * MINUTE}`,
      `real-1 ${9 * 60 * MINUTE}`,
      `real-2 ${(9 * 60 + 1) * MINUTE}`,
    ])
    expect(whole).toMatchObject({ offered: 3, answered: 3 })
  })

  test('counts every contact once', () => {
    const { whole, contacts } = new CenterSimulation(planOf(9, { days: 3, warmUpDays: 0 })).finish()
    expect(whole.offered).toBe(contacts)
    expect(whole.answered + whole.abandoned + whole.unserved + whole.left).toBe(contacts)
    expect(whole.answeredWithin.at(-1)).toBeCloseTo(whole.answered / contacts, 12)
    const perDay = whole.byInterval.reduce((sum, interval) => sum + interval.offeredPerDay, 0)
    expect(perDay * 3).toBeCloseTo(contacts, 6)
  })

  test('leaves out the warm-up, and what short abandons do to the service level', () => {
    const plan = planOf(9, { days: 3 })
    const { whole } = new CenterSimulation(plan).finish()
    const lenient = new CenterSimulation({ ...plan, shortAbandonMs: 10 * SECOND }).finish().whole
    expect(whole.offered).toBeCloseTo(2 * 4_800, -3)
    expect(lenient.offered).toBe(whole.offered)
    expect(lenient.serviceLevel.value).toBeGreaterThan(whole.serviceLevel.value + 0.02)
  })
})

describe('people', () => {
  const shift = {
    name: 'day',
    agents: names('day', 4),
    skills: {},
    hours: { fromMs: 8 * 60 * MINUTE, toMs: 16 * 60 * MINUTE },
    breaks: [{ fromMs: 11 * 60 * MINUTE, toMs: 14 * 60 * MINUTE, forMs: 60 * MINUTE }],
  }
  const plan = planOf(0, {
    days: 2,
    warmUpDays: 0,
    batches: 2,
    open: { fromMs: 8 * 60 * MINUTE, toMs: 16 * 60 * MINUTE },
    profiles: [shift],
    streams: [
      streamOf('support', {
        perInterval: Array.from({ length: 32 }, (_, interval) => (interval < 16 ? 0 : 5)),
      }),
    ],
  })

  test('come, take their breaks one after another, and go', () => {
    const acts = [...timelineOf(plan)].flatMap(({ at, input }) =>
      'agent' in input && input.agent === 'day-2' && at >= MONDAY + DAY_MS
        ? [`${(at - MONDAY - DAY_MS) / 60 / MINUTE} ${input.type}`]
        : [],
    )
    expect(acts).toEqual([
      '8 agent.signed-in',
      '8 agent.available',
      `${11 + 2 / 3} agent.paused`,
      `${12 + 2 / 3} agent.available`,
      '16 agent.signed-out',
    ])
  })

  test('are at work for seven of eight hours', () => {
    const { profiles } = new CenterSimulation(plan).finish()
    expect(profiles['day']?.atWork).toBeCloseTo(3.5, 1)
  })
})

describe('pools', () => {
  test('are queues that share agents or overflow; a queue without traffic joins nobody', () => {
    const needs = (skill: string) => [{ who: allSkills({ [skill]: 1 }), preference: 1, delayMs: 0 }]
    const queues = ['billing', 'sales', 'support', 'night', 'claims'].map((id) =>
      queueOf(id, {
        members: needs(id),
        ...(id === 'claims' && { afterwards: { do: 'overflow', queue: 'billing' } }),
      }),
    )
    const profile = (name: string, ...skills: readonly string[]) => ({
      name,
      agents: [name],
      skills: Object.fromEntries(skills.map((skill) => [skill, 5])),
      breaks: [],
    })
    const plan = planOf(0, {
      rules: { queues, teams: [], capacity: { slots: { voice: 1 }, while: {} } },
      profiles: [
        profile('a', 'billing', 'night'),
        profile('b', 'support', 'night'),
        profile('c', 'support', 'sales'),
      ],
      streams: ['billing', 'support', 'sales', 'claims'].map((queue) => streamOf(queue)),
    })
    const pools = poolsOf(plan).map((pool) => [pool.queues, pool.profiles.map(({ name }) => name)])
    expect(pools).toEqual([
      [
        ['sales', 'support'],
        ['c', 'b'],
      ],
      [['billing', 'claims'], ['a']],
    ])
  })
})

describe('batch means', () => {
  test('are the ratio of the sums, with the error of the ratio', () => {
    const found = estimate([
      { top: 8, bottom: 10 },
      { top: 18, bottom: 20 },
      { top: 7, bottom: 10 },
      { top: 15, bottom: 20 },
    ])
    expect(found.value).toBe(0.8)
    // Deviations 0, 2, -1, -1: sqrt(6 / (4 * 3)) / 15.
    expect(found.standardError).toBeCloseTo(Math.sqrt(0.5) / 15, 12)
    // Student's 97.5 % point with 3 degrees of freedom is 3.182.
    expect((found.high - found.value) / found.standardError).toBeCloseTo(3.182, 1)
    expect(found.value - found.low).toBeCloseTo(found.high - found.value, 12)
  })
})
