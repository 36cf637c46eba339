import type { AgentId, ContactId } from './ids.ts'

/** Inputs and effects of callbacks, of coming back, of joining and leaving, and of what supervisors do. */

/**
 * - `agent-first`: an agent is offered the callback and accepts; then the customer is called.
 * - `customer-first`: when an agent could take it the customer is called, and who answers is first in the queue.
 */
export type CallbackMode = 'agent-first' | 'customer-first'

/** Who is not let in, or has to leave, and why. */
export type TurnedAway = 'closed' | 'nobody-logged-in' | 'nobody-available' | 'too-many' | 'too-long'

/** `called-again`: the customer called first. `cancelled`: the contact was taken out. */
export type CallbackOutcome = 'answered' | 'exhausted' | 'expired' | 'cancelled' | 'called-again'

export type LifeInput =
  /** By the calendar: whether a queue lets contacts in, and whether its customers may be called now. */
  | {
      readonly type: 'queue.hours'
      readonly queue: string
      readonly open: boolean
      readonly callbacks: boolean
    }
  /**
   * A contact that waits would rather be called back. It goes on as another contact, `callback`, in the same place;
   * whoever is being rung for it is rung no longer, without blame.
   */
  | {
      readonly type: 'contact.callback'
      readonly contact: ContactId
      readonly callback: ContactId
      readonly mode: CallbackMode
    }
  /** The customer has answered the call that `callback.dial` asked for. From now on it is a contact like any other. */
  | { readonly type: 'callback.answered'; readonly contact: ContactId }
  /** The customer has not. An agent who waited for it is free again, without blame and wrap-up. */
  | {
      readonly type: 'callback.failed'
      readonly contact: ContactId
      readonly cause: 'no-answer' | 'busy' | 'failed'
    }
  /** The agent needs longer; as much of it is granted as the queue's limit allows. */
  | {
      readonly type: 'wrap-up.extended'
      readonly agent: AgentId
      readonly contact: ContactId
      readonly byMs: number
    }
  /** To another queue, with the time of joining kept. An offer that stands is taken back without blame. */
  | {
      readonly type: 'supervisor.moved'
      readonly contact: ContactId
      readonly queue: string
      readonly by: string
    }
  /**
   * To one agent, whatever the skills; `by` themselves: pulled. An offer that stands is taken back without blame. The
   * agent gets it before all others as soon as they are free; when they refuse it, sign out or have no time for it
   * for ten minutes, it waits as before.
   */
  | {
      readonly type: 'supervisor.assigned'
      readonly contact: ContactId
      readonly agent: AgentId
      readonly by: string
    }
  /** Another priority, another head start, or both. */
  | {
      readonly type: 'supervisor.reprioritised'
      readonly contact: ContactId
      readonly priority?: number
      readonly adjustmentMs?: number
      readonly by: string
    }
  /**
   * An agent's presence. `available` ends wrap-ups at once; a pause and a sign-out are pending during a talk, take an
   * offer back and end wrap-ups.
   */
  | {
      readonly type: 'supervisor.forced'
      readonly agent: AgentId
      readonly to: 'available' | 'paused' | 'logged-out'
      /** Of a pause. */
      readonly reason?: string
      readonly by: string
    }

export type LifeEffect =
  /** The contact is out of the queue, or was never let in. */
  | {
      readonly type: 'contact.turned-away'
      readonly contact: ContactId
      readonly queue: string
      readonly reason: TurnedAway
    }
  /** Somebody has come back and has the time of joining that they had. */
  | {
      readonly type: 'contact.resumed'
      readonly contact: ContactId
      readonly queue: string
      readonly joinedAt: number
      /** What they had: a place they left, one that was lost with us, or a callback. */
      readonly after: 'abandoned' | 'lost' | 'callback'
    }
  /** `contact` is over, and `callback` has its place. */
  | {
      readonly type: 'callback.kept'
      readonly contact: ContactId
      readonly callback: ContactId
      readonly queue: string
      readonly mode: CallbackMode
      /** Until when the customer is called at the latest. */
      readonly until: number
    }
  /** The queue calls nobody back. The contact waits on. */
  | { readonly type: 'callback.refused'; readonly contact: ContactId; readonly callback: ContactId }
  /** Call the customer, for `ringMs`; answered by `callback.answered` or `callback.failed`. */
  | {
      readonly type: 'callback.dial'
      readonly contact: ContactId
      /** From 1. */
      readonly attempt: number
      readonly ringMs: number
      /** Who is on the line already. */
      readonly agent?: AgentId
    }
  /** The customer was not reached and will be called again. */
  | {
      readonly type: 'callback.retry'
      readonly contact: ContactId
      readonly attempt: number
      readonly at: number
    }
  /** No more callback. Unless `answered` the contact is over; whoever is being called is called no longer. */
  | {
      readonly type: 'callback.ended'
      readonly contact: ContactId
      readonly outcome: CallbackOutcome
      readonly attempts: number
    }
  | {
      readonly type: 'wrap-up.extended'
      readonly agent: AgentId
      readonly contact: ContactId
      readonly until: number
    }
  | {
      readonly type: 'contact.assigned'
      readonly contact: ContactId
      readonly agent: AgentId
      readonly by: string
    }
  | {
      readonly type: 'contact.reprioritised'
      readonly contact: ContactId
      readonly priority: number
      readonly headStartMs: number
      readonly adjustmentMs: number
      readonly by: string
    }
