import type { AgentView, Explanation, OfferOutcome, QueueView, WaitingExplanation } from '../acd/contract.ts'
import type { Interaction } from '../call/interaction.ts'
import type { ExplainedOffer } from './past-offers.ts'
import type { SupervisorInput } from './supervising.ts'

/**
 * What the API may ask of the running center, and what it is told. Implemented by `runtime/center.ts`; the API
 * never touches the engine, the calls or the telephony.
 *
 * Requests that cannot be done in the present state throw `SwitchroomError` (NOT_FOUND, WRONG_STATE), saying why.
 */
export interface Floor {
  agents(): readonly AgentView[]
  agent(agent: string): AgentView | undefined
  queues(): readonly LiveQueue[]
  /** The queues that somebody is a member of. */
  queuesOf(agent: string): readonly string[]
  contacts(): readonly LiveContact[]
  contact(contact: string): LiveContact | undefined
  /** The offer that is ringing for this agent now, with its screen pop; for a desk that has just connected. */
  offerFor(agent: string): ScreenPop | undefined
  /** The contacts whose wrap-up this agent has still to finish. */
  wrapUpsOf(agent: string): readonly WrapUp[]

  signIn(agent: string): void
  setAvailable(agent: string): void
  pause(agent: string, reason: string): void
  signOut(agent: string): void
  /** A desk of this agent listens (or has gone): offers wait up to 250 ms for its acknowledgement, or ring at once. */
  deskConnected(agent: string): () => void
  /** The desk shows the screen pop of this offer: the phone may ring. Idempotent. */
  acknowledge(offer: string, agent: string): void
  reject(offer: string, agent: string): void
  /** Takes an offer on the agent's standing call; anywhere else it is taken by answering the phone. */
  accept(offer: string, agent: string): void
  hangUp(contact: string, agent: string): void
  finishWrapUp(contact: string, agent: string, result: { disposition: string; notes?: string }): void
  /** Gives the agent more time for a wrap-up, as far as the queue allows. */
  extendWrapUp(contact: string, agent: string, byMs: number): void
  /** What a supervisor does with a contact that waits, or with an agent. */
  supervise(act: SupervisorInput): void
  /** The customer of a live contact is settled by the agent. */
  setCustomer(contact: string, customer: string): void
  /** The person was added, changed (skills) or disabled in the database: read again. */
  peopleChanged(): Promise<void>
  /** Explanation of a recent offer. Older ones are with their interaction in the database. */
  why(offer: string): Explanation | undefined
  /** Why a contact still waits; undefined when it does not. */
  whyWaiting(contact: string): WaitingExplanation | undefined
  /** The offers of a contact that goes on, or has just ended; oldest first. */
  offersOf(contact: string): readonly ExplainedOffer[]
  /**
   * Everything that happens from now on. Returns how to stop listening. Listeners must not throw.
   * @param watchesQueues where it says no, the figures of the queues are not worked out for this listener (default: yes)
   */
  subscribe(listener: (event: FloorEvent) => void, watchesQueues?: () => boolean): () => void
}

export interface LiveQueue extends QueueView {
  readonly name: string
}

/** A contact that is going on now. */
export interface LiveContact {
  readonly id: string
  readonly channel: 'voice'
  readonly state: 'ivr' | 'waiting' | 'offered' | 'talking' | 'wrapping'
  readonly startedAt: number
  readonly since: number
  readonly from: { readonly number?: string; readonly name?: string }
  readonly to: { readonly number?: string }
  readonly language?: string
  readonly customer?: string
  readonly queue?: string
  readonly agent?: string
  readonly position?: number
  readonly node?: string
}

/** Who is calling, why, and what they already said: what an agent sees before the phone rings. */
export interface ScreenPop {
  readonly offer: string
  readonly contact: string
  readonly agent: string
  readonly channel: 'voice'
  readonly queue: { readonly id: string; readonly name: string }
  readonly from: { readonly uri: string; readonly number?: string; readonly name?: string }
  readonly to: { readonly number?: string }
  readonly language?: string
  readonly waitedMs: number
  readonly priority: number
  readonly priorityReason: string
  readonly namedAgent?: string
  readonly path: Interaction['path']
  readonly data: Interaction['data']
  /** Settled customer, or everybody who fits (none: unknown caller). */
  readonly customer?: string
  readonly candidates: readonly string[]
  readonly offeredAt: number
  readonly expiresAt: number
  /** How it is taken: at the phone, by itself, or by a key on the standing call or at the desk. */
  readonly takenBy: 'phone' | 'itself' | 'key'
  /** `offered` while it rings; then `connected`; then the desk shows the wrap-up. */
  readonly state: 'offered' | 'connected'
}

export interface WrapUp {
  readonly contact: string
  readonly agent: string
  readonly queue: string
  readonly until: number
  readonly customer?: string
}

export type FloorEvent =
  | { readonly type: 'agent.changed'; readonly agent: AgentView }
  | { readonly type: 'queue.changed'; readonly queue: LiveQueue }
  | { readonly type: 'contact.changed'; readonly contact: LiveContact }
  /** The contact is over: its record is complete. */
  | { readonly type: 'contact.ended'; readonly interaction: Interaction }
  | { readonly type: 'offer.made'; readonly pop: ScreenPop }
  | {
      readonly type: 'offer.ended'
      readonly offer: string
      readonly contact: string
      readonly agent: string
      readonly outcome: OfferOutcome
    }
  | {
      readonly type: 'contact.connected'
      readonly contact: string
      readonly agent: string
      readonly offer: string
      /** Milliseconds from the agent's answer until the two heard each other. */
      readonly gapMs: number
    }
  | {
      readonly type: 'talk.ended'
      readonly contact: string
      readonly agent: string
      readonly by: 'caller' | 'agent' | 'system'
    }
  | { readonly type: 'wrap-up.started'; readonly wrapUp: WrapUp }
  | { readonly type: 'wrap-up.ended'; readonly contact: string; readonly agent: string }
  | {
      readonly type: 'voicemail.left'
      readonly voicemail: string
      readonly mailbox: string
      readonly contact: string
    }
