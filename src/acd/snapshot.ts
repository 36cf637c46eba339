import type { Agent } from './agent.ts'
import type { AgentId, ContactId, OfferId } from './ids.ts'
import type { Contact } from './model.ts'
import type { QueueRules, RoutingRules } from './rules.ts'

/** Raised whenever the meaning of the snapshot or a decision changes: a foreign one must not be continued. */
export const ENGINE_VERSION = 3

/** What a timer is for. Kept so that a timer needs no more than its id when it comes back. */
export type TimerPurpose =
  | { readonly kind: 'lease'; readonly offer: OfferId }
  | { readonly kind: 'wrap-up'; readonly agent: AgentId; readonly contact: ContactId }
  | { readonly kind: 'back-off'; readonly agent: AgentId }
  /** A contact has waited as long as its queue allows. */
  | { readonly kind: 'patience'; readonly contact: ContactId }
  /** Nobody has been signed in to a queue for too long. */
  | { readonly kind: 'deserted'; readonly queue: string }
  /** A call to a customer should be over, or the next one is due. */
  | { readonly kind: 'callback'; readonly contact: ContactId }
  /** The promise of a callback ends. */
  | { readonly kind: 'callback-end'; readonly contact: ContactId }
  /** The next step of some contact is due. */
  | { readonly kind: 'steps' }

export interface RunningTimer {
  readonly timer: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly purpose: TimerPurpose
}

export interface Counters {
  agents: number
  arrivals: number
  tokens: number
  clocks: number
}

/** Everything that an engine knows, as plain data that survives JSON. */
export interface EngineSnapshot {
  readonly version: number
  readonly now: number
  readonly counters: Readonly<Counters>
  readonly rules: RoutingRules
  /** Of the files that the rules come from. */
  readonly hash: string | null
  /** Queues that the rules no longer have, and that may still have contacts. */
  readonly formerQueues: readonly QueueRules[]
  readonly agents: readonly Agent[]
  /** In the order of arrival. */
  readonly contacts: readonly Contact[]
  readonly timers: readonly RunningTimer[]
  readonly hours: readonly (readonly [queue: string, hours: Hours])[]
  readonly leftPlaces: readonly (readonly [key: string, place: LeftPlace])[]
  readonly lastTalks: readonly (readonly [customer: string, talk: LastTalk])[]
  /** Queues in which nobody is signed in, and since when. */
  readonly deserted: readonly (readonly [queue: string, since: number])[]
}

/** Whether a queue lets contacts in, and whether its customers may be called. */
export interface Hours {
  readonly open: boolean
  readonly callbacks: boolean
}

/** A place that somebody left while waiting; by customer and queue. */
export interface LeftPlace {
  readonly arrival: number
  readonly joinedAt: number
  readonly until: number
  readonly after: 'abandoned' | 'lost'
}

/** Who talked with a customer last; by customer. */
export interface LastTalk {
  readonly agent: AgentId
  readonly at: number
}
