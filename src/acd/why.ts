import type { AgentId, Channel, ContactId } from './ids.ts'

/** Where a contact stands in the order of service, and what that is made of. */
export interface OrderParts {
  /** Lower ones always go first. */
  readonly strictClass: number
  readonly joinedAt: number
  /** Waiting that is added to the real one: of the priority, of a business rule, of the steps so far. */
  readonly headStartMs: number
  readonly adjustmentMs: number
  readonly boostMs: number
  /** What supervisors have done with it, in order; absent when nothing. */
  readonly acts?: readonly SupervisorAct[]
}

export interface SupervisorAct {
  readonly at: number
  /** The supervisor. */
  readonly by: string
  /** In words: "moved from billing to support", "assigned to ana". */
  readonly did: string
}

/** The step of the contact's plan that chose, or that is in force. */
export interface StepInForce {
  /** From 1. */
  readonly number: number
  /** How many steps the plan has. */
  readonly of: number
  /** Who is asked, in words: "named agent ana", "billing:3 or team:vip", "every member". */
  readonly who: string
  /** How long the step has run. */
  readonly sinceMs: number
  /** When its time is up; absent when it has no end. */
  readonly leftMs?: number
  /** In words, why later steps are asked already or earlier ones were left early. */
  readonly skipped: readonly string[]
}

/** Why this agent got this contact: who was considered, and why each of the others did not get it. */
export interface Explanation extends OrderParts {
  readonly contact: ContactId
  readonly queue: string
  readonly channel: Channel
  readonly decidedAt: number
  readonly waitedMs: number
  readonly step: StepInForce
  /** What an agent must meet, in words: the queue's membership, the contact's requirement and the step together. */
  readonly required: string
  readonly strategy: string
  readonly chosen: AgentId
  /**
   * The chosen agent first, then those ranked lower, then those rejected. Everybody on a floor of up to 50 agents;
   * on a larger one the named agents, those who refused this contact, and the ten that came closest.
   */
  readonly candidates: readonly Candidate[]
  /** Everybody else, counted by reason. */
  readonly others: readonly ReasonCount[]
}

/** Why a contact still waits: what it waits for, and why each who could serve it does not. */
export interface WaitingExplanation extends OrderParts {
  readonly contact: ContactId
  readonly queue: string
  readonly channel: Channel
  readonly askedAt: number
  readonly waitedMs: number
  /** `callback`: the customer is to be called, and that cannot be offered now. */
  readonly state: 'waiting' | 'offered' | 'callback'
  /** In the queue; 1 is next. */
  readonly position: number
  readonly step: StepInForce
  readonly required: string
  /** In a sentence: "4 agents could serve it now: 3 talking, 1 paused". */
  readonly summary: string
  readonly candidates: readonly Candidate[]
  readonly others: readonly ReasonCount[]
}

export interface ReasonCount {
  readonly reason: LosingReason
  readonly agents: number
}

/** What decided between those who were free, in the order in which it counts: `{ preference: 1, idleMs: 12000 }`. */
export type Score = Readonly<Record<string, number>>

export type Candidate =
  | {
      readonly agent: AgentId
      readonly verdict: 'chosen'
      readonly because: string
      readonly score: Score
    }
  | {
      readonly agent: AgentId
      /** `ranked-lower`: could have had it. `rejected`: could not. */
      readonly verdict: 'ranked-lower' | 'rejected'
      readonly reason: LosingReason
      /** In a sentence: "billing 2 is below 3", "talking", "refused this contact", "idle 12 s, less than ana". */
      readonly because: string
      /** Of those who could have had it. */
      readonly score?: Score
    }

export type LosingReason =
  | 'ranked-lower'
  | 'refused-this-contact'
  /** Does not meet the queue's membership or the contact's requirement. */
  | 'lacks-skills'
  /** Would do, but the step in force does not ask them. */
  | 'not-in-step'
  /** Would do, but their group sees a contact only when it has waited longer. */
  | 'not-yet'
  | 'being-offered'
  | 'talking'
  | 'wrapping-up'
  /** Has as much as capacity allows, in this channel or because of another. */
  | 'at-capacity'
  | 'left-alone'
  | 'paused'
  | 'device-unregistered'
  | 'device-failed'
  | 'logged-out'
