import type { AgentId, Channel } from './ids.ts'
import type { LifeRules } from './life-rules.ts'
import type { Requirement } from './requirement.ts'

/** The rules that the engine goes by: what the files of the center say, as plain data. Times are milliseconds. */
export interface RoutingRules {
  readonly queues: readonly QueueRules[]
  readonly teams: readonly TeamRules[]
  /** Of every agent who brings no capacity of their own. */
  readonly capacity: CapacityRules
}

export interface QueueRules extends LifeRules {
  readonly id: string
  /** Who serves this queue. An agent belongs by the first entry whose requirement they meet. */
  readonly members: readonly Member[]
  /** Which of the free agents who qualify, and who are of the same preference, gets the contact. */
  readonly strategy: StrategyName
  /** With `ring-all`: how many free agents are rung at once; all of them where it is not given. */
  readonly ringAtOnce?: number
  /** 0 (first) to 9; 5 is ordinary. Contacts of a lower class always go first: those of a higher one may starve. */
  readonly strictClass: number
  /** For contacts that bring no steps. None: every member who meets the contact's requirement, from the start. */
  readonly steps: readonly Step[]
  /** After the time of the last step. */
  readonly afterwards: Afterwards
  /** Head start in the order, by priority 1 to 10: milliseconds of waiting that it is worth; 0 where none is given. */
  readonly headStartMs: Readonly<Record<number, number>>
  /** How long an offer stands. A phone that has rung until then has not answered (RONA). */
  readonly offerMs: number
  /** How long an agent has for the work after the talk; 0 for none. */
  readonly wrapUpMs: number
  /** No-answers in a row after which the agent is paused (RONA); 0 for never. */
  readonly noAnswerLimit: number
  /** How long an agent who rejected, did not answer or was busy is left alone. */
  readonly backOffMs: { readonly rejected: number; readonly noAnswer: number; readonly busy: number }
}

export interface Member {
  readonly who: Requirement
  /**
   * 1 (first) to 10. A free agent takes contacts of the queues of better preference first, whoever waits longer
   * elsewhere; a contact looks at the agents of better preference first, whatever the strategy says.
   */
  readonly preference: number
  /** These agents see a contact only when it has waited so long. */
  readonly delayMs: number
}

export const strategyNames = [
  'longest-idle',
  'most-skilled',
  'least-skilled',
  'fewest-contacts',
  'round-robin',
  'ring-all',
] as const
export type StrategyName = (typeof strategyNames)[number]

/**
 * A stage of a contact's plan. Its clock starts when the one before it ends, and runs on while somebody is being
 * rung. Who was allowed by an earlier step stays allowed, unless `only`.
 */
export interface Step {
  /**
   * - agents by name;
   * - a requirement;
   * - `named`: the agent that the contact names; a contact that names nobody passes over the step;
   * - `peers`: whoever meets the contact's requirement; for a contact without one, whoever holds the skills that
   *   the queue's membership names at the named agent's levels or better, as they were when the contact joined.
   *
   * Membership of the queue, and the contact's own requirement, hold besides; see `relax`.
   */
  readonly who: Requirement | { readonly agents: readonly AgentId[] } | 'named' | 'peers'
  /** After this time the next step begins; after the last step, what `afterwards` says. */
  readonly forMs: number
  /**
   * - `never` (the default): the step has its full time.
   * - `none-logged-in`: it ends at once when nobody of it is logged in, also in the middle.
   * - `none-free`: while nobody of it is free, the next step is asked as well; whoever comes free in its time is
   *   asked first again. The clocks of the later steps do not start earlier.
   */
  readonly skipWhen?: 'never' | 'none-logged-in' | 'none-free'
  /** Head start that the contact gains when the step begins, for good. */
  readonly boostMs?: number
  /** `contact`: the contact's own requirement no longer holds. `members`: nor does membership of the queue. */
  readonly relax?: 'nothing' | 'contact' | 'members'
  /** Those of earlier steps are not allowed any more. */
  readonly only?: boolean
}

/**
 * What becomes of a contact whose last step is over.
 * - `stay`: waits on, for everybody who was allowed last.
 * - `queue`: waits in another queue, by the steps of that one, with its time of joining kept. A queue in which the
 *   contact has been is not entered again: it stays then.
 * - `leave`: is out of the queue; the flow goes on with this reason. Whoever is being rung then has the offer to
 *   its end.
 */
export type Afterwards =
  | { readonly do: 'stay' }
  | { readonly do: 'overflow'; readonly queue: string }
  | { readonly do: 'leave'; readonly to: 'callback' | 'voicemail' | 'exit' }

/** A named set of agents, over departments and sites: whoever is listed, and whoever meets `who`. */
export interface TeamRules {
  readonly id: string
  readonly agents: readonly AgentId[]
  /** Names skills only. */
  readonly who?: Requirement
}

/** How many contacts an agent works on at the same time; wrap-up counts as work. */
export interface CapacityRules {
  /** Channel -> contacts; a channel that is not there: voice 1, any other 0. */
  readonly slots: Readonly<Partial<Record<Channel, number>>>
  /** While an agent has a contact of the first channel, so many of the second at most: `{ voice: { chat: 0 } }`. */
  readonly while: Readonly<Partial<Record<Channel, Readonly<Partial<Record<Channel, number>>>>>>
}

/** One call at a time, and nothing else. */
export const ONE_CALL: CapacityRules = { slots: { voice: 1 }, while: {} }
