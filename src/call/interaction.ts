import type { MediaReport } from './call.ts'

/**
 * The record of one contact, from the first signal to the wrap-up: what the database keeps, what the timeline
 * shows and what every KPI is derived from. All times are milliseconds since 1970 UTC.
 */
export interface Interaction {
  readonly id: string
  readonly channel: 'voice'
  readonly direction: 'inbound'
  readonly startedAt: number
  /** When the caller was gone and nothing was left to wrap up. */
  readonly endedAt?: number
  /** Absent while the contact goes on. */
  readonly outcome?: InteractionOutcome
  readonly from: { readonly uri: string; readonly number?: string; readonly name?: string }
  readonly to: { readonly uri: string; readonly number?: string }
  readonly language?: string
  readonly customer?: string
  /** Everybody that the caller's number or the gathered data fits, when it is not just one. */
  readonly candidates?: readonly string[]
  readonly flow?: { readonly name: string; readonly hash: string }
  readonly path: readonly { readonly node: string; readonly at: number }[]
  /**
   * Variables that the flow set, secret ones left out; and what signalling said of the call (`call.trunk`,
   * `call.divertedFrom`, `call.verification`, ...), where it said something.
   */
  readonly data: Readonly<Record<string, string | number | boolean | null>>
  readonly segments: readonly InteractionSegment[]
  readonly disposition?: string
  readonly notes?: string
  readonly media?: MediaReport
}

/** An immutable stretch of one contact. */
export interface InteractionSegment {
  readonly kind: 'ivr' | 'queue' | 'ring' | 'talk' | 'voicemail' | 'transfer' | 'wrap-up'
  readonly startedAt: number
  readonly endedAt: number
  readonly queue?: string
  readonly agent?: string
  /** The offer behind a `ring` segment; its explanation can be asked for. */
  readonly offer?: string
  /** Of a talk with an agent: milliseconds from the agent's answer until the two heard each other. */
  readonly gapMs?: number
  /** How the stretch ended, for example `accepted`, `rejected`, `no-answer`, `caller-hung-up`. */
  readonly result: string
  /** Audio of the agent's or the far end's leg. */
  readonly media?: MediaReport
}

/**
 * The one outcome that every contact has.
 *
 * - `handled`: an agent talked with the caller.
 * - `abandoned-in-ivr`, `abandoned-in-queue`, `abandoned-in-ring`: the caller hung up there.
 * - `voicemail`: a message was left. `transferred`: talked with somebody outside.
 * - `callback`: asked to be called back, and has a place as another contact. `not-reached`: that contact, when the
 *   customer did not answer in all attempts, or not in time.
 * - `completed`: the flow said all it had to say and hung up.
 * - `refused`: no such number, or beyond `limits.calls`. `failed`: the flow or the backend failed the caller.
 * - `drained`: the server was being stopped, and the caller was told so.
 * - `system-failure`: our process died while the contact went on.
 */
export type InteractionOutcome =
  | 'handled'
  | 'abandoned-in-ivr'
  | 'abandoned-in-queue'
  | 'abandoned-in-ring'
  | 'voicemail'
  | 'transferred'
  | 'callback'
  | 'not-reached'
  | 'completed'
  | 'refused'
  | 'failed'
  | 'drained'
  | 'system-failure'
