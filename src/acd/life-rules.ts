/** What a queue may say about the life of its contacts and agents beside routing. Everything is off where not given. */
export interface LifeRules {
  readonly join?: JoinRules
  readonly leave?: LeaveRules
  /** Whether contacts may turn into callbacks. */
  readonly callback?: CallbackRules
  /** Whoever hung up while waiting and comes back within this time has the old place, milliseconds. */
  readonly resumeMs?: number
  readonly lastAgent?: LastAgentRules
  /** Reason of the pause that follows every talk of this queue. */
  readonly pauseAfterCall?: string
  /** Longest that a wrap-up can be made by extending it, from its beginning; not given: it cannot be extended. */
  readonly wrapUpLimitMs?: number
}

/** When a contact is not let in. Of those who come back to a place they had, only the first two are asked. */
export interface JoinRules {
  /** Nobody is signed in who could ever have it. */
  readonly nobodyLoggedIn?: boolean
  /** Nobody is at work who could ever have it: all are paused, or cannot be reached. */
  readonly nobodyAvailable?: boolean
  /** So many are in the queue already. */
  readonly maxWaiting?: number
  /** The contact is said to have to wait longer, milliseconds. */
  readonly maxEstimateMs?: number
  /** Where it goes instead; not given, or not to be entered either: it is turned away. */
  readonly otherwise?: string
}

/** When a contact has to leave without having been served. Callbacks stay. */
export interface LeaveRules {
  /** No member has been signed in for so long, milliseconds; the contact has waited as long as that. */
  readonly nobodyLoggedInMs?: number
  /** It has waited so long in this queue, milliseconds. An offer that stands then has its end first. */
  readonly maxWaitMs?: number
}

export interface CallbackRules {
  /** How often the customer is called at most; 1 or more. */
  readonly attempts: number
  /** From a call that came to nothing to the next. */
  readonly retryMs: number
  /** How long the promise holds from the moment it is given. */
  readonly keepMs: number
  /** How long the customer's phone rings. */
  readonly ringMs: number
  /** How many customers are called at the same time before an agent is chosen; 1 or more. */
  readonly atOnce: number
}

/** Who talked with somebody last is asked first when they come again. */
export interface LastAgentRules {
  /** The talk is no longer ago than this. */
  readonly withinMs: number
  readonly forMs: number
  /** `none-free`: only while free. `none-logged-in`: is waited for while they are signed in. */
  readonly skipWhen: 'none-free' | 'none-logged-in'
}
