import { offeredLoad, type Performance } from './erlang.ts'
import { erlangAPerformance, type ImpatientLoad } from './erlang-a.ts'

/** What the long run is to be like; whatever is left out does not matter. */
export interface Target {
  /** At least this share answered within `threshold`: 0.8 and 20 s for 80/20. */
  readonly serviceLevel?: number
  readonly threshold: number
  /** A mean wait of the answered of at most this, in the unit of the load. */
  readonly asa?: number
  readonly abandonment?: number
  /** Agents busy at most this share of their time. */
  readonly occupancy?: number
}

/**
 * The lowest number of agents at work with whom every part of the target is met; Erlang A, or Erlang C where patience is
 * Infinity. More agents are never worse, so that the number is found by doubling and halving.
 * @throws RangeError for a target that no number of agents meets
 */
export function agentsFor(load: Omit<ImpatientLoad, 'agents'>, target: Target): number {
  const { serviceLevel = 0, asa = Number.POSITIVE_INFINITY, abandonment = 1, occupancy = 1 } = target
  if (!(serviceLevel < 1 && asa > 0 && abandonment > 0 && occupancy > 0)) {
    throw new RangeError(
      `a service level below 1 and limits above 0 were expected, found ${JSON.stringify(target)}`,
    )
  }
  const met = (agents: number): boolean => {
    const got: Performance = erlangAPerformance({ ...load, agents }, target.threshold)
    return (
      got.serviceLevel >= serviceLevel &&
      got.asa <= asa &&
      got.abandonment <= abandonment &&
      got.occupancy <= occupancy
    )
  }
  if (offeredLoad(load) === 0) return 0
  let tooFew = 0
  let enough = Math.max(1, Math.ceil(offeredLoad(load)))
  while (!met(enough)) [tooFew, enough] = [enough, 2 * enough]
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2)
    if (met(middle)) enough = middle
    else tooFew = middle
  }
  return enough
}

/**
 * How many are to be on the roster so that `agents` are at work.
 * @param shrinkage share of the paid time that is not spent at work (leave, breaks, training): 0 up to 1, without 1
 */
export function rostered(agents: number, shrinkage: number): number {
  if (!(shrinkage >= 0 && shrinkage < 1)) {
    throw new RangeError(`a shrinkage from 0 up to 1 was expected, found ${shrinkage}`)
  }
  return Math.ceil(agents / (1 - shrinkage))
}
