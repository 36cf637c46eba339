import type { Law } from '../../../audio/g711.ts'
import type { MediaReport } from '../../../call/call.ts'
import type { PlayItem } from '../../../call/commands.ts'
import type { PlayEnd, RecordingEnd } from '../../../call/events.ts'

/**
 * What the main thread and the media worker say to each other. All audio lives in the worker; the main thread
 * never sees a packet. One *session* is the RTP of one leg: a port pair, a peer, at most one play, one recording
 * and one bridge at a time.
 */

/** The codecs that we speak: the two laws of G.711. */
export type Codec = Law

/** Where a session sends and what it may expect, from the SDP answer (RFC 3264). */
export interface RemoteMedia {
  /** Address from the SDP; the true source of the packets wins once it is locked (symmetric RTP). */
  readonly host: string
  readonly port: number
  readonly codec: Codec
  /** Payload type of telephone-event/8000 (RFC 4733), when it was negotiated. */
  readonly telephoneEvent?: number
  /** False while the far end holds us (`a=sendonly` or `inactive` from them). */
  readonly send: boolean
  /** False while no audio is to be expected; lost-media detection rests then. */
  readonly receive: boolean
}

/** The request of one kind. */
export type RequestOf<Type extends MediaRequest['type']> = Extract<MediaRequest, { type: Type }>

export type MediaRequest =
  /**
   * Opens a port pair on `host`: the rested one with this `port`, or any, which is answered by `opened` or
   * `open-failed`.
   */
  | { readonly type: 'open'; readonly session: number; readonly host: string; readonly port?: number }
  | { readonly type: 'remote'; readonly session: number; readonly remote: RemoteMedia }
  /** Replaces what plays now; `files` are absolute paths. Answered by `played` or `failed` with the same `command`. */
  | {
      readonly type: 'play'
      readonly session: number
      readonly command: string
      readonly items: readonly PlayItem[]
      readonly interruptible: boolean
    }
  /** Cuts the running play, or the running music, if any. Answered by `done` (after that play's `played`). */
  | {
      readonly type: 'stop'
      readonly session: number
      readonly command: string
      readonly what: 'play' | 'music'
    }
  /** Plays beside everything else that the far end hears, mixed with it. Answered by `played` or `failed`. */
  | {
      readonly type: 'whisper'
      readonly session: number
      readonly command: string
      readonly items: readonly PlayItem[]
    }
  /** Plays round and round. Answered by `done` once begun, or `failed`. */
  | { readonly type: 'music'; readonly session: number; readonly command: string; readonly file: string }
  /** Sends keys as RFC 4733 events (or as nothing where it was not negotiated: `failed`). Answered by `done`. */
  | { readonly type: 'digits'; readonly session: number; readonly command: string; readonly digits: string }
  | {
      readonly type: 'record'
      readonly session: number
      readonly command: string
      readonly file: string
      readonly maxMs: number
      readonly silenceMs?: number
      readonly stopDigits?: string
    }
  /** Answered by `done`, after that recording's `recorded`. */
  | { readonly type: 'record-stop'; readonly session: number; readonly command: string }
  /** Lets two sessions hear each other (relay; transcoding between the two G.711 laws). Answered by `done`. */
  | {
      readonly type: 'bridge'
      readonly session: number
      readonly with: number
      readonly command: string
    }
  /**
   * Plays `file` round and round, or silence, in place of everything else; nothing that the far end sends goes to the
   * other side of a bridge. Answered by `done` once begun, or `failed`, and then it is not held.
   */
  | { readonly type: 'hold'; readonly session: number; readonly command: string; readonly file?: string }
  /** Answered by `done`. */
  | { readonly type: 'unhold'; readonly session: number; readonly command: string }
  /** Parts a bridge. Answered by `done`. */
  | { readonly type: 'unbridge'; readonly session: number; readonly command: string }
  /** Reports the loudness of received audio every `everyMs` as `level` (0 turns it off). */
  | { readonly type: 'monitor'; readonly session: number; readonly everyMs: number }
  /** Closes the ports; open play and recording end first. Answered by `closed`. */
  | { readonly type: 'close'; readonly session: number }

/** How the worker is set up; the same for all of its sessions. */
export interface MediaOptions {
  /** Ports for RTP (even) and RTCP (the next, odd), both ends included; 0 and 0 let the system choose. */
  readonly ports: { readonly min: number; readonly max: number }
  /** Reports `lost` after so long without any packet from the far end. */
  readonly lostAfterMs: number
  /**
   * What a session sends while nothing plays: `keep-alive`, a packet of silence every two seconds, which holds the
   * NAT's binding; `silence`, a packet every 20 ms, as a telephone does.
   */
  readonly idle: 'keep-alive' | 'silence'
}

export type MediaEvent =
  | { readonly type: 'opened'; readonly session: number; readonly port: number }
  | { readonly type: 'open-failed'; readonly session: number; readonly detail: string }
  /** A key went down. Said once per press, at its beginning: how long it is held is not known yet. */
  | {
      readonly type: 'digit'
      readonly session: number
      readonly digit: string
      readonly source: 'rtp' | 'inband'
    }
  /** It came up again, after `durationMs` by the sender's own count (RFC 4733 2.3.5). */
  | {
      readonly type: 'digit-end'
      readonly session: number
      readonly digit: string
      readonly durationMs: number
    }
  | {
      readonly type: 'played'
      readonly session: number
      readonly command: string
      readonly reason: PlayEnd
    }
  | {
      readonly type: 'recorded'
      readonly session: number
      readonly command: string
      readonly file: string
      readonly durationMs: number
      readonly reason: RecordingEnd
    }
  | { readonly type: 'done'; readonly session: number; readonly command: string }
  | {
      readonly type: 'failed'
      readonly session: number
      readonly command: string
      readonly reason: 'missing-file' | 'wrong-state' | 'unsupported' | 'failed'
      readonly detail: string
    }
  | { readonly type: 'lost'; readonly session: number; readonly silentMs: number }
  | { readonly type: 'back'; readonly session: number }
  /** Root mean square of the last window, in dBov (RFC 6465: 0 is the loudest, -127 is silence). */
  | { readonly type: 'level'; readonly session: number; readonly dbov: number }
  | { readonly type: 'closed'; readonly session: number; readonly report: MediaReport | undefined }

/** What a part of a session reports: the session adds its number. */
export type SessionEvent = MediaEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'session'>
    : never
  : never

/**
 * Ports that are bound and free are lent to the main thread, which can give them to new sessions without asking
 * first: so a call is answered in the turn of the event loop in which it arrives.
 */
export type PortEvent =
  /** This pair may be opened from now on. */
  | { readonly type: 'rested'; readonly host: string; readonly port: number }
  /** Nobody has needed it for long: to be answered by `discard`, unless it is in use. */
  | { readonly type: 'recall'; readonly port: number }

export type PortRequest =
  /** It was promised to a far end, though nothing came of it: it must rest again. */
  | { readonly type: 'release'; readonly port: number }
  /** It may be closed. */
  | { readonly type: 'discard'; readonly port: number }

/** What the main thread posts: all that it has to say in one turn of its event loop. */
export type WorkerRequest = MediaRequest | PortRequest
export type WorkerRequests = readonly WorkerRequest[]

/** What the worker posts: first that it is ready, then what has happened in one turn of its event loop. */
export type WorkerEvent = MediaEvent | PortEvent
export type WorkerMessage = 'ready' | readonly WorkerEvent[]
