import type { AgentId, Skills } from '../ids.ts'

/** A free agent, as a strategy sees one. */
export interface FreeAgent {
  readonly id: AgentId
  /** Order of becoming known: the last tie-breaker. */
  readonly serial: number
  readonly skills: Skills
  /** What is in hand already, where capacity allows more. */
  readonly work: readonly unknown[]
  /** Now minus the idle time so far; undefined with work in hand. */
  readonly idleSince: number | undefined
  readonly since: number
  /** When the agent was last given an offer. */
  readonly givenAt: number
  /** Contacts since signing in. */
  readonly handled: number
  /** Number of the last offer. */
  readonly turn: number
}

/** The orders in which the free agents of one profile are kept. Total, and fixed while an agent stays free. */
export const seatOrders = {
  /** With less in hand first; then who has been idle, or has been given nothing, for longer. */
  idle: (one: FreeAgent, other: FreeAgent): number =>
    one.work.length - other.work.length ||
    restingSince(one) - restingSince(other) ||
    one.serial - other.serial,
  contacts: (one: FreeAgent, other: FreeAgent): number =>
    one.handled - other.handled || seatOrders.idle(one, other),
  rotation: (one: FreeAgent, other: FreeAgent): number => one.turn - other.turn || one.serial - other.serial,
} as const

export type SeatOrder = keyof typeof seatOrders

function restingSince(agent: FreeAgent): number {
  return agent.work.length > 0 ? agent.givenAt : (agent.idleSince ?? agent.since)
}
