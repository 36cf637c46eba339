import type { Skills } from '../ids.ts'
import type { StrategyName } from '../rules.ts'
import type { Score } from '../why.ts'
import type { FreeAgent, SeatOrder } from './seat-order.ts'

/** Which of the free agents who qualify, and who are of the same preference, gets the contact. One file each. */
export interface Strategy {
  readonly name: StrategyName
  /**
   * What the skills alone decide: lower comes first. A whole number from 0 up to 99,999,999, worked out once for
   * everybody of the same skills. Undefined where skills decide nothing.
   * @param asked the skills that queue and contact ask for
   */
  readonly rank?: (held: Skills, asked: readonly string[]) => number
  /** Decides between agents of the same rank. */
  readonly order: SeatOrder
  /** Rings several at once. */
  readonly ringsAll?: boolean
  /** What decided, in the order in which it counts. */
  score(agent: FreeAgent, asked: readonly string[], now: number): Score
  /** Why the first of all was chosen, in words. */
  whyFirst(chosen: FreeAgent, asked: readonly string[], now: number): string
  /** Why `loser` comes after `chosen`, in words. */
  whyLater(loser: FreeAgent, chosen: FreeAgent, asked: readonly string[], now: number): string
}
