import type { AgentId, Channel, ContactId, OfferId, Skills } from './ids.ts'
import type { LifeEffect, LifeInput } from './life-inputs.ts'
import type { Requirement } from './requirement.ts'
import type { Afterwards, CapacityRules, RoutingRules, Step } from './rules.ts'
import type { AgentView } from './view.ts'
import type { Explanation } from './why.ts'

/**
 * What goes into the routing engine and what comes out. Plain data with opaque ids: never numbers, names or
 * digits. All times are milliseconds since 1970; the engine is told the time with every input.
 */

export type { AgentId, Channel, ContactId, OfferId, Skills } from './ids.ts'
export type { CallbackMode, CallbackOutcome, LifeEffect, LifeInput, TurnedAway } from './life-inputs.ts'
export type { CallbackRules, JoinRules, LastAgentRules, LeaveRules, LifeRules } from './life-rules.ts'
export type { Requirement } from './requirement.ts'
export type {
  Afterwards,
  CapacityRules,
  Member,
  QueueRules,
  RoutingRules,
  Step,
  StrategyName,
  TeamRules,
} from './rules.ts'
export type { AgentView, ContactView, QueueView, WorkView } from './view.ts'
export type { Candidate, Explanation, LosingReason, WaitingExplanation } from './why.ts'

export interface ContactRequest {
  readonly contact: ContactId
  readonly queue: string
  /** `voice` where none is given. */
  readonly channel?: Channel
  /** What the contact needs beyond the queue's membership. */
  readonly requirement: Requirement
  /** The agent whom steps with `named` ask. Needs what everybody needs, unless the step says otherwise. */
  readonly named?: AgentId
  /** In place of the queue's. */
  readonly steps?: readonly Step[]
  /** After these steps; in place of the queue's. */
  readonly afterwards?: Afterwards
  /** 1 (first) to 10 (last); what it is worth is the queue's rule. */
  readonly priority: number
  /** Head start (or, below 0, handicap) that a business rule gives, milliseconds. */
  readonly adjustmentMs?: number
  /** Opaque key of the customer or caller: the same for the same person. */
  readonly customer?: string
  /** How long it would have to wait, as far as can be said, milliseconds. */
  readonly estimateMs?: number
}

/**
 * An input that does not fit the present state (an unknown agent, an offer that is over, a contact that is
 * queued already, a timer that was stopped) changes nothing and has no effects.
 */
export type AcdInput =
  | LifeInput
  /**
   * All rules; they replace those that were there. Whoever waits keeps place and head start. The contacts of a queue
   * that is gone are still served. `hash` names the files that they come from.
   */
  | { readonly type: 'rules.configured'; readonly rules: RoutingRules; readonly hash?: string }
  /** A person exists, or their skills or capacity changed. Takes effect for the next decision. */
  | {
      readonly type: 'agent.known'
      readonly agent: AgentId
      readonly skills: Skills
      /** Where none is given, that of the rules. */
      readonly capacity?: CapacityRules
    }
  /** A person is no longer an agent: signed out, at the end of the talk if there is one, and then gone. */
  | { readonly type: 'agent.forgotten'; readonly agent: AgentId }
  /** `paused` with reason `signed-in` until the first `agent.available`. Takes back a pending sign-out. */
  | { readonly type: 'agent.signed-in'; readonly agent: AgentId }
  /** Ends a pause, takes back a pending pause or sign-out, and gives a failed device another try. */
  | { readonly type: 'agent.available'; readonly agent: AgentId }
  /** Pending while the agent is in an offer, a talk or wrap-up; in force at the end of it. */
  | { readonly type: 'agent.paused'; readonly agent: AgentId; readonly reason: string }
  /** Pending during a talk, and then there is no wrap-up. Rescinds an offer and ends a wrap-up at once. */
  | { readonly type: 'agent.signed-out'; readonly agent: AgentId }
  /** The agent's phone can be rung (again). Agents begin as `unregistered`. */
  | { readonly type: 'device.ok'; readonly agent: AgentId }
  /** Ends an offer that stands as `device-failed`; a talk goes on. */
  | { readonly type: 'device.unregistered'; readonly agent: AgentId }
  | ({ readonly type: 'contact.queued' } & ContactRequest)
  /**
   * The caller is gone, or the flow took the contact back. Cancels its offer; ends a talk as `contact.ended` does.
   * `lost`: through a failure of ours.
   */
  | {
      readonly type: 'contact.left'
      readonly contact: ContactId
      readonly reason: 'abandoned' | 'left' | 'lost'
    }
  /** The agent's phone is being rung now (the INVITE went out): `reserved` becomes `offered`. */
  | { readonly type: 'offer.ringing'; readonly offer: OfferId }
  /** The agent's phone was answered. After the end of the offer it connects nobody: hang the phone up. */
  | { readonly type: 'offer.accepted'; readonly offer: OfferId }
  /** The agent refused, or the phone did it for them. */
  | { readonly type: 'offer.refused'; readonly offer: OfferId; readonly cause: RefusalCause }
  /** The talk is over. Wrap-up begins, where the queue has one: `wrap-up.started` is among the effects then. */
  | { readonly type: 'contact.ended'; readonly contact: ContactId }
  /**
   * The talk never came about: the agent answered, and the two could not be connected, or the agent was gone again.
   * The contact has its place and waiting time back; for the agent it counts as `cause` does, without wrap-up.
   */
  | { readonly type: 'contact.returned'; readonly contact: ContactId; readonly cause: RefusalCause }
  | { readonly type: 'wrap-up.finished'; readonly agent: AgentId; readonly contact: ContactId }
  | { readonly type: 'timer'; readonly timer: string }

/**
 * What became of the agent's phone, by its SIP final response (the meanings are those of RFC 3261 21).
 *
 * - `rejected`: the person declined: 603, 403.
 * - `busy`: in a call that is not ours: 486, 600.
 * - `no-answer`: rang out: 408, 480, or the ring time passed. Counts towards `noAnswerLimit`.
 * - `device-failed`: nothing to ring: 404, 503, unregistered, transport failure. Not counted as missed; the device is
 *   `failed` until `device.ok` or `agent.available`.
 * - `backend-failed`: the machinery between failed, and nothing is known of the phone. No penalty; the agent is left
 *   alone for two seconds, so that a contact does not go round and round while no phone can be rung at all.
 */
export type RefusalCause = 'rejected' | 'busy' | 'no-answer' | 'device-failed' | 'backend-failed'

export type OfferOutcome =
  | 'accepted'
  | 'rejected'
  | 'busy'
  | 'no-answer'
  | 'device-failed'
  | 'backend-failed'
  /** The caller hung up, or the flow took the contact back, while the agent was being rung. */
  | 'cancelled-by-caller'
  /** We took it back: the agent signed out, or the lease ran out before the phone was rung. No penalty. */
  | 'rescinded'

export type AcdEffect =
  | LifeEffect
  /** Ring this agent for this contact, until `expiresAt`. `token` rises with every offer (fencing). */
  | {
      readonly type: 'offer.made'
      readonly offer: OfferId
      readonly token: number
      readonly contact: ContactId
      readonly agent: AgentId
      readonly queue: string
      readonly expiresAt: number
      readonly why: Explanation
    }
  /** The offer is over; unless accepted, stop ringing at once. The contact has its place back, if it is still there. */
  | {
      readonly type: 'offer.ended'
      readonly offer: OfferId
      readonly contact: ContactId
      readonly agent: AgentId
      readonly outcome: OfferOutcome
    }
  /** The contact has this agent now; bridge them. */
  | {
      readonly type: 'contact.connected'
      readonly contact: ContactId
      readonly agent: AgentId
      readonly offer: OfferId
    }
  /** The contact is out of the queue: there is no such queue, or no agent that is known could ever serve it. */
  | {
      readonly type: 'contact.unserved'
      readonly contact: ContactId
      readonly queue: string
      readonly reason: 'unknown-queue' | 'nobody-qualified'
    }
  /** The contact waits in another queue now, with its time of joining kept. */
  | {
      readonly type: 'contact.moved'
      readonly contact: ContactId
      readonly from: string
      readonly to: string
      readonly reason: 'overflow' | 'supervisor'
      /** The supervisor. */
      readonly by?: string
    }
  /** The contact is out of the queue: its last step is over, and that one said so. */
  | {
      readonly type: 'contact.exited'
      readonly contact: ContactId
      readonly queue: string
      readonly to: 'callback' | 'voicemail' | 'exit'
    }
  /** How the agent stands after the input; at most once per agent and input, after all other effects. */
  | { readonly type: 'agent.changed'; readonly agent: AgentView }
  | {
      readonly type: 'wrap-up.started'
      readonly agent: AgentId
      readonly contact: ContactId
      readonly until: number
    }
  | { readonly type: 'wrap-up.ended'; readonly agent: AgentId; readonly contact: ContactId }
  | { readonly type: 'timer.start'; readonly timer: string; readonly at: number }
  | { readonly type: 'timer.stop'; readonly timer: string }
