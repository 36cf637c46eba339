/**
 * The vocabulary of telephony: what a call is. Plain data, imports nothing; every other folder speaks it.
 *
 * A `Call` is one leg between us and one party (a caller, an agent's phone, a trunk). Two legs that hear
 * each other are *bridged*. What belongs to the customer's whole visit is a *contact* (see `src/acd`).
 */

/** Identifies one leg; unique over restarts of the process. */
export type CallId = string

/** Identifies one command; unique over restarts of the process. */
export type CommandId = string

/** The party at the far end of a leg, as signalling gave it. */
export interface Party {
  /** SIP or tel URI, for example `sip:100@127.0.0.1`. */
  readonly uri: string
  /** The user part as it was dialled or presented; absent for anonymous callers (RFC 3323). */
  readonly number?: string
  /** Display name. */
  readonly name?: string
}

/** Where an outbound leg goes. */
export type DialTarget =
  /** A device registered at the backend, by its registered name (address of record's user part). */
  | { readonly device: string }
  /** A SIP URI; the backend refuses one that its allow list does not cover. */
  | { readonly uri: string }
  /**
   * A number over trunks, by their names, in failover order. The number is international with `+` (E.164) or as the
   * number plan has it; each trunk writes it in its own way, and the caller's number too.
   *
   * The next trunk is tried where one could not carry the call: it is down, it cannot be reached, it says nothing at
   * all (for 4 s where the backend can tell, else until timer B of RFC 3261 17.1.1.2), it does not take our credentials
   * (401, 407), or it answers 408, 430 or 5xx (RFC 3263 4.3). Not after any 18x, because then somebody's phone rings
   * already, and not after any other answer, which is about the callee. A name that is no trunk counts as one that is
   * down. `ringMs` counts over all of them. The last one's answer is the leg's ending.
   */
  | { readonly number: string; readonly trunks: readonly string[] }

/**
 * Why a leg ended, in the field's words; backends map their own codes by features of RFC 3261 21 and RFC 3398.
 *
 * - `normal`: BYE after an answer.
 * - `cancelled`: the side that asked withdrew before an answer (CANCEL, 487).
 * - `busy`: 486, 600. `rejected`: 603, 403 from a phone. `no-answer`: 408, 480, or the ring time ran out.
 * - `unreachable`: nothing to ring or a defect: 404, 503, unregistered, no route, transport or TLS failure.
 * - `redirected`: 3xx, which we do not follow on agents' legs.
 * - `media-lost`: audio from the far end stopped and we gave the leg up.
 * - `not-found`: we have no such number. `not-allowed`: we refuse by policy. `overloaded`: beyond `limits.calls`.
 * - `unsupported`: no codec or method in common (488, 415, 420).
 * - `backend-lost`: the machinery between us and the far end failed: a media server died, a connection to it was
 *   lost. Says nothing of the far end.
 * - `failed`: anything else; see `status`.
 */
export type EndCause =
  | 'normal'
  | 'cancelled'
  | 'busy'
  | 'rejected'
  | 'no-answer'
  | 'unreachable'
  | 'redirected'
  | 'media-lost'
  | 'not-found'
  | 'not-allowed'
  | 'overloaded'
  | 'unsupported'
  | 'backend-lost'
  | 'failed'

/** What was measured of the audio that one leg sent us (RFC 3550 6.4.1); absent where there was none. */
export interface MediaReport {
  readonly packetsReceived: number
  readonly packetsSent: number
  /** Packets expected by sequence number and never received. */
  readonly packetsLost: number
  /** Interarrival jitter at the end of the leg, milliseconds. */
  readonly jitterMs: number
  readonly codec: string
}
