import { erlangB, erlangCPerformance, type Load, offeredLoad, type Performance } from './erlang.ts'

/** A load whose callers do not wait for ever. */
export interface ImpatientLoad extends Load {
  /** Mean patience, exponential, in the unit of the load; Infinity gives Erlang C. */
  readonly patience: number
}

/** A term that is smaller than this beside the sum adds nothing to it. */
const NEGLIGIBLE = 1e-18
/** Beyond this, terms and sums are scaled down together: an overloaded large center would overflow. */
const LARGE = 1e200
/** e to this power adds nothing to a probability. */
const SMALLEST_LOGARITHM = -50

/**
 * Erlang A (M/M/N+M; Palm 1957, Garnett, Mandelbaum and Reiman 2002): contacts come at the rate a, n agents finish at
 * n/h, and with k waiting one of them gives up at k/p. The probabilities of this birth-death chain are summed relative
 * to that of "all busy, nobody waits"; those below it are 1/B(N, A), by Erlang B.
 *
 * A contact that finds k waiting is answered within T when k+1 depart before T and before its own patience ends. Both
 * together have the same form as the wait alone: with r(i) = N/h + i/p,
 * P(answered within T) = r(0)/r(k+1) P(departures at rates r(1), r(2) ... within T exceed k).
 *
 * Of all contacts `serviceLevel` is the share that is answered within the threshold. Every load is stable.
 * @param threshold in the unit of the load
 */
export function erlangAPerformance(load: ImpatientLoad, threshold: number): Performance {
  const { arrivalRate, handleTime, agents, patience } = load
  if (patience === Number.POSITIVE_INFINITY) return erlangCPerformance(load, threshold)
  if (!(patience > 0)) throw new RangeError(`a patience above 0 was expected, found ${patience}`)
  const erlangs = offeredLoad(load)
  const served = agents / handleTime
  const givenUp = 1 / patience
  const answered = answeredWithin(served, givenUp, threshold)

  let withoutWait = 1 / erlangB(erlangs, agents) - 1
  let term = 1
  let waiting = 0
  let inQueue = 0
  let answeredSoon = 0
  let answeredWait = 0
  let stages = 0
  for (let queue = 0; ; queue++) {
    const next = served + (queue + 1) * givenUp
    const stays = served / next
    stages += 1 / next
    waiting += term
    inQueue += queue * term
    answeredSoon += term * stays * answered.next()
    answeredWait += term * stays * stages
    term *= arrivalRate / next
    if (term < NEGLIGIBLE * waiting && arrivalRate < next) break
    if (term > LARGE) {
      term /= LARGE
      withoutWait /= LARGE
      waiting /= LARGE
      inQueue /= LARGE
      answeredSoon /= LARGE
      answeredWait /= LARGE
    }
  }
  const all = withoutWait + waiting
  const share = (part: number): number => (all === Number.POSITIVE_INFINITY ? 0 : part / all)
  const queueLength = share(inQueue)
  const abandonment = arrivalRate === 0 ? 0 : (givenUp * queueLength) / arrivalRate
  return {
    waitProbability: share(waiting),
    serviceLevel: 1 - share(waiting) + share(answeredSoon),
    asa: share(answeredWait) / (1 - abandonment),
    meanWait: abandonment * patience,
    abandonment,
    occupancy: agents === 0 ? 1 : (erlangs * (1 - abandonment)) / agents,
  }
}

/**
 * For 0, 1, 2 ... waiting: the probability that a birth process with the rates r(1), r(2), ... makes more steps than
 * that within `time`; one minus a sum of negative binomial terms. In logarithms, as the first may be below e^-745.
 */
function answeredWithin(served: number, givenUp: number, time: number): { readonly next: () => number } {
  const growth = -Math.expm1(-time * givenUp) / givenUp
  let term = -(served + givenUp) * time
  let answered = -Math.expm1(term)
  let steps = 0
  let over = false
  return {
    next: () => {
      const found = answered
      steps++
      const ratio = (growth * (served + steps * givenUp)) / steps
      if (over) return found
      term += Math.log(ratio)
      answered = Math.max(0, answered - Math.exp(term))
      over = ratio < 1 && term < SMALLEST_LOGARITHM
      return found
    },
  }
}
