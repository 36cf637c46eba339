import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { QueueRules } from '../../../src/acd/rules.ts'
import { overtakingBounds, type StaffedQueue } from '../../../src/config/queue-bounds.ts'
import { queueRules } from '../../../src/config/queue-rules.ts'
import { queuesSchema } from '../../../src/config/queue-schema.ts'
import { parseYaml } from '../../../src/config/yaml-file.ts'

const MINUTE = 60_000

function rulesOf(id: string, yaml: string): QueueRules {
  const text = `queues: { ${id}: { name: ${id}, members: anyone${yaml === '' ? '' : `, ${yaml}`} } }`
  const queue = parseYaml(text, 'queues.yaml', queuesSchema, 'CENTER_INVALID').queues[id]
  if (!queue) throw new Error('no queue')
  return queueRules(id, queue)
}

/** @param agents each with the preference that they have for the queue */
function staffed(id: string, yaml: string, agents: Readonly<Record<string, number>>): StaffedQueue {
  const members = Object.entries(agents).map(([agent, preference]) => ({ agent, preference, delayMs: 0 }))
  return { rules: rulesOf(id, yaml), members }
}

/** The bound of a priority in the first of these queues, in minutes; undefined: none. */
function bound(priority: number, ...queues: readonly [StaffedQueue, ...StaffedQueue[]]): number | undefined {
  const found = overtakingBounds(queues)[0]?.find((one) => one.priority === priority)
  return found?.laterMs === undefined ? undefined : found.laterMs / MINUTE
}

describe('how long somebody who waits can be overtaken', () => {
  test('by the largest head start, less their own', () => {
    const queue = staffed('a', 'headStart: { 1: 5m, 2: 3m }', { ana: 1 })
    expect([1, 2, 5].map((priority) => bound(priority, queue))).toEqual([0, 2, 5])
  })

  test('by the boosts of steps too', () => {
    const steps = 'steps: [{ who: anyone, for: 1m }, { who: anyone, boost: 4m }]'
    expect(bound(5, staffed('a', steps, { ana: 1 }))).toBe(4)
  })

  test('by callers of other queues that an agent serves as gladly, and of no other', () => {
    const queue = staffed('a', '', { ana: 1 })
    expect(bound(5, queue, staffed('b', 'headStart: { 1: 7m }', { ana: 1 }))).toBe(7)
    expect(bound(5, queue, staffed('b', 'headStart: { 1: 7m }', { luis: 1 }))).toBe(0)
    expect(bound(5, queue, staffed('b', 'headStart: { 1: 7m }', { ana: 2 }))).toBe(0)
  })

  test('by those who overflow into a queue, with what they bring', () => {
    const overflow =
      'headStart: { 1: 7m }, steps: [{ who: anyone, for: 1m, boost: 2m }], afterwards: { queue: a }'
    expect(bound(5, staffed('a', '', { ana: 1 }), staffed('b', overflow, {}))).toBe(9)
  })

  test('without bound where all who serve it put another queue first', () => {
    const queue = staffed('a', '', { ana: 2 })
    expect(bound(1, queue, staffed('b', '', { ana: 1 }))).toBeUndefined()
    expect(bound(1, staffed('a', '', { ana: 1 }), staffed('b', 'strictClass: 4', { ana: 3 }))).toBeUndefined()
    expect(bound(1, staffed('a', '', {}))).toBeUndefined()
  })

  test('with a bound as soon as somebody puts no queue before it', () => {
    const queue = staffed('a', '', { ana: 2, luis: 1 })
    expect(bound(5, queue, staffed('b', 'headStart: { 1: 7m }', { ana: 1 }))).toBe(0)
  })

  test('of each queue at once, for 10,000 agents in 40 queues', () => {
    const agents = Array.from({ length: 10_000 }, (_, at) => `agent-${at}`)
    const queues = Array.from({ length: 40 }, (_, at) =>
      staffed(
        `queue-${at}`,
        `headStart: { 1: ${at}m }`,
        Object.fromEntries(agents.flatMap((agent, of) => (of % 5 === at % 5 ? [[agent, 1]] : []))),
      ),
    )
    const bounds = overtakingBounds(queues).map((one) => one.find(({ priority }) => priority === 5)?.laterMs)
    expect([bounds[0], bounds[19], bounds[20]]).toEqual([35 * MINUTE, 39 * MINUTE, 35 * MINUTE])
  })

  test('never by somebody who joins later by more than that', () => {
    const minutes = fc.integer({ min: 0, max: 60 })
    const priority = fc.integer({ min: 1, max: 10 })
    fc.assert(
      fc.property(
        fc.dictionary(priority.map(String), minutes),
        priority,
        priority,
        minutes,
        (worth, mine, theirs, later) => {
          const written = Object.entries(worth).map(([key, value]) => `${key}: ${value}m`)
          const queue = staffed('a', `headStart: { ${written.join(', ')} }`, { ana: 1 })
          const most = bound(mine, queue) ?? Number.NaN
          const head = (of: number): number => worth[String(of)] ?? 0
          const goesFirst = later - head(theirs) < -head(mine)
          if (later > most) expect(goesFirst).toBe(false)
        },
      ),
    )
  })
})
