import { describe, expect, test } from 'vitest'
import { erlangB, erlangC, erlangCPerformance } from '../../../src/simulation/erlang.ts'
import { erlangAPerformance } from '../../../src/simulation/erlang-a.ts'
import { agentsFor, rostered } from '../../../src/simulation/staffing.ts'

/** 100 calls in half an hour, three minutes each; answered within 20 s. Seconds. */
const load = { arrivalRate: 100 / 1800, handleTime: 180 }
const THRESHOLD = 20

describe('Erlang B', () => {
  test.each([
    // A = 1: B(n) = (1/n!) / sum of 1/k!; the rest from the tables of blocked calls (ITU-D handbook, annex).
    [1, 1, 0.5],
    [1, 2, 0.2],
    [1, 3, 0.0625],
    [10, 0, 1],
    [10, 10, 0.2146],
    [100, 100, 0.0757],
  ])('%d erlangs on %d lines: %d', (erlangs, lines, blocked) => {
    expect(erlangB(erlangs, lines)).toBeCloseTo(blocked, 4)
  })

  test('works at 10,000 lines, where factorials would overflow', () => {
    // Heavy traffic (Jagerman 1974): B(A, A) is near sqrt(2 / (pi A)).
    expect(erlangB(10_000, 10_000) / Math.sqrt(2 / (Math.PI * 10_000))).toBeCloseTo(1, 1)
    expect(erlangB(5, 10_000)).toBe(0)
  })

  test('refuses a load or a number of lines that cannot be', () => {
    expect(() => erlangB(-1, 3)).toThrow('0 erlangs or more was expected, found -1')
    expect(() => erlangB(1, 2.5)).toThrow('a whole number of lines was expected, found 2.5')
  })
})

describe('Erlang C', () => {
  test.each([
    { agents: 14, pw: 0.1741, sl: 0.8884, asa: 7.84, occupancy: 0.714 },
    { agents: 13, pw: 0.2853, sl: 0.7956, asa: 17.12, occupancy: 0.769 },
    { agents: 12, pw: 0.4494, sl: 0.6402, asa: 40.44, occupancy: 0.833 },
    { agents: 11, pw: 0.6821, sl: 0.3896, asa: 122.78, occupancy: 0.909 },
  ])('with $agents agents', ({ agents, pw, sl, asa, occupancy }) => {
    const found = erlangCPerformance({ ...load, agents }, THRESHOLD)
    expect(found.waitProbability).toBeCloseTo(pw, 4)
    expect(found.serviceLevel).toBeCloseTo(sl, 4)
    expect(found.asa).toBeCloseTo(asa, 2)
    expect(found.meanWait).toBe(found.asa)
    expect(found.occupancy).toBeCloseTo(occupancy, 3)
  })

  test('the unit of time does not matter', () => {
    const seconds = erlangCPerformance({ ...load, agents: 12 }, THRESHOLD)
    const hours = erlangCPerformance({ arrivalRate: 200, handleTime: 0.05, agents: 12 }, THRESHOLD / 3600)
    expect(hours.serviceLevel).toBeCloseTo(seconds.serviceLevel, 12)
    expect(hours.asa * 3600).toBeCloseTo(seconds.asa, 9)
  })

  test('with too few agents everybody waits, for ever', () => {
    expect(erlangC(10, 10)).toBe(1)
    expect(erlangCPerformance({ ...load, agents: 10 }, THRESHOLD)).toMatchObject({
      waitProbability: 1,
      serviceLevel: 0,
      asa: Number.POSITIVE_INFINITY,
      occupancy: 1,
    })
  })

  test('at 10,000 agents follows the square-root rule of Halfin and Whitt (1981)', () => {
    const erlangs = 10_000 - 100
    // beta = (N - A) / sqrt(N) = 1: Pw = 1 / (1 + beta Phi(beta) / phi(beta)) = 0.2234.
    expect(erlangC(erlangs, 10_000)).toBeCloseTo(0.2234, 2)
  })
})

describe('Erlang A', () => {
  test.each([
    { agents: 14, pw: 0.127, sl: 0.9327, wait: 2.74, abandoned: 0.0228, occupancy: 0.698 },
    { agents: 12, pw: 0.2798, sl: 0.8256, wait: 7.39, abandoned: 0.0616, occupancy: 0.782 },
    { agents: 11, pw: 0.3828, sl: 0.7422, wait: 11.3, abandoned: 0.0942, occupancy: 0.8235 },
    { agents: 9, pw: 0.6133, sl: 0.5241, wait: 23.06, abandoned: 0.1922, occupancy: 0.898 },
  ])(
    'with $agents agents and a patience of two minutes',
    ({ agents, pw, sl, wait, abandoned, occupancy }) => {
      const found = erlangAPerformance({ ...load, agents, patience: 120 }, THRESHOLD)
      expect(found.waitProbability).toBeCloseTo(pw, 4)
      expect(found.serviceLevel).toBeCloseTo(sl, 4)
      expect(found.meanWait).toBeCloseTo(wait, 2)
      expect(found.abandonment).toBeCloseTo(abandoned, 4)
      expect(found.occupancy).toBeCloseTo(occupancy, 3)
      expect(found.asa, 'who is answered has waited less than who gave up').toBeLessThan(found.meanWait)
    },
  )

  test('becomes Erlang C when patience grows', () => {
    const patient = erlangAPerformance({ ...load, agents: 11, patience: 1e9 }, THRESHOLD)
    const endless = erlangAPerformance({ ...load, agents: 11, patience: Number.POSITIVE_INFINITY }, THRESHOLD)
    expect(endless).toEqual(erlangCPerformance({ ...load, agents: 11 }, THRESHOLD))
    for (const figure of ['waitProbability', 'serviceLevel', 'occupancy'] as const) {
      expect(patient[figure], figure).toBeCloseTo(endless[figure], 4)
    }
    expect(patient.asa / endless.asa).toBeCloseTo(1, 4)
  })

  test('one agent whose callers are as impatient as talks are short is a queue without limit', () => {
    // theta = mu: the number present is Poisson with the load as its mean (M/M/infinity).
    const found = erlangAPerformance({ arrivalRate: 3, handleTime: 1, agents: 1, patience: 1 }, 0)
    expect(found.waitProbability).toBeCloseTo(1 - Math.exp(-3), 12)
    expect(found.serviceLevel).toBeCloseTo(Math.exp(-3), 12)
    expect(found.occupancy).toBeCloseTo(1 - Math.exp(-3), 12)
  })

  test('works at 10,000 agents, with a load that is too small, even, or twice too large', () => {
    const large = (erlangs: number, patience: number) =>
      erlangAPerformance({ arrivalRate: erlangs / 180, handleTime: 180, agents: 10_000, patience }, THRESHOLD)
    expect(large(10, 120)).toMatchObject({ waitProbability: 0, abandonment: 0, serviceLevel: 1 })
    expect(large(9_900, 120).abandonment).toBeCloseTo(0.001, 4)
    // Fluid limit: the surplus half gives up, all agents are busy.
    expect(large(20_000, 1_000).abandonment).toBeCloseTo(0.5, 9)
    expect(large(20_000, 1_000).occupancy).toBeCloseTo(1, 9)
  })

  test('nobody there, nobody calling', () => {
    const closed = erlangAPerformance({ ...load, agents: 0, patience: 120 }, THRESHOLD)
    expect(closed).toMatchObject({ waitProbability: 1, serviceLevel: 0 })
    expect(closed.abandonment).toBeCloseTo(1, 12)
    const quiet = erlangAPerformance({ arrivalRate: 0, handleTime: 180, agents: 3, patience: 120 }, THRESHOLD)
    expect(quiet).toMatchObject({ waitProbability: 0, serviceLevel: 1, abandonment: 0, occupancy: 0 })
  })

  test('refuses a patience that cannot be', () => {
    expect(() => erlangAPerformance({ ...load, agents: 3, patience: 0 }, 20)).toThrow('above 0')
  })
})

describe('staffing', () => {
  const target = { serviceLevel: 0.8, threshold: THRESHOLD }

  test('80/20 takes 14 agents by Erlang C, 12 when callers give up', () => {
    expect(agentsFor({ ...load, patience: Number.POSITIVE_INFINITY }, target)).toBe(14)
    expect(agentsFor({ ...load, patience: 120 }, target)).toBe(12)
  })

  test('every part of a target counts', () => {
    const patience = Number.POSITIVE_INFINITY
    expect(agentsFor({ ...load, patience }, { threshold: 0, asa: 20 })).toBe(13)
    expect(agentsFor({ ...load, patience }, { ...target, occupancy: 0.7 })).toBe(15)
    expect(agentsFor({ ...load, patience: 120 }, { threshold: 0, abandonment: 0.05 })).toBe(13)
  })

  test('is the lowest number that does, at any size', () => {
    const many = { arrivalRate: 9_000 / 180, handleTime: 180, patience: Number.POSITIVE_INFINITY }
    const agents = agentsFor(many, target)
    expect(erlangCPerformance({ ...many, agents }, THRESHOLD).serviceLevel).toBeGreaterThanOrEqual(0.8)
    expect(erlangCPerformance({ ...many, agents: agents - 1 }, THRESHOLD).serviceLevel).toBeLessThan(0.8)
  })

  test('no calls take nobody; what cannot be met is refused', () => {
    expect(agentsFor({ arrivalRate: 0, handleTime: 180, patience: 120 }, target)).toBe(0)
    expect(() => agentsFor({ ...load, patience: 120 }, { serviceLevel: 1, threshold: 20 })).toThrow('below 1')
  })

  test('shrinkage: with 30 % of the time away, 14 at work are 20 on the roster', () => {
    expect(rostered(14, 0.3)).toBe(20)
    expect(rostered(14, 0)).toBe(14)
    expect(() => rostered(14, 1)).toThrow('found 1')
  })
})
