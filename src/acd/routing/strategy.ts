import type { AgentId, Skills } from '../contract.ts'

/** A free agent, as a strategy sees one. */
export interface FreeAgent {
  readonly id: AgentId
  readonly serial: number
  readonly skills: Skills
  /** Now minus the idle time so far, milliseconds since 1970. */
  readonly idleSince: number | undefined
}

/** Which of the free agents who qualify gets the contact. One file per strategy. */
export interface Strategy {
  readonly name: string
  /**
   * Negative when `one` comes first. A total order that does not change while both are free, and that is the same
   * for every requirement between agents of identical skills: groups of them are kept in this order.
   */
  compare(one: FreeAgent, other: FreeAgent): number
  /** Why the first of all was chosen, in words. */
  whyFirst(chosen: FreeAgent, now: number): string
  /** Why `loser` comes after `chosen`, in words. */
  whyLater(loser: FreeAgent, chosen: FreeAgent, now: number): string
}
