import { describe, expect, test } from 'vitest'
import type { AgentView } from '../../../src/acd/contract.ts'
import { waitedAtMost, waitQuantileMs } from '../../../src/acd/estimate.ts'
import { announce } from '../../../src/acd/estimate-announcement.ts'
import { Calibration } from '../../../src/acd/estimate-calibration.ts'
import { errorsFrom } from '../../../src/simulation/batch-means.ts'
import { CenterSimulation } from '../../../src/simulation/center-simulation.ts'
import type { Observer, SimulatedContact } from '../../../src/simulation/simulator.ts'
import { MINUTE, planOf, streamOf } from './plans.ts'

/**
 * The routing engine, played, beside the formulas: within three standard errors by batch means, and with errors small
 * enough for that to mean something. A batch is a day: many times as long as a queue of this load remembers.
 */
describe.each([
  // The nearer load and agents are to each other, the longer a queue remembers.
  { formula: 'erlangC', patience: 'endless', cases: { 14: 6, 13: 6, 12: 8, 11: 13 } },
  { formula: 'erlangA', patience: 'two minutes', cases: { 14: 5, 12: 5, 11: 5, 9: 5 } },
] as const)('with $patience patience the simulation agrees with $formula', ({ formula, cases }) => {
  test.each(Object.entries(cases))('at %s agents', { timeout: 60_000 }, (agents, days) => {
    const patience = formula === 'erlangC' ? { patience: { kind: 'endless' } as const } : {}
    const streams = [streamOf('support', patience)]
    const plan = planOf(Number(agents), { days: days + 1, batches: days, streams })
    const { pools } = new CenterSimulation(plan).finish()
    const [pool] = pools
    if (!pool) throw new Error('one pool was expected')
    const expected = pool.expected[formula]
    const figures = [
      ['wait probability', pool.result.waited, expected.waitProbability, 0.1],
      ['service level', pool.result.serviceLevel, expected.serviceLevel, 0.05],
      ['speed of answer', pool.result.asa, expected.asa, 0.2],
      ['mean wait', pool.result.meanWait, expected.meanWait, 0.2],
      ['occupancy', pool.agents.occupancy, expected.occupancy, 0.02],
      ['abandonment', pool.result.abandonment, expected.abandonment, 0.1],
    ] as const
    for (const [figure, found, value, precision] of figures) {
      expect(Math.abs(errorsFrom(found, value)), figure).toBeLessThan(3)
      if (value > 0) expect(found.standardError / value, `error of the ${figure}`).toBeLessThan(precision)
    }
  })
})

/** Tells every caller who has to wait how long, once, and looks whether it came true. */
class Announcer implements Observer {
  readonly calibration = new Calibration()
  readonly #agents: number
  readonly #busy = new Set<string>()
  readonly #waiting = new Map<string, { upToMs: number; predicted: number } | undefined>()

  constructor(agents: number) {
    this.#agents = agents
  }

  arrived({ contact }: SimulatedContact, now: number): void {
    if (this.#busy.size < this.#agents) return void this.#waiting.set(contact, undefined)
    const ahead = this.#waiting.size
    const state = { ahead, agents: this.#agents, handleMs: 3 * MINUTE, patienceMs: 2 * MINUTE }
    const estimate = { p50Ms: waitQuantileMs(state, 0.5), p90Ms: waitQuantileMs(state, 0.9) }
    const { told } = announce(undefined, estimate, now)
    this.#waiting.set(contact, told && { upToMs: told.upToMs, predicted: waitedAtMost(state, told.upToMs) })
  }

  waited({ contact, arrival, outcome }: SimulatedContact, now: number): void {
    const told = this.#waiting.get(contact)
    this.#waiting.delete(contact)
    if (told)
      this.calibration.record({ ...told, waitedMs: now - arrival.at, answered: outcome === 'answered' })
  }

  agentChanged({ agent, slot }: AgentView): void {
    if (slot === 'free') this.#busy.delete(agent)
    else this.#busy.add(agent)
  }
}

test.each([9, 12])(
  'with %d agents announced waits come true as often as predicted, within 3 points',
  (agents) => {
    const announcer = new Announcer(agents)
    new CenterSimulation(planOf(agents, { days: 3, warmUpDays: 0, batches: 3 }), {
      observers: [announcer],
    }).finish()
    for (const minutes of [1, 2, 3]) {
      const found = announcer.calibration.of(minutes * MINUTE)
      expect(found?.told).toBeGreaterThan(1_000)
      expect(Math.abs((found?.kept ?? 0) - (found?.predicted ?? 1)), `${minutes} minutes`).toBeLessThan(0.03)
      expect(found?.predicted, 'the announced limit is the 90th percentile, rounded up').toBeGreaterThan(0.9)
    }
  },
)
