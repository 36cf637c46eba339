/**
 * How long somebody will wait who has `ahead` callers before them while all agents are busy: a sum of independent
 * exponential stages, one for each departure from the front. With i callers still ahead the next departure comes at
 * the rate n/h + i/p: one of n agents finishes, or one of the i gives up. That is the virtual wait of Erlang A
 * (Palm 1957; Garnett, Mandelbaum and Reiman 2002; Whitt 1999, "Predicting queueing delays").
 */

/** What is seen at one moment. All times in milliseconds. */
export interface WaitState {
  /** Callers who will be served before this one; 0 for the next. */
  readonly ahead: number
  /** Agents who serve this caller and are at work, all of them busy. */
  readonly agents: number
  /** Mean time that a contact keeps an agent: ringing, talk and wrap-up. */
  readonly handleMs: number
  /** Mean patience of a caller; Infinity where nobody gives up. */
  readonly patienceMs: number
}

/** From so many stages on, the rest of their sum is integrated: the error is below one in ten million. */
const SUMMED = 1_000

/** Mean wait in milliseconds; Infinity when nobody is at work. */
export function meanWaitMs({ ahead, agents, handleMs, patienceMs }: WaitState): number {
  if (agents <= 0) return Number.POSITIVE_INFINITY
  const served = agents / handleMs
  const givenUp = 1 / patienceMs
  let mean = 0
  const summed = Math.min(ahead, SUMMED - 1)
  for (let i = 0; i <= summed; i++) mean += 1 / (served + i * givenUp)
  if (summed === ahead) return mean
  if (givenUp === 0) return mean + (ahead - summed) / served
  const [from, to] = [served + (summed + 0.5) * givenUp, served + (ahead + 0.5) * givenUp]
  return mean + Math.log(to / from) / givenUp
}

/**
 * The probability that the wait is over within `ms`, given that the caller stays.
 *
 * The wait is over within t when more than `ahead` departures come until then. Their number grows as a birth process
 * from the back of the line, whose distribution is negative binomial (Poisson without impatience); its terms follow
 * one another by one multiplication.
 */
export function waitedAtMost(state: WaitState, ms: number): number {
  return progress(state, ms, lastTermOf(state)).over
}

/**
 * The time in milliseconds within which the wait is over with probability `share`, by Newton's method on the exact
 * distribution. Infinity when nobody is at work.
 * @param share above 0 and below 1: 0.5 for the median
 */
export function waitQuantileMs(state: WaitState, share: number): number {
  if (!(share > 0 && share < 1)) throw new RangeError(`a share between 0 and 1 was expected, found ${share}`)
  if (state.agents <= 0) return Number.POSITIVE_INFINITY
  const lastTerm = lastTermOf(state)
  let low = 0
  let high = meanWaitMs(state)
  while (progress(state, high, lastTerm).over < share) [low, high] = [high, 2 * high]
  let at = (low + high) / 2
  for (let round = 0; round < 100 && high - low > 1e-9 * high; round++) {
    const { over, density } = progress(state, at, lastTerm)
    if (over < share) low = at
    else high = at
    const next = at - (over - share) / density
    const before = at
    at = next > low && next < high ? next : (low + high) / 2
    if (Math.abs(at - before) < 1e-9 * at) break
  }
  return at
}

/** A term that is smaller than the sum by this factor changes nothing, nor do those behind it. */
const NEGLIGIBLE = 1e-17
/** `exp` of less is as good as nothing. */
const LEAST_EXPONENT = -700

/**
 * The probability that the wait is over within `ms`, and its density there (per millisecond).
 *
 * The probability that the wait is not over is a sum over all numbers of departures up to `ahead`. It is taken from the
 * last term downwards, which decides it: behind 50,000 callers only some hundred terms near the last one count.
 * @param lastTerm `lastTermOf` of the same state
 */
function progress(
  { ahead, agents, handleMs, patienceMs }: WaitState,
  ms: number,
  lastTerm: number,
): { readonly over: number; readonly density: number } {
  if (agents <= 0 || ms <= 0) return { over: 0, density: 0 }
  const served = agents / handleMs
  const givenUp = 1 / patienceMs
  // (1 - e^(-t/p)) p, and its limit t where nobody gives up.
  const growth = givenUp === 0 ? ms : -Math.expm1(-ms * givenUp) / givenUp
  const exponent = lastTerm + ahead * Math.log(growth) - served * ms
  if (exponent < LEAST_EXPONENT) {
    const moreIsLikely = ahead < growth * (served + (ahead - 1) * givenUp)
    return { over: moreIsLikely ? 1 : 0, density: 0 }
  }
  let term = 1
  let sum = 1
  for (let gone = ahead; gone > 0; gone--) {
    const ratio = gone / (growth * (served + (gone - 1) * givenUp))
    term *= ratio
    sum += term
    if (ratio < 1 && term < NEGLIGIBLE * sum) break
  }
  const last = Math.exp(exponent)
  return { over: Math.max(0, 1 - last * sum), density: last * (served + ahead * givenUp) }
}

/** Of the sum in `progress`: the logarithm of the last term, but for the factors that hang on the time. */
function lastTermOf({ ahead, agents, handleMs, patienceMs }: WaitState): number {
  const served = agents / handleMs
  const givenUp = 1 / patienceMs
  let logarithm = 0
  let product = 1
  for (let gone = 1; gone <= ahead; gone++) {
    product *= (served + (gone - 1) * givenUp) / gone
    // One logarithm for many factors: each costs more than all else here.
    if (product > 1e-200 && product < 1e200) continue
    logarithm += Math.log(product)
    product = 1
  }
  return logarithm + Math.log(product)
}
