/**
 * What goes into the routing engine and what comes out. Plain data with opaque ids: never numbers, names or
 * digits. All times are milliseconds since 1970; the engine is told the time with every input.
 */

export type ContactId = string
export type AgentId = string
export type OfferId = string

/** Skill -> level. For agents 1 (beginner) to 10 (expert); as a requirement, the lowest level that serves. */
export type Skills = Readonly<Record<string, number>>

export interface QueueRules {
  readonly id: string
  /** Who serves this queue: agents that hold all of these at these levels. */
  readonly members: Skills
  /** How long an offer stands. A phone that has rung until then has not answered (RONA). */
  readonly offerMs: number
  /** How long an agent has for the work after the talk; 0 for none. */
  readonly wrapUpMs: number
  /**
   * For how long after joining the named agent is asked first, when free. The clock runs on while anybody is
   * being rung; a named agent who is not free is passed over at once.
   */
  readonly namedAgentMs: number
  /** No-answers in a row after which the agent is paused (RONA); 0 for never. */
  readonly noAnswerLimit: number
  /** How long an agent who rejected, did not answer or was busy is left alone. */
  readonly backOffMs: { readonly rejected: number; readonly noAnswer: number; readonly busy: number }
  /** Head start in the order, by priority 1 to 10: milliseconds of waiting that it is worth; 0 where none is given. */
  readonly headStartMs: Readonly<Record<number, number>>
}

export interface ContactRequest {
  readonly contact: ContactId
  readonly queue: string
  /** What the contact needs beyond the queue's membership; where both name a skill, the higher level counts. */
  readonly skills: Skills
  /** Asked first while free. Needs the required skills like everybody else: a requirement is never waived. */
  readonly named?: AgentId
  readonly priority: number
}

/**
 * An input that does not fit the present state (an unknown agent, an offer that is over, a contact that is
 * queued already, a timer that was stopped) changes nothing and has no effects.
 */
export type AcdInput =
  /** The rules of all queues; replaces those that were there. The contacts of a queue that is gone are still served. */
  | { readonly type: 'queues.configured'; readonly queues: readonly QueueRules[] }
  /** A person exists, or their skills changed. Takes effect for the next decision. */
  | { readonly type: 'agent.known'; readonly agent: AgentId; readonly skills: Skills }
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
  /** The caller is gone, or the flow took the contact back. Cancels its offer; ends a talk as `contact.ended` does. */
  | { readonly type: 'contact.left'; readonly contact: ContactId; readonly reason: 'abandoned' | 'left' }
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

export interface AgentView {
  readonly agent: AgentId
  readonly presence: 'logged-out' | 'available' | 'paused'
  /** Why paused; `no-answer` when RONA did it, `signed-in` before the first `agent.available`. */
  readonly reason?: string
  /** What waits for the end of the present work: the reason of a pause, or `sign-out`. */
  readonly pending?: string
  /** `reserved`: chosen for a contact, the screen pop is out. `offered`: the phone rings. */
  readonly slot: 'free' | 'reserved' | 'offered' | 'connected' | 'wrapping'
  /** The contact in the slot. */
  readonly contact?: ContactId
  readonly device: 'ok' | 'unregistered' | 'failed'
  /** When the presence or slot last changed. */
  readonly since: number
  /** Only while free, available and reachable: now minus the idle time since the last work, breaks left out. */
  readonly idleSince?: number
  /** Back-off after a refusal: no offer before this time. */
  readonly leftAloneUntil?: number
  readonly skills: Skills
}

export interface ContactView {
  readonly contact: ContactId
  readonly queue: string
  readonly state: 'waiting' | 'offered' | 'connected'
  readonly joinedAt: number
  readonly agent?: AgentId
  readonly offer?: OfferId
  /** 1 is next; only while waiting or offered. */
  readonly position?: number
}

/** Why this agent got this contact: who was considered, and why each of the others did not get it. */
export interface Explanation {
  readonly contact: ContactId
  readonly queue: string
  readonly decidedAt: number
  /** Waited so far, and the head start on top of it: together they make the place in the order. */
  readonly waitedMs: number
  readonly headStartMs: number
  /** Which step of the contact's plan chose: 1 the named agent, 2 the peers; without a named agent 1 the peers. */
  readonly step: { readonly number: number; readonly who: 'named agent' | 'peers with the required skills' }
  /** What an agent must hold: the queue's membership and the contact's own requirement together. */
  readonly required: Skills
  readonly strategy: string
  readonly chosen: AgentId
  /**
   * The chosen agent first, then those ranked lower, then those rejected. Everybody on a floor of up to 50 agents;
   * on a larger one the named agent, those who refused this contact, and the ten that came closest.
   */
  readonly candidates: readonly Candidate[]
  /** Everybody else, counted by reason. */
  readonly others: readonly { readonly reason: LosingReason; readonly agents: number }[]
}

export type Candidate =
  | { readonly agent: AgentId; readonly verdict: 'chosen'; readonly because: string }
  | {
      readonly agent: AgentId
      /** `ranked-lower`: could have had it. `rejected`: could not. */
      readonly verdict: 'ranked-lower' | 'rejected'
      readonly reason: LosingReason
      /** In a sentence: "billing 2 is below 3", "talking", "refused this contact", "idle 12 s, less than ana". */
      readonly because: string
    }

export type LosingReason =
  | 'ranked-lower'
  | 'refused-this-contact'
  | 'lacks-skills'
  | 'being-offered'
  | 'talking'
  | 'wrapping-up'
  | 'left-alone'
  | 'paused'
  | 'device-unregistered'
  | 'device-failed'
  | 'logged-out'

export interface QueueView {
  readonly queue: string
  /** Waiting contacts, those that are being offered included. */
  readonly waiting: number
  readonly longestWaitMs: number
  /** Members that are signed in, by what they do; agents left alone after a refusal count as busy. */
  readonly agents: {
    readonly free: number
    readonly busy: number
    readonly paused: number
    readonly unreachable: number
  }
}
