import type { CallId, MediaReport, Party } from '../../call/call.ts'
import type { CallCommandType } from '../../call/commands.ts'
import type { CallEvent } from '../../call/events.ts'
import type { Ending } from '../endings.ts'
import type { MediaEvent, MediaRequest, RemoteMedia } from './media/protocol.ts'
import type { MediaLink } from './media-link.ts'
import type { LevelOptions } from './options.ts'
import type { Timer, Timers } from './sip/timers.ts'

/** The signalling half of a leg: an inbound or an outbound SIP call. */
export interface Signalling {
  /** The leg's ports are open: SDP can be written. */
  mediaReady(port: number): void
  /** Answers an inbound call; `call.answered` follows. False where there is nothing to answer. */
  answer(command: string): boolean
  /** Ends the call towards the far end: a final response with this status, CANCEL or BYE, whichever fits. */
  release(status: number, retryAfterSeconds?: number): void
  /** Tells the far end of an inbound call who is on the line now, if it wants to know. */
  identify?(party: Party): void
  /** Puts the far end of an answered call on hold, or takes it back. */
  hold(holds: boolean): void
}

/** What all legs share. */
export interface LegSurroundings {
  readonly media: MediaLink
  readonly timers: Timers
  /** Local address of media, IPv4. */
  readonly mediaHost: string
  /** Lost audio for longer than this ends the leg, milliseconds; 0: never. */
  readonly mediaTimeoutMs: number
  readonly levels: LevelOptions | undefined
  emit(event: CallEvent): void
  /** The leg is over: forget it. */
  forget(leg: Leg): void
}

/** The media worker owes `closed` within moments; a leg ends without its report rather than never. */
const CLOSE_MS = 2_000

/** Omit over each member of a union. */
type Unaddressed<Request> = Request extends unknown ? Omit<Request, 'session'> : never

/**
 * One call as the contract sees it: where it stands, its media session, and what it owes the one who commands.
 * How it speaks SIP is its `Signalling`.
 */
export class Leg {
  readonly id: CallId
  readonly session: number
  readonly direction: 'inbound' | 'outbound'
  /** Commands that media has yet to end; the value tells what its `done` means. */
  readonly pending = new Map<string, CallCommandType>()
  /** A play that the first digit cuts, and a recording that some digits end: digits by INFO do not pass media. */
  interruptible: string | undefined
  interrupted: string | undefined
  recording: { readonly command: string; readonly stopDigits: string } | undefined
  stoppedByDigit: string | undefined
  /** The leg that a `bridge` command under way names. */
  bridging: Leg | undefined
  bridgedWith: Leg | undefined
  /** By `hold`, or on its way to be. */
  held = false
  /** What the other side of a bridge may be told of this one. */
  identity: Party | undefined
  #state: 'new' | 'answered' | 'ending' = 'new'
  readonly #around: LegSurroundings
  #signalling: Signalling | undefined
  #ending: Ending | undefined
  #closing: Timer | undefined
  #lossTimer: Timer | undefined
  /** The far end has put us on hold. */
  #holdsUs = false

  constructor(around: LegSurroundings, direction: 'inbound' | 'outbound', id: CallId, session: number) {
    this.#around = around
    this.direction = direction
    this.id = id
    this.session = session
  }

  get state(): 'new' | 'answered' | 'ending' {
    return this.#state
  }

  get signalling(): Signalling | undefined {
    return this.#signalling
  }

  /** Opens the ports; `signalling.mediaReady` follows, or the leg ends. */
  open(signalling: Signalling): void {
    this.#signalling = signalling
    this.send({ type: 'open', host: this.#around.mediaHost })
  }

  send(request: Unaddressed<MediaRequest>): void {
    this.#around.media.send({ ...request, session: this.session })
  }

  emit(event: CallEvent): void {
    this.#around.emit(event)
  }

  setRemote(remote: RemoteMedia): void {
    this.send({ type: 'remote', remote })
    const holdsUs = !remote.send
    if (this.#state !== 'answered' || holdsUs === this.#holdsUs) return
    this.#holdsUs = holdsUs
    this.emit({ type: holdsUs ? 'call.held' : 'call.unheld', call: this.id })
  }

  /** Audio can flow. */
  answered(command: string, trunk?: string): void {
    if (this.#state !== 'new') return
    this.#state = 'answered'
    const { levels } = this.#around
    if (levels) this.send({ type: 'monitor', everyMs: levels.everyMs })
    this.emit({
      type: 'call.answered',
      call: this.id,
      command,
      ...(trunk !== undefined && { trunk }),
    })
  }

  level(dbov: number): void {
    this.#around.levels?.heard(this.id, dbov)
  }

  /** Ends the leg towards the far end and here. */
  hangUp(ending: Ending, status = ending.status ?? 480, retryAfterSeconds?: number): void {
    if (this.#state === 'ending') return
    this.#signalling?.release(status, retryAfterSeconds)
    this.end(ending)
  }

  /** The far end is gone, or has been told: closes media, then reports `call.ended`. */
  end(ending: Ending): void {
    if (this.#state === 'ending') return
    this.#state = 'ending'
    this.#ending = ending
    this.#lossTimer?.cancel()
    this.#part()
    this.#closing = this.#around.timers.after(CLOSE_MS, () => this.closed(undefined))
    this.send({ type: 'close' })
  }

  #part(): void {
    const peer = this.bridgedWith
    if (!peer) return
    this.bridgedWith = undefined
    peer.bridgedWith = undefined
    this.emit({ type: 'call.unbridged', calls: [this.id, peer.id] })
  }

  /** Media is gone: the last word about this leg, also when nobody asked for it (the worker died). */
  closed(report: MediaReport | undefined): void {
    if (this.#state !== 'ending') this.hangUp({ cause: 'backend-lost', by: 'network' }, 500)
    if (!this.#ending) return
    this.#closing?.cancel()
    const ending = this.#ending
    this.#ending = undefined
    this.#around.forget(this)
    this.emit({ type: 'call.ended', call: this.id, ...ending, ...(report && { media: report }) })
  }

  mediaLost(event: Extract<MediaEvent, { type: 'lost' }>): void {
    if (this.#state !== 'answered') return
    this.emit({ type: 'call.media-lost', call: this.id, silentMs: event.silentMs })
    const { mediaTimeoutMs, timers } = this.#around
    if (mediaTimeoutMs === 0) return
    this.#lossTimer?.cancel()
    this.#lossTimer = timers.after(mediaTimeoutMs, () => this.hangUp({ cause: 'media-lost', by: 'network' }))
  }

  mediaBack(): void {
    this.#lossTimer?.cancel()
    this.#lossTimer = undefined
    if (this.#state === 'answered') this.emit({ type: 'call.media-back', call: this.id })
  }
}
