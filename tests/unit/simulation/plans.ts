import type { QueueRules } from '../../../src/acd/contract.ts'
import { ANYONE } from '../../../src/acd/requirement.ts'
import { DAY_MS, type Stream } from '../../../src/simulation/arrivals.ts'
import { type CenterPlan, MONDAY } from '../../../src/simulation/center-plan.ts'

export const MINUTE = 60_000

export function queueOf(id: string, changes: Partial<QueueRules> = {}): QueueRules {
  return {
    id,
    members: [{ who: ANYONE, preference: 1, delayMs: 0 }],
    strategy: 'longest-idle',
    strictClass: 5,
    steps: [],
    afterwards: { do: 'stay' },
    headStartMs: {},
    offerMs: 20_000,
    wrapUpMs: 0,
    noAnswerLimit: 0,
    backOffMs: { rejected: 0, noAnswer: 0, busy: 0 },
    ...changes,
  }
}

/** A hundred contacts every half hour around the clock, three minutes each, all exponential. */
export function streamOf(queue: string, changes: Partial<Stream> = {}): Stream {
  return {
    name: queue,
    perInterval: Array.from({ length: 48 }, () => 100),
    intervalMs: 30 * MINUTE,
    talk: { kind: 'exponential', meanMs: 3 * MINUTE },
    patience: { kind: 'exponential', meanMs: 2 * MINUTE },
    requests: [{ share: 1, request: { queue, requirement: ANYONE, priority: 5 } }],
    ...changes,
  }
}

/** One queue, equal agents, answered at once: what the formulas of Erlang are about. */
export function planOf(agents: number, changes: Partial<CenterPlan> = {}): CenterPlan {
  return {
    name: 'one queue',
    seed: 1,
    start: MONDAY,
    days: 7,
    warmUpDays: 1,
    batches: 6,
    open: { fromMs: 0, toMs: DAY_MS },
    intervalMs: 30 * MINUTE,
    thresholdMs: 20_000,
    shortAbandonMs: 0,
    rules: { queues: [queueOf('support')], teams: [], capacity: { slots: { voice: 1 }, while: {} } },
    profiles: [{ name: 'agents', agents: names('agent', agents), skills: {}, breaks: [] }],
    streams: [streamOf('support')],
    answering: { afterMs: 0, missed: 0 },
    ...changes,
  }
}

export function names(what: string, count: number): string[] {
  return Array.from({ length: count }, (_, number) => `${what}-${number + 1}`)
}
