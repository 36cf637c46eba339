import { atWork, type CenterPlan } from './center-plan.ts'
import { type Distribution, draws, meanOf } from './distribution.ts'
import { erlangCPerformance, type Performance } from './erlang.ts'
import { erlangAPerformance } from './erlang-a.ts'
import type { Pool } from './pools.ts'
import { Random } from './random.ts'

/** What the formulas say of a pool in which everybody could do everything: a bound where that is not so. */
export interface Expected {
  readonly erlangC: Performance
  readonly erlangA: Performance
}

/**
 * Erlang C and A, interval by interval, each as if it lasted for ever (the stationary independent periods of Green,
 * Kolesar and Soares 2001); then the mean over the contacts. Times in seconds. Waits include the time of ringing.
 */
export function expectedOf(plan: CenterPlan, pool: Pool): Expected {
  const streams = plan.streams
    .filter(({ requests }) => requests.some(({ request }) => pool.queues.includes(request.queue)))
    .map((stream) => {
      const queue = plan.rules.queues.find(({ id }) => id === stream.requests[0]?.request.queue)
      const wrapUpMs = queue ? meanUpTo(stream.wrapUp, queue.wrapUpMs) : 0
      return { ...stream, handleMs: plan.answering.afterMs + meanOf(stream.talk) + wrapUpMs }
    })
  const ringing = plan.answering.afterMs / 1000
  const periods = []
  const { open, intervalMs } = plan
  for (let from = open.fromMs; from < open.toMs; from += intervalMs) {
    const contacts = streams.map(({ perInterval }) => perInterval[Math.floor(from / intervalMs)] ?? 0)
    const all = contacts.reduce((sum, each) => sum + each, 0)
    const mean = (of: (stream: (typeof streams)[number]) => number): number =>
      streams.reduce((sum, stream, at) => sum + (contacts[at] ?? 0) * of(stream), 0) / all
    if (all === 0) continue
    const agents = pool.profiles.reduce((sum, profile) => sum + atWork(profile, from, from + intervalMs), 0)
    periods.push({
      contacts: all,
      load: {
        arrivalRate: all / (intervalMs / 1000),
        handleTime: mean(({ handleMs }) => handleMs) / 1000,
        patience: 1 / mean(({ patience }) => 1000 / meanOf(patience)),
        agents: Math.round(agents),
      },
    })
  }
  const threshold = Math.max(0, plan.thresholdMs / 1000 - ringing)
  return {
    erlangC: over(
      periods.map(({ contacts, load }) => ({ contacts, load, is: erlangCPerformance(load, threshold) })),
      ringing,
    ),
    erlangA: over(
      periods.map(({ contacts, load }) => ({ contacts, load, is: erlangAPerformance(load, threshold) })),
      ringing,
    ),
  }
}

interface Period {
  readonly contacts: number
  readonly load: { readonly agents: number }
  readonly is: Performance
}

function over(periods: readonly Period[], ringing: number): Performance {
  const mean = (of: (period: Period) => number, weight: (period: Period) => number): number => {
    const sum = periods.reduce((total, period) => total + weight(period), 0)
    return periods.reduce((total, period) => total + weight(period) * of(period), 0) / sum
  }
  const contacts = (period: Period): number => period.contacts
  const answered = ({ contacts: all, is }: Period): number => all * (1 - is.abandonment)
  return {
    waitProbability: mean(({ is }) => is.waitProbability, contacts),
    serviceLevel: mean(({ is }) => is.serviceLevel, contacts),
    asa: mean(({ is }) => is.asa, answered) + ringing,
    meanWait: mean(({ is }) => is.meanWait + ringing * (1 - is.abandonment), contacts),
    abandonment: mean(({ is }) => is.abandonment, contacts),
    occupancy: mean(
      ({ is }) => is.occupancy,
      ({ load }) => load.agents,
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
