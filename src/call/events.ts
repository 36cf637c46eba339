import type { CallId, CommandId, EndCause, MediaReport, Party } from './call.ts'
import type { CallIdentity } from './identity.ts'

/**
 * What happens to calls and devices: everything that a telephony backend may report.
 *
 * Events are in order per call; `call.bridged` and `call.unbridged` are ordered for every call they name.
 * After `call.ended` nothing more is said of that call.
 */
export type CallEvent =
  /** Somebody calls us. Nothing has been answered; early media is not sent. */
  | {
      readonly type: 'call.offered'
      readonly call: CallId
      /**
       * Who calls: the identity that a trusted peer asserts, else From; nobody where the caller withholds it
       * (`callerOf` in `telephony/identity.ts`).
       */
      readonly from: Party
      /** Who is called; over a trunk its number is as the number plan has it. */
      readonly to: Party
      /** The registered device that calls, when it proved itself with credentials. */
      readonly device?: string
      /** The trunk that it came over, by its name in the center's files. */
      readonly trunk?: string
      /** What the signalling says of the caller beyond From; absent where it says nothing. */
      readonly identity?: CallIdentity
      /** Signalling headers by lower-case name; the first value where one repeats. */
      readonly headers: Readonly<Record<string, string>>
    }
  /** The far end of an outbound leg is ringing (180) or sends early media (183 with SDP). */
  | { readonly type: 'call.progress'; readonly call: CallId; readonly kind: 'ringing' | 'early-media' }
  /** Ends `answer` (inbound) or `dial` (outbound): audio can flow. */
  | {
      readonly type: 'call.answered'
      readonly call: CallId
      readonly command: CommandId
      /** The trunk that carried it, where a number was dialled. */
      readonly trunk?: string
    }
  /** One key: 0-9, *, #, A-D. Reported once per press, at its beginning where the backend can tell. */
  | {
      readonly type: 'call.digit'
      readonly call: CallId
      readonly digit: string
      readonly source: 'rtp' | 'info' | 'inband'
      /** How long the key was held, milliseconds; 0 where it is not known. */
      readonly durationMs: number
    }
  /** Ends `play` and `whisper`. */
  | {
      readonly type: 'call.played'
      readonly call: CallId
      readonly command: CommandId
      readonly reason: PlayEnd
    }
  /** Ends `record.start`: the file is complete and closed. */
  | {
      readonly type: 'call.recorded'
      readonly call: CallId
      readonly command: CommandId
      readonly file: string
      readonly durationMs: number
      readonly reason: RecordingEnd
    }
  /** Ends `bridge`: the two legs hear each other. */
  | { readonly type: 'call.bridged'; readonly calls: readonly [CallId, CallId]; readonly command: CommandId }
  /** The two no longer hear each other: by `unbridge`, whose ending it is then, or because one of them ended. */
  | {
      readonly type: 'call.unbridged'
      readonly calls: readonly [CallId, CallId]
      readonly command?: CommandId
    }
  /** No audio has come from the far end for `silentMs` although the session asks for it. Said once per loss. */
  | { readonly type: 'call.media-lost'; readonly call: CallId; readonly silentMs: number }
  /** Audio is back after `call.media-lost`. */
  | { readonly type: 'call.media-back'; readonly call: CallId }
  /**
   * The far end has put us on hold and no longer listens: a re-INVITE or UPDATE with `sendonly` or `inactive`, or the
   * address 0.0.0.0 (RFC 3264 8.4). Said once per hold. The session asks for no audio meanwhile, so none is lost.
   */
  | { readonly type: 'call.held'; readonly call: CallId }
  /** It listens again after `call.held`. Not said at the end of the call. */
  | { readonly type: 'call.unheld'; readonly call: CallId }
  /** Ends a command that has no richer result: `play.stop`, `music.*`, `digits.send`, `record.stop`, `hold`, `unhold`. */
  | { readonly type: 'command.done'; readonly call: CallId; readonly command: CommandId }
  /** Ends a command that could not be carried out; the call itself goes on. */
  | {
      readonly type: 'command.failed'
      readonly call: CallId
      readonly command: CommandId
      readonly reason: CommandFailure
      /** For people: what was found and what was expected. */
      readonly detail: string
    }
  /** The leg is over; ends every command of this call that has not ended yet. */
  | {
      readonly type: 'call.ended'
      readonly call: CallId
      readonly cause: EndCause
      /** `remote`: the far end. `local`: our command. `network`: neither (time-out, transport, lost media). */
      readonly by: 'remote' | 'local' | 'network'
      /** SIP status of the final response, where there was one. */
      readonly status?: number
      readonly media?: MediaReport
    }
  /** The device can be rung. Said at its first sign and may be repeated, by a refresh of its registration for example. */
  | { readonly type: 'device.reachable'; readonly device: string }
  | {
      readonly type: 'device.unreachable'
      readonly device: string
      readonly reason: 'unregistered' | 'expired' | 'failed'
    }
  /**
   * A connection on which the backend stands went away: to Asterisk, to drachtio-server, to a media server. Said once
   * per loss. Calls that it carried are told of by themselves: each ends with `backend-lost`, at once or when the
   * connection is back and they are found to be gone, or it goes on. A command that meets the loss has its one
   * ending all the same (`command.failed` with `failed`, or its call's end); `dial` ends with `backend-lost`, and
   * `hangup` is made up for as soon as there is a connection.
   */
  | {
      readonly type: 'backend.lost'
      /** Which one, for people and metrics: `asterisk ast-1`, `drachtio`, `freeswitch fs-2`. Stable over restarts. */
      readonly backend: string
      /** Can calls still be made and taken, because another one stands in? */
      readonly serving: boolean
      /** For people: what happened. */
      readonly detail: string
    }
  /**
   * It stands: said of each when it first does, and again after a loss. Devices and trunks whose state was not known
   * meanwhile are told anew.
   */
  | { readonly type: 'backend.ready'; readonly backend: string; readonly serving: boolean }
  /** Calls can be made over this trunk. Said of each when it is first known and after each `trunk.down`. */
  | { readonly type: 'trunk.up'; readonly trunk: string }
  /** They cannot. Said when it is first known and once per loss; `dial` passes over such a trunk. */
  | {
      readonly type: 'trunk.down'
      readonly trunk: string
      /** `unregistered`: its registrar refuses us or is silent. `unanswered`: OPTIONS have no answer. */
      readonly reason: 'unregistered' | 'unanswered'
      /** For people: the last answer, or that there was none. */
      readonly detail: string
    }

/** `interrupted`: a digit cut it. `stopped`: `play.stop`, another `play`, a bridge, a hold or the music cut it. */
export type PlayEnd = 'finished' | 'interrupted' | 'stopped'

/** `stopped`: by `record.stop`. `digit`: one of its `stopDigits`. */
export type RecordingEnd = 'stopped' | 'max-length' | 'silence' | 'digit' | 'hangup'

/**
 * - `no-such-call`: it never was, or it has ended.
 * - `wrong-state`: the call is not in a state that allows it (play before answer, bridge of a ringing leg).
 * - `missing-file`: an audio file is absent or unreadable.
 * - `unsupported`: this backend cannot do it.
 * - `failed`: it could and did not; see `detail`.
 */
export type CommandFailure = 'no-such-call' | 'wrong-state' | 'missing-file' | 'unsupported' | 'failed'
