import type { PlayEnd, RecordingEnd } from '../call/events.ts'
import type { TurnedAway } from './flow.ts'

/** What a flow is told. Everything that happens to a call in a flow arrives as one of these, one at a time. */
export type FlowInput =
  | { readonly type: 'answered' }
  | { readonly type: 'digit'; readonly digit: string }
  | {
      readonly type: 'played'
      readonly play: string
      readonly reason: PlayEnd
    }
  /** A prompt could not be played (missing file, speech failed). */
  | { readonly type: 'play.failed'; readonly play: string; readonly detail: string }
  | { readonly type: 'timer'; readonly timer: string }
  | {
      readonly type: 'schedule.checked'
      readonly request: string
      readonly state: 'open' | 'closed' | 'emergency'
    }
  /** Every customer that fits, best first; none when nobody does. `failed` when the database did not answer. */
  | {
      readonly type: 'customer.found'
      readonly request: string
      readonly candidates: readonly CustomerFacts[]
      readonly failed?: string
    }
  /** An agent has answered: the legs are bridged, the flow rests. */
  | { readonly type: 'queue.connected'; readonly agent: string }
  /** The agent who answered could not be connected: the caller waits again, in the old place. */
  | { readonly type: 'queue.returned' }
  /**
   * The contact is no longer in the queue. `done`: the talk is over and the caller is still there. `left`: the flow
   * asked for it. `callback`: the flow asked for a call back, and the contact waits for it. The others: the engine
   * does not take it, or gives up.
   */
  | { readonly type: 'queue.left'; readonly reason: 'done' | 'left' | 'callback' | TurnedAway }
  /** How it stands with the caller in the queue. */
  | {
      readonly type: 'queue.status'
      readonly request: string
      /** Place in line, 1 is next; absent when the caller is not in line now. */
      readonly position?: number
      /** What may be announced of the wait; absent where nothing can be said of it. */
      readonly wait?: AnnouncedWait
    }
  /** `bad-number`: nobody can be called there. `not-possible`: the queue calls nobody back. */
  | {
      readonly type: 'callback.refused'
      readonly request: string
      readonly reason: 'bad-number' | 'not-possible'
    }
  | {
      readonly type: 'recorded'
      readonly recording: string
      /** The whole recording, with the silence that ended it. */
      readonly durationMs: number
      readonly reason: RecordingEnd
    }
  | { readonly type: 'record.failed'; readonly recording: string; readonly detail: string }
  | {
      readonly type: 'transfer.ended'
      readonly request: string
      /** `completed`: the far end answered and the talk is over. */
      readonly result: 'completed' | 'busy' | 'no-answer' | 'failed'
    }
  /** The caller is gone. The last input of every flow. */
  | { readonly type: 'ended' }

/**
 * What is to be said of the rest of the wait, milliseconds, rounded as people say it. No figure is ever above one that
 * this caller has been told.
 */
export type AnnouncedWait =
  /** Half of the callers in this place wait no longer than `fromMs` (0: nearly nothing), nine of ten than `upToMs`. */
  | { readonly says: 'between'; readonly fromMs: number; readonly upToMs: number }
  /** Than this caller has been told. */
  | { readonly says: 'longer-than-expected' }
  /** Too long for a figure. */
  | { readonly says: 'more-than'; readonly fromMs: number }

/** What a flow may know of a customer; `customer` in expressions. */
export interface CustomerFacts {
  readonly id: string
  readonly name: string
  /** Service tier, for example `standard` or `key`. */
  readonly tier: string
  /** BCP 47 tag of the preferred language, when known. */
  readonly language?: string
  /** Agent id of the named contact, when the record names one. */
  readonly owner?: string
  /** The account that the look-up matched or the customer's only one. */
  readonly account?: string
}
