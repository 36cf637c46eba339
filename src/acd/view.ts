import type { AgentId, Channel, ContactId, OfferId, Skills } from './ids.ts'

/** How agents, contacts and queues stand, as the engine tells it. */

export interface AgentView {
  readonly agent: AgentId
  readonly presence: 'logged-out' | 'available' | 'paused'
  /** Why paused; `no-answer` when RONA did it, `signed-in` before the first `agent.available`. */
  readonly reason?: string
  /** What waits for the end of the present work: the reason of a pause, or `sign-out`. */
  readonly pending?: string
  /**
   * What the agent is busiest with. `reserved`: chosen for a contact, the screen pop is out. `offered`: the phone
   * rings.
   */
  readonly slot: 'free' | SlotState
  /** The contact of `slot`. */
  readonly contact?: ContactId
  /** Everything in hand, in the order in which it came; only where it is more than one contact. */
  readonly work?: readonly WorkView[]
  readonly device: 'ok' | 'unregistered' | 'failed'
  /** When the presence or slot last changed. */
  readonly since: number
  /** Only while free, available and reachable: now minus the idle time since the last work, breaks left out. */
  readonly idleSince?: number
  /** Back-off after a refusal: no offer before this time. */
  readonly leftAloneUntil?: number
  readonly skills: Skills
}

export type SlotState = 'reserved' | 'offered' | 'connected' | 'wrapping'

/** One agent's part in one contact. */
export interface WorkView {
  readonly contact: ContactId
  readonly channel: Channel
  readonly slot: SlotState
}

export interface ContactView {
  readonly contact: ContactId
  readonly queue: string
  readonly channel: Channel
  /** `callback`: has a place, and cannot be offered now: see `callback`. */
  readonly state: 'waiting' | 'offered' | 'connected' | 'callback'
  readonly joinedAt: number
  /** Who has it or is being rung; the first of them where several are rung. */
  readonly agent?: AgentId
  readonly offer?: OfferId
  /** Where several are rung: all of them. */
  readonly ringing?: readonly { readonly agent: AgentId; readonly offer: OfferId }[]
  /** 1 is next; not while connected. */
  readonly position?: number
  /** Of a contact whose customer is to be called. */
  readonly callback?: CallbackView
}

export interface CallbackView {
  readonly mode: 'agent-first' | 'customer-first'
  readonly stage: 'due' | 'dialling' | 'later'
  /** Calls that were begun. */
  readonly attempts: number
  /** Not before this time. */
  readonly retryAt?: number
  /** Not after this time. */
  readonly until: number
}

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
