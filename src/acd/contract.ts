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
  /** How long an offer stands before it counts as no answer. */
  readonly offerMs: number
  /** How long an agent has for the work after the talk; 0 for none. */
  readonly wrapUpMs: number
  /** How long the named agent alone is tried, while free; then the peers too. */
  readonly namedAgentMs: number
  /** No-answers in a row after which the agent is paused (RONA). */
  readonly noAnswerLimit: number
  /** How long an agent who rejected, did not answer or was busy is left alone. */
  readonly backOffMs: { readonly rejected: number; readonly noAnswer: number; readonly busy: number }
  /** Head start in the order, by priority 1 to 10: seconds of waiting that the priority is worth. */
  readonly headStartMs: Readonly<Record<number, number>>
}

export interface ContactRequest {
  readonly contact: ContactId
  readonly queue: string
  /** What the contact needs beyond the queue's membership. */
  readonly skills: Skills
  readonly named?: AgentId
  readonly priority: number
}

export type AcdInput =
  /** The rules of all queues; replaces those that were there. Waiting contacts stay. */
  | { readonly type: 'queues.configured'; readonly queues: readonly QueueRules[] }
  /** A person exists, or their skills changed. Takes effect for the next decision. */
  | { readonly type: 'agent.known'; readonly agent: AgentId; readonly skills: Skills }
  /** A person is no longer an agent. */
  | { readonly type: 'agent.forgotten'; readonly agent: AgentId }
  | { readonly type: 'agent.signed-in'; readonly agent: AgentId }
  | { readonly type: 'agent.available'; readonly agent: AgentId }
  /** Pending while the agent is in an offer, a talk or wrap-up; in force at the end of it. */
  | { readonly type: 'agent.paused'; readonly agent: AgentId; readonly reason: string }
  | { readonly type: 'agent.signed-out'; readonly agent: AgentId }
  | { readonly type: 'device.ok'; readonly agent: AgentId }
  | { readonly type: 'device.unregistered'; readonly agent: AgentId }
  | ({ readonly type: 'contact.queued' } & ContactRequest)
  /** The caller is gone, or the flow took the contact back. Cancels its offer. */
  | { readonly type: 'contact.left'; readonly contact: ContactId; readonly reason: 'abandoned' | 'left' }
  /** The agent's phone was answered. */
  | { readonly type: 'offer.accepted'; readonly offer: OfferId }
  /** The agent refused, or the phone did it for them, by the cause table of features.md 4.7. */
  | { readonly type: 'offer.refused'; readonly offer: OfferId; readonly cause: RefusalCause }
  /** The talk is over. */
  | { readonly type: 'contact.ended'; readonly contact: ContactId }
  | { readonly type: 'wrap-up.finished'; readonly agent: AgentId; readonly contact: ContactId }
  | { readonly type: 'timer'; readonly timer: string }

/** `rejected`: the person declined. `busy`: in another call. `no-answer`: rang out. `device-failed`: nothing to ring. */
export type RefusalCause = 'rejected' | 'busy' | 'no-answer' | 'device-failed'

export type OfferOutcome =
  | 'accepted'
  | 'rejected'
  | 'busy'
  | 'no-answer'
  | 'device-failed'
  /** The caller hung up, or the flow took the contact back, while the agent was being rung. */
  | 'cancelled-by-caller'
  /** We took it back: the agent signed out, or the lease ran out unanswered by the runtime. */
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
  /** Why paused; `no-answer` when RONA did it. */
  readonly reason?: string
  /** A pause that waits for the end of the present work. */
  readonly pending?: string
  readonly slot: 'free' | 'reserved' | 'offered' | 'connected' | 'wrapping'
  /** The contact in the slot. */
  readonly contact?: ContactId
  readonly device: 'ok' | 'unregistered' | 'failed'
  /** When the presence or slot last changed. */
  readonly since: number
  /** When the agent last became idle: breaks do not count as idleness. */
  readonly idleSince?: number
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

/** Why this agent got this contact: everybody who was considered, and why each of the others did not get it. */
export interface Explanation {
  readonly contact: ContactId
  readonly queue: string
  readonly decidedAt: number
  /** Waited so far, head start included and apart. */
  readonly waitedMs: number
  readonly headStartMs: number
  /** Which step of the contact's plan was in force. */
  readonly step: { readonly number: number; readonly who: 'named agent' | 'peers with the required skills' }
  /** What an agent must hold: the queue's membership and the contact's own requirement together. */
  readonly required: Skills
  readonly strategy: string
  readonly chosen: AgentId
  readonly candidates: readonly {
    readonly agent: AgentId
    readonly verdict: 'chosen' | 'ranked-lower' | 'rejected'
    /** In a sentence: "billing 2 is below 3", "talking", "refused this contact", "idle 12 s, less than ana". */
    readonly because: string
  }[]
}

export interface QueueView {
  readonly queue: string
  readonly waiting: number
  readonly longestWaitMs: number
  /** Agents that are members and signed in, by what they do. */
  readonly agents: {
    readonly free: number
    readonly busy: number
    readonly paused: number
    readonly unreachable: number
  }
}
