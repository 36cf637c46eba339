import { atWork, type CenterPlan } from './center-plan.ts'
import { type Distribution, draws, meanOf } from './distribution.ts'
import type { Performance } from './erlang.ts'
import { erlangAPerformance } from './erlang-a.ts'
import type { Pool } from './pools.ts'
import { Random } from './random.ts'

/** What the formulas say of a pool in which everybody could do everything: a bound where that is not so. Seconds. */
export interface Expected {
  readonly erlangC: Performance
  readonly erlangA: Performance
  /** Share answered within so many seconds, by Erlang A. */
  readonly answeredWithin: readonly { readonly seconds: number; readonly share: number }[]
}

/** An interval of the day. Seconds. */
interface Period {
  readonly contacts: number
  readonly arrivalRate: number
  /** Mean of talk and wrap-up. */
  readonly work: number
  readonly patience: number
  readonly agents: number
}

const SECONDS = [0, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 450, 600]

/**
 * Erlang C and A, interval by interval, each as if it lasted for ever (the stationary independent periods of Green,
 * Kolesar and Soares 2001); then the mean over the contacts.
 */
export function expectedOf(plan: CenterPlan, pool: Pool): Expected {
  const ringing = plan.answering.afterMs / 1000
  const periods = periodsOf(plan, pool)
  const erlangA = (threshold: number): Performance =>
    mean(periods.map((period) => [period, withRinging(period, ringing, threshold)]))
  const patient = periods.map((period) => ({ ...period, patience: Number.POSITIVE_INFINITY }))
  const threshold = plan.thresholdMs / 1000
  return {
    erlangC: mean(patient.map((period) => [period, withRinging(period, ringing, threshold)])),
    erlangA: erlangA(threshold),
    answeredWithin: [...new Set([...SECONDS, ringing])]
      .sort((one, other) => one - other)
      .map((seconds) => ({ seconds, share: erlangA(seconds).serviceLevel })),
  }
}

function periodsOf(plan: CenterPlan, { queues, profiles }: Pool): Period[] {
  const { open, intervalMs } = plan
  const streams = plan.streams
    .filter(({ requests }) => requests.some(({ request }) => queues.includes(request.queue)))
    .map((stream) => {
      const queue = plan.rules.queues.find(({ id }) => id === stream.requests[0]?.request.queue)
      const wrapUpMs = meanUpTo(stream.wrapUp, queue?.wrapUpMs ?? 0)
      return { ...stream, workMs: meanOf(stream.talk) + wrapUpMs }
    })
  const periods: Period[] = []
  for (let from = open.fromMs; from < open.toMs; from += intervalMs) {
    const contacts = streams.map(({ perInterval }) => perInterval[Math.floor(from / intervalMs)] ?? 0)
    const all = contacts.reduce((sum, each) => sum + each, 0)
    if (all === 0) continue
    const meanOver = (of: (stream: (typeof streams)[number]) => number): number =>
      streams.reduce((sum, stream, at) => sum + (contacts[at] ?? 0) * of(stream), 0) / all
    const agents = profiles.reduce((sum, profile) => sum + atWork(profile, from, from + intervalMs), 0)
    periods.push({
      contacts: all,
      arrivalRate: all / (intervalMs / 1000),
      work: meanOver(({ workMs }) => workMs) / 1000,
      patience: 1 / meanOver(({ patience }) => 1000 / meanOf(patience)),
      agents: Math.round(agents),
    })
  }
  return periods
}

/** Who is rung for still waits, and may give up even then. */
function withRinging(
  { arrivalRate, work, patience, agents }: Period,
  ringing: number,
  threshold: number,
): Performance {
  const endless = patience === Number.POSITIVE_INFINITY
  const stays = endless ? 1 : Math.exp(-ringing / patience)
  const rung = endless ? ringing : patience * (1 - stays)
  const load = { arrivalRate, handleTime: rung + stays * work, agents, patience }
  const inQueue = erlangAPerformance(load, Math.max(0, threshold - ringing))
  return {
    ...inQueue,
    serviceLevel: threshold < ringing ? 0 : inQueue.serviceLevel * stays,
    asa: inQueue.asa + ringing,
    meanWait: inQueue.meanWait + (1 - inQueue.abandonment) * rung,
    abandonment: 1 - (1 - inQueue.abandonment) * stays,
  }
}

function mean(parts: readonly (readonly [Period, Performance])[]): Performance {
  type Of = (is: Performance) => number
  const weighted = (of: Of, weight: (period: Period, is: Performance) => number): number => {
    const sum = parts.reduce((total, [period, is]) => total + weight(period, is), 0)
    return parts.reduce((total, [period, is]) => total + weight(period, is) * of(is), 0) / sum
  }
  const overAll = (of: Of): number => weighted(of, ({ contacts }) => contacts)
  return {
    waitProbability: overAll((is) => is.waitProbability),
    serviceLevel: overAll((is) => is.serviceLevel),
    asa: weighted(
      (is) => is.asa,
      ({ contacts }, is) => contacts * (1 - is.abandonment),
    ),
    meanWait: overAll((is) => is.meanWait),
    abandonment: overAll((is) => is.abandonment),
    occupancy: weighted(
      (is) => is.occupancy,
      ({ agents }) => agents,
    ),
  }
}

/** Mean of a time that is cut off; without a distribution it always lasts that long. */
function meanUpTo(distribution: Distribution | undefined, longestMs: number): number {
  if (!distribution) return longestMs
  const draw = draws(distribution, new Random(1, 'mean'))
  const DRAWS = 50_000
  let sum = 0
  for (let i = 0; i < DRAWS; i++) sum += Math.min(draw(), longestMs)
  return sum / DRAWS
}
