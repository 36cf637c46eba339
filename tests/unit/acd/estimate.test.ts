import { describe, expect, test } from 'vitest'
import { meanWaitMs, type WaitState, waitedAtMost, waitQuantileMs } from '../../../src/acd/estimate.ts'
import { announce, type Told } from '../../../src/acd/estimate-announcement.ts'
import { Calibration } from '../../../src/acd/estimate-calibration.ts'
import { Random } from '../../../src/simulation/random.ts'

const SECOND = 1_000
const MINUTE = 60_000
/** Four callers ahead of nine busy agents. */
const state: WaitState = { ahead: 4, agents: 9, handleMs: 180 * SECOND, patienceMs: 120 * SECOND }
const patient: WaitState = { ...state, patienceMs: Number.POSITIVE_INFINITY }

describe('the estimated wait', () => {
  test('counts on callers ahead to give up: 77 s, not 100 s', () => {
    expect(meanWaitMs(state)).toBeCloseTo(77_476, 0)
    expect(meanWaitMs(patient)).toBeCloseTo(100_000, 6)
  })

  test('without anybody at work it has no end', () => {
    const nobody = { ...state, agents: 0 }
    expect([meanWaitMs(nobody), waitQuantileMs(nobody, 0.5)]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ])
    expect(waitedAtMost(nobody, MINUTE)).toBe(0)
  })

  test('of the next in line is exponential', () => {
    const next = { ...state, ahead: 0 }
    expect(waitQuantileMs(next, 0.5)).toBeCloseTo(20 * SECOND * Math.log(2), 3)
    expect(waitQuantileMs(next, 0.9)).toBeCloseTo(20 * SECOND * Math.log(10), 3)
  })

  test.each([
    { ...state },
    { ...patient },
    { ahead: 0, agents: 1, handleMs: 60 * SECOND, patienceMs: 600 * SECOND },
    { ahead: 60, agents: 5, handleMs: 240 * SECOND, patienceMs: 90 * SECOND },
    { ahead: 200, agents: 300, handleMs: 300 * SECOND, patienceMs: 1_000 * SECOND },
  ])('has the quantiles of 10,000 waits played stage by stage: %o', (line) => {
    const random = new Random(11)
    const waits = Float64Array.from({ length: 10_000 }, () => playedWait(line, random)).sort()
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
    const deviation = Math.sqrt(waits.reduce((sum, wait) => sum + (wait - mean) ** 2, 0) / waits.length)
    expect(Math.abs(mean - meanWaitMs(line))).toBeLessThan((3 * deviation) / Math.sqrt(waits.length))
    for (const share of [0.1, 0.5, 0.9, 0.99]) {
      const quantile = waitQuantileMs(line, share)
      const within = waits.filter((wait) => wait <= quantile).length / waits.length
      const error = Math.sqrt((share * (1 - share)) / waits.length)
      expect(Math.abs(within - share), `${share}`).toBeLessThan(3 * error)
    }
  })

  test('of a long line is summed and integrated to the same', () => {
    const long = { ...state, ahead: 50_000 }
    let mean = 0
    for (let i = 0; i <= long.ahead; i++) mean += 1 / (long.agents / long.handleMs + i / long.patienceMs)
    expect(meanWaitMs(long) / mean).toBeCloseTo(1, 7)
    expect(waitedAtMost(long, waitQuantileMs(long, 0.9))).toBeCloseTo(0.9, 6)
  })

  test('of a long line is the exact one, far from the middle and beyond what a number can hold too', () => {
    const crowd = { ahead: 3_000, agents: 1_000, handleMs: 1_000, patienceMs: 100 * SECOND }
    for (const share of [1e-9, 0.5, 1 - 1e-9]) {
      expect(Math.abs(waitedAtMost(crowd, waitQuantileMs(crowd, share)) - share)).toBeLessThan(1e-12)
    }
    expect([waitedAtMost(crowd, 1), waitedAtMost(crowd, MINUTE)]).toEqual([0, 1])
  })

  test('costs little enough to be told to each of 50,000', () => {
    const long = { ahead: 50_000, agents: 1_000, handleMs: 240 * SECOND, patienceMs: 300 * SECOND }
    for (let told = 0; told < 200; told++) waitQuantileMs({ ...long, ahead: long.ahead - told }, 0.9)
    expect(waitQuantileMs(long, 0.9)).toBeCloseTo(1_124_963.4044, 3)
  })

  test('refuses a share that is none', () => {
    expect(() => waitQuantileMs(state, 1)).toThrow('found 1')
  })
})

describe('what callers are told', () => {
  const estimate = (p50Minutes: number, p90Minutes: number) => ({
    p50Ms: p50Minutes * MINUTE,
    p90Ms: p90Minutes * MINUTE,
  })
  const first = (p50: number, p90: number) => announce(undefined, estimate(p50, p90), 0)

  test.each([
    [0.1, 0.4, { says: 'between', fromMs: 0, upToMs: MINUTE }],
    [1.2, 2.07, { says: 'between', fromMs: MINUTE, upToMs: 3 * MINUTE }],
    [2, 2, { says: 'between', fromMs: 0, upToMs: 2 * MINUTE }],
    [9.5, 12.1, { says: 'between', fromMs: 9 * MINUTE, upToMs: 15 * MINUTE }],
    [27, 41, { says: 'between', fromMs: 25 * MINUTE, upToMs: 50 * MINUTE }],
    [55, 61, { says: 'more-than', fromMs: 60 * MINUTE }],
  ])('median %s, 90 %% within %s minutes', (p50, p90, announcement) => {
    expect(first(p50, p90).announcement).toEqual(announcement)
  })

  test('an hour and more is no promise', () => {
    expect(first(55, 61).told).toBeUndefined()
    expect(
      announce(undefined, { p50Ms: Number.POSITIVE_INFINITY, p90Ms: Number.POSITIVE_INFINITY }, 0),
    ).toEqual({ announcement: { says: 'more-than', fromMs: 60 * MINUTE }, told: undefined })
  })

  test('a number that would rise is not said', () => {
    const { told } = first(2, 4)
    const later = announce(told, estimate(2, 4.5), MINUTE)
    expect(later.announcement).toEqual({ says: 'longer-than-expected' })
    expect(announce(later.told, estimate(1, 4), 2 * MINUTE).announcement).toEqual({
      says: 'between',
      fromMs: MINUTE,
      upToMs: 4 * MINUTE,
    })
  })

  test('nor one that stays while the promise runs out', () => {
    const { told } = first(2, 4)
    expect(announce(told, estimate(2, 4), MINUTE).announcement.says).toBe('between')
    expect(announce(told, estimate(2, 4), 2.5 * MINUTE).announcement.says).toBe('longer-than-expected')
  })

  test('whatever the estimates are, the numbers never rise', () => {
    const random = new Random(5)
    for (let caller = 0; caller < 500; caller++) {
      let told: Told | undefined
      let last = Number.POSITIVE_INFINITY
      for (let now = 0; now < 30 * MINUTE; now += MINUTE) {
        const p50 = random.next() * 40
        const said = announce(told, estimate(p50, p50 * (1 + random.next())), now)
        told = said.told
        if (said.announcement.says !== 'between') continue
        expect(said.announcement.upToMs).toBeLessThanOrEqual(last)
        last = said.announcement.upToMs
      }
    }
  })
})

describe('the calibration', () => {
  /** Waits of exactly this distribution, callers with an exponential patience. */
  function played(patienceMs: number): Calibration {
    const random = new Random(23)
    const calibration = new Calibration()
    for (let caller = 0; caller < 40_000; caller++) {
      const line = { ...state, ahead: caller % 12 }
      const upToMs = Math.ceil(waitQuantileMs(line, 0.9) / MINUTE) * MINUTE
      const wait = playedWait(line, random)
      const patience = random.exponential(patienceMs)
      calibration.record({
        upToMs,
        predicted: waitedAtMost(line, upToMs),
        waitedMs: Math.min(wait, patience),
        answered: wait <= patience,
      })
    }
    return calibration
  }

  test.each([60 * MINUTE, 2 * MINUTE, MINUTE])('finds what is true when patience is %d ms', (patienceMs) => {
    const calibration = played(patienceMs)
    for (const minutes of [1, 2, 3, 4]) {
      const found = calibration.of(minutes * MINUTE)
      expect(found?.told).toBeGreaterThan(1_000)
      expect(Math.abs((found?.kept ?? 0) - (found?.predicted ?? 1)), `${minutes}`).toBeLessThan(0.01)
    }
  })

  test('notices promises that are not kept', () => {
    const calibration = new Calibration()
    for (let caller = 0; caller < 100; caller++) {
      calibration.record({
        upToMs: MINUTE,
        predicted: 0.9,
        waitedMs: caller < 30 ? 2 * MINUTE : 30 * SECOND,
        answered: true,
      })
    }
    expect(calibration.of(MINUTE)).toEqual({ told: 100, kept: 0.7, predicted: expect.closeTo(0.9) })
    expect(calibration.of(MINUTE - 1)).toBeUndefined()
  })

  test('survives JSON, and several add up', () => {
    const one = played(2 * MINUTE)
    const both = new Calibration()
    both.add(JSON.parse(JSON.stringify(one.snapshot())))
    expect(both.of(4 * MINUTE)).toEqual(one.of(4 * MINUTE))
    both.add(one.snapshot())
    expect(both.of(4 * MINUTE)?.told).toBe(2 * (one.of(4 * MINUTE)?.told ?? 0))
    expect(both.of(4 * MINUTE)?.kept).toBeCloseTo(one.of(4 * MINUTE)?.kept ?? 0, 12)
  })
})

/** One wait, stage by stage: the next departure is that of whoever is first, a finished talk or a caller giving up. */
function playedWait({ ahead, agents, handleMs, patienceMs }: WaitState, random: Random): number {
  let wait = 0
  for (let waiting = ahead; waiting >= 0; waiting--) {
    const rate = agents / handleMs + waiting / patienceMs
    wait += random.exponential(1 / rate)
  }
  return wait
}
