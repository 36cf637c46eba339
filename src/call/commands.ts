import type { CallId, CommandId, DialTarget, Party } from './call.ts'

/**
 * What we ask of a telephony backend. Every command has an id and exactly one ending: its result event,
 * `command.failed`, or the `call.ended` of its call.
 */
export type CallCommand =
  /** Answers an offered call. Ends in `call.answered`. */
  | { readonly type: 'answer'; readonly id: CommandId; readonly call: CallId }
  /** Refuses an offered call. Ends in `call.ended`. */
  | {
      readonly type: 'reject'
      readonly id: CommandId
      readonly call: CallId
      readonly cause: RejectCause
      /** Seconds for Retry-After (RFC 3261 20.33); only with `overloaded`. */
      readonly retryAfterSeconds?: number
    }
  /**
   * Plays files one after the other on an answered call, in place of whatever plays now. Ends in `call.played`.
   * With `interruptible` the first digit cuts it at once, at the backend: the digit is reported first.
   */
  | {
      readonly type: 'play'
      readonly id: CommandId
      readonly call: CallId
      readonly items: readonly PlayItem[]
      readonly interruptible: boolean
    }
  /** Cuts the running `play`, whichever it is. Ends in `command.done`, after that play's `call.played`. */
  | { readonly type: 'play.stop'; readonly id: CommandId; readonly call: CallId }
  /**
   * Plays files into one ear of a bridge: the far end of `call` hears them mixed with the other side, which hears
   * nothing of it. Ends in `call.played`: `stopped` where another whisper takes its place, or a hold; digits and
   * `play.stop` do not touch it. A wrong state on a leg that is held or not bridged, because some backends have nothing
   * to mix it into then; where the bridge ends meanwhile, the rest may be heard or not.
   */
  | {
      readonly type: 'whisper'
      readonly id: CommandId
      readonly call: CallId
      readonly items: readonly PlayItem[]
    }
  /** Plays a file round and round until `music.stop`, a `play`, or a bridge. Ends in `command.done` when it has begun. */
  | { readonly type: 'music.start'; readonly id: CommandId; readonly call: CallId; readonly file: string }
  | { readonly type: 'music.stop'; readonly id: CommandId; readonly call: CallId }
  /**
   * Makes an outbound leg under the given, new call id. Ends in `call.answered` or `call.ended`; `call.progress`
   * may come between. After `ringMs` without an answer the leg is cancelled and ends with `no-answer`.
   */
  | {
      readonly type: 'dial'
      readonly id: CommandId
      readonly call: CallId
      readonly target: DialTarget
      /** Shown to the callee. Without a number the call is anonymous, and a trunk is asked to keep it so (RFC 3323). */
      readonly from: Party
      /** Is its number vouched for? Only then do we vouch for it to a trunk that is told who calls (RFC 3325 5). */
      readonly asserted?: boolean
      readonly ringMs: number
      /** The call that it is to be bridged with: a backend of several servers makes it on the same one. */
      readonly beside?: CallId
      /** Extra signalling headers, for example `x-switchroom-contact`. */
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Sends keys on an answered call, 100 ms on and 70 ms off each (RFC 4733). Ends in `command.done` after the last. */
  | { readonly type: 'digits.send'; readonly id: CommandId; readonly call: CallId; readonly digits: string }
  /** Records what the far end says into a WAV file (8 kHz mono, 16 bit). Ends in `call.recorded`. */
  | {
      readonly type: 'record.start'
      readonly id: CommandId
      readonly call: CallId
      readonly file: string
      readonly maxMs: number
      /** Ends the recording after this much silence, when set. */
      readonly silenceMs?: number
      /** Any of these digits ends the recording; it is reported as a digit too. */
      readonly stopDigits?: string
    }
  /** Ends the running recording. Ends in `command.done`, after that recording's `call.recorded`. */
  | { readonly type: 'record.stop'; readonly id: CommandId; readonly call: CallId }
  /** Lets two answered legs hear each other; what plays on either stops. Ends in `call.bridged`. */
  | { readonly type: 'bridge'; readonly id: CommandId; readonly call: CallId; readonly with: CallId }
  /** Parts two bridged legs; both stay up. Ends in `call.unbridged`. */
  | { readonly type: 'unbridge'; readonly id: CommandId; readonly call: CallId }
  /**
   * Puts an answered leg on hold, bridged or not: its far end hears `file` round and round (silence without one),
   * and what it says reaches nobody. Nothing is signalled to it. Ends in `command.done` when that is so.
   *
   * What plays on the leg stops. A bridge stays: no `call.unbridged`; the other side hears silence and can be held
   * too, parted by `unbridge`, or end, and the leg is on hold still. Its digits are reported and not passed on, a
   * recording goes on, `digits.send` works, `play.stop` and `music.stop` change nothing. On a leg that is held
   * `play`, `whisper`, `music.start`, `bridge` (from either side) and `hold` are a wrong state, and so is `hold` before the
   * answer. With `missing-file` the leg is not held.
   */
  | { readonly type: 'hold'; readonly id: CommandId; readonly call: CallId; readonly file?: string }
  /**
   * Ends a hold: the music stops, and a bridge that still stands is heard again on both sides. Ends in
   * `command.done`; a wrong state where the leg is not held.
   */
  | { readonly type: 'unhold'; readonly id: CommandId; readonly call: CallId }
  /** Ends a leg in whatever state it is: BYE, CANCEL, or a final response. Ends in `call.ended`. */
  | { readonly type: 'hangup'; readonly id: CommandId; readonly call: CallId }

/** Why we refuse an offered call, and the SIP status it becomes: 404, 403, 503 with Retry-After, 486, 603, 480. */
export type RejectCause = 'not-found' | 'not-allowed' | 'overloaded' | 'busy' | 'rejected' | 'unavailable'

/** One piece of audio: an absolute path of a WAV file (8 kHz mono, 16 bit or G.711), or silence. */
export type PlayItem = { readonly file: string } | { readonly silenceMs: number }

/** The names of all commands, for tables that must handle each (`Record<CallCommandType, ...>`). */
export type CallCommandType = CallCommand['type']
