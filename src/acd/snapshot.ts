import type { Agent } from './agent.ts'
import type { Contact } from './contact.ts'
import type { AgentId, ContactId, OfferId, QueueRules } from './contract.ts'

/** Raised whenever the meaning of the snapshot or a decision changes: a foreign one must not be continued. */
export const ENGINE_VERSION = 1

/** What a timer is for. Kept so that a timer needs no more than its id when it comes back. */
export type TimerPurpose =
  | { readonly kind: 'lease'; readonly offer: OfferId }
  | { readonly kind: 'wrap-up'; readonly agent: AgentId; readonly contact: ContactId }
  | { readonly kind: 'back-off'; readonly agent: AgentId }

export interface RunningTimer {
  readonly timer: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly purpose: TimerPurpose
}

/** Everything that an engine knows, as plain data that survives JSON. */
export interface EngineSnapshot {
  readonly version: number
  readonly now: number
  readonly counters: { readonly agents: number; readonly arrivals: number; readonly tokens: number }
  readonly queues: readonly { readonly rules: QueueRules; readonly configured: boolean }[]
  readonly agents: readonly Agent[]
  /** In the order of arrival. */
  readonly contacts: readonly Contact[]
  readonly timers: readonly RunningTimer[]
}
