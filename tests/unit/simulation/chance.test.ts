import { describe, expect, test } from 'vitest'
import { DAY_MS, poissonArrivals, type Stream } from '../../../src/simulation/arrivals.ts'
import { type Distribution, draws, meanOf } from '../../../src/simulation/distribution.ts'
import { EventHeap } from '../../../src/simulation/event-heap.ts'
import { Random } from '../../../src/simulation/random.ts'

const START = Date.UTC(2026, 0, 5)

describe('chance', () => {
  test('is the same for the same seed and stream, and differs between them', () => {
    const numbers = (seed: number, stream: string) => {
      const random = new Random(seed, stream)
      return Array.from({ length: 5 }, () => random.next())
    }
    expect(numbers(1, 'a')).toEqual(numbers(1, 'a'))
    expect(numbers(1, 'a')).not.toEqual(numbers(1, 'b'))
    expect(numbers(1, 'a')).not.toEqual(numbers(2, 'a'))
    expect(numbers(1, 'a'), 'on every machine').toEqual([
      0.7212040130944053, 0.47170050246191386, 0.10270218126773212, 0.3501501505307334, 0.23742494353499888,
    ])
  })

  test('is even: chi squared of 100 classes', () => {
    const random = new Random(3)
    const counts = Array.from({ length: 100 }, () => 0)
    for (let draw = 0; draw < 100_000; draw++) {
      const at = Math.floor(random.next() * 100)
      counts[at] = (counts[at] ?? 0) + 1
    }
    const chiSquared = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    // 99 degrees of freedom: 62 to 149 in 99.9 of 100 cases.
    expect(chiSquared).toBeGreaterThan(62)
    expect(chiSquared).toBeLessThan(149)
  })
})

describe('distributions', () => {
  test.each<[Distribution, mean: number, deviation: number]>([
    [{ kind: 'exponential', meanMs: 180_000 }, 180_000, 180_000],
    [{ kind: 'lognormal', meanMs: 240_000, deviationMs: 200_000 }, 240_000, 200_000],
    [{ kind: 'constant', ms: 5_000 }, 5_000, 0],
    [{ kind: 'empirical', valuesMs: [1_000, 2_000, 6_000] }, 3_000, 2_160],
  ])('%o', (distribution, mean, deviation) => {
    const draw = draws(distribution, new Random(17))
    const times = Array.from({ length: 100_000 }, draw)
    const average = times.reduce((sum, time) => sum + time, 0) / times.length
    const spread = Math.sqrt(times.reduce((sum, time) => sum + (time - average) ** 2, 0) / times.length)
    expect(average / mean).toBeCloseTo(1, 1.5)
    if (deviation > 0) expect(spread / deviation).toBeCloseTo(1, 1)
    else expect(spread).toBe(0)
    expect(meanOf(distribution)).toBe(mean)
    expect(times.every(Number.isInteger)).toBe(true)
  })

  test('an endless one has no end', () => {
    expect(draws({ kind: 'endless' }, new Random(1))()).toBe(Number.POSITIVE_INFINITY)
    expect(meanOf({ kind: 'endless' })).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('arrivals', () => {
  const stream = (name: string, perInterval: readonly number[]): Stream => ({
    name,
    perInterval,
    intervalMs: DAY_MS / perInterval.length,
    talk: { kind: 'exponential', meanMs: 60_000 },
    patience: { kind: 'exponential', meanMs: 60_000 },
    requests: [
      { share: 0.25, tier: 'key', request: { queue: name, requirement: { all: [] }, priority: 1 } },
      { share: 0.75, tier: 'standard', request: { queue: name, requirement: { all: [] }, priority: 5 } },
    ],
  })
  const over = { seed: 1, start: START, days: 100 }

  test('come in order, as many as each interval expects, shared among the tiers', () => {
    const arrivals = [...poissonArrivals([stream('a', [0, 20, 40, 0]), stream('b', [10, 10, 10, 10])], over)]
    expect(arrivals.every(({ at }, index) => at >= (arrivals[index - 1]?.at ?? START))).toBe(true)
    const count = (queue: string, interval: number) =>
      arrivals.filter(
        ({ at, request }) =>
          request.queue === queue && Math.floor(((at - START) % DAY_MS) / (DAY_MS / 4)) === interval,
      ).length
    const expected = { a: [0, 2000, 4000, 0], b: [1000, 1000, 1000, 1000] }
    for (const [queue, counts] of Object.entries(expected)) {
      for (const [interval, mean] of counts.entries()) {
        expect(Math.abs(count(queue, interval) - mean)).toBeLessThanOrEqual(3.5 * Math.sqrt(mean))
      }
    }
    const key = arrivals.filter(({ tier }) => tier === 'key').length / arrivals.length
    expect(key).toBeCloseTo(0.25, 1.5)
  })

  test('gaps between them are exponential: as many below the mean as e allows', () => {
    const times = [...poissonArrivals([stream('a', [500])], over)].map(({ at }) => at)
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
    const short = gaps.filter((gap) => gap < DAY_MS / 500).length / gaps.length
    expect(short).toBeCloseTo(1 - Math.exp(-1), 1.7)
  })

  test('of one stream do not depend on another', () => {
    const alone = [...poissonArrivals([stream('a', [50])], over)]
    const both = [...poissonArrivals([stream('b', [70]), stream('a', [50])], over)]
    expect(both.filter(({ request }) => request.queue === 'a')).toEqual(alone)
  })
})

test('the heap gives events in the order of time, then of scheduling, without those called off', () => {
  const random = new Random(9)
  const heap = new EventHeap()
  const events = Array.from({ length: 2_000 }, () => heap.push(Math.floor(random.next() * 100), () => {}))
  for (const event of events) event.calledOff = event.order % 3 === 0
  const expected = events
    .filter((event) => !event.calledOff)
    .sort((one, other) => one.at - other.at || one.order - other.order)
  const found = []
  while (heap.nextAt < Number.POSITIVE_INFINITY) found.push(heap.pop())
  expect(found).toEqual(expected)
  expect(heap.size).toBe(0)
})
