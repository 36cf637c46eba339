import type { Logger } from 'pino'
import type { CallId } from '../../call/call.ts'
import type { CallEvent } from '../../call/events.ts'
import type { Clock } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import type { Ending } from '../endings.ts'
import { digit } from './events.ts'
import { Lane } from './lane.ts'
import type { MediaServer } from './media-server.ts'
import type { MediaServers, Placed } from './media-servers.ts'
import { MediaWatch } from './media-watch.ts'
import { Player } from './player.ts'
import { Recorder } from './recorder.ts'
import { Whisperer } from './whisperer.ts'

/** The signalling half of a leg: a call that somebody makes to us, or that we make. */
export interface Signalling {
  /** Answers an inbound call; `call.answered` follows. False where there is nothing to answer. */
  answer(command: string): boolean
  /** Ends the call towards the far end: a final response with this status, CANCEL or BYE, whichever fits. */
  release(status: number, retryAfterSeconds?: number): void
  /** What the far end said last of its media; undefined before the answer. */
  readonly remoteSdp: string | undefined
  /** Offers the far end other media by a re-INVITE; resolves with its answer. @throws when it refuses */
  offer(sdp: string): Promise<string>
  /** The connection to drachtio-server stands again: is the far end still there? */
  reconnected(): void
}

/** What all legs share. */
export interface LegSurroundings {
  readonly clock: Clock
  readonly logger: Logger
  readonly servers: MediaServers
  readonly mediaLostAfterMs: number
  readonly mediaTimeoutMs: number
  emit(event: CallEvent): void
  /** The leg is over: forget it. */
  forget(leg: Leg): void
}

/** One call as the contract sees it: where it stands, its media endpoint, and with whom it is bridged. */
export class Leg {
  readonly id: CallId
  readonly direction: 'inbound' | 'outbound'
  readonly player = new Player()
  readonly recorder: Recorder
  readonly whisperer: Whisperer
  /** What changes who hears whom goes one after the other. */
  readonly lane = new Lane()
  /** A play that the first digit cuts. */
  interruptible: string | undefined
  /** The answer has been given, and media follows it. */
  answering: { readonly command: string; readonly trunk?: string } | undefined
  /** The leg that a `bridge` command under way names. */
  bridging: Leg | undefined
  bridgedWith: Leg | undefined
  /** FreeSWITCH lets the two hear each other; not so while one of them is on hold. */
  joined = false
  /** By our command. */
  held = false
  readonly #around: LegSurroundings
  readonly #watch: MediaWatch
  #state: 'new' | 'answered' | 'ending' = 'new'
  #heldByFarEnd = false
  /** Its media server is gone, and another is being found. */
  #moving = false
  #signalling: Signalling | undefined
  #placed: Placed | undefined

  constructor(around: LegSurroundings, direction: 'inbound' | 'outbound', id: CallId) {
    this.#around = around
    this.direction = direction
    this.id = id
    this.recorder = new Recorder(id, around.clock, (event) => around.emit(event))
    this.whisperer = new Whisperer(id, around.clock, (event) => around.emit(event))
    this.#watch = new MediaWatch(around, {
      lost: (silentMs) => this.emit({ type: 'call.media-lost', call: id, silentMs }),
      back: () => this.emit({ type: 'call.media-back', call: id }),
      given: () => this.hangUp({ cause: 'media-lost', by: 'network' }),
    })
  }

  get state(): 'new' | 'answered' | 'ending' {
    return this.#state
  }

  get signalling(): Signalling | undefined {
    return this.#signalling
  }

  get placed(): Placed | undefined {
    return this.#placed
  }

  open(signalling: Signalling): void {
    this.#signalling = signalling
  }

  emit(event: CallEvent): void {
    this.#around.emit(event)
  }

  /** The leg's media is there now; what was heard goes on. */
  place(placed: Placed): void {
    this.#placed = placed
    placed.endpoint.listen({
      digit: (header) => {
        const event = digit(this.id, header)
        if (event) this.pressed(event)
      },
      recorded: (end) => this.recorder.ended(end),
      lost: () => this.mediaServerLost(),
    })
    this.player.attach(placed.endpoint)
  }

  /** Audio can flow. */
  answered(command: string, trunk?: string): void {
    if (this.#state !== 'new') return
    this.#state = 'answered'
    this.emit({ type: 'call.answered', call: this.id, command, ...(trunk !== undefined && { trunk }) })
    this.#watch.start(() => this.#placed?.endpoint)
  }

  /** A key, by whichever way. */
  pressed(event: Extract<CallEvent, { type: 'call.digit' }>): void {
    if (this.#state === 'ending') return
    this.emit(event)
    if (this.interruptible !== undefined) {
      this.interruptible = undefined
      this.player.cut('interrupted')
    }
    this.recorder.pressed(event.digit)
  }

  /** The far end holds us, or takes us back. */
  heldByFarEnd(holds: boolean): void {
    if (holds === this.#heldByFarEnd || this.#state !== 'answered') return
    this.#heldByFarEnd = holds
    this.#watch.pause(holds)
    this.emit({ type: holds ? 'call.held' : 'call.unheld', call: this.id })
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
    // Whoever hangs up that soon has been on the line all the same.
    if (ending.cause === 'normal' && this.answering) {
      this.answered(this.answering.command, this.answering.trunk)
    }
    this.#state = 'ending'
    this.#watch.stop()
    this.whisperer.forget()
    this.#part()
    this.#close(ending).catch((err: unknown) =>
      this.#around.logger.error({ err, call: this.id }, 'a leg did not close'),
    )
  }

  /**
   * Takes the leg to another media server: the far end is asked to send there.
   * @param server the only one that will do; undefined: any
   * @throws when that cannot be done; the leg is then as it was
   */
  async move(server: MediaServer | undefined): Promise<void> {
    const signalling = this.#signalling
    if (signalling?.remoteSdp === undefined) throw new Error('the far end has not said where it listens')
    const placed = await this.#around.servers.endpoint(signalling.remoteSdp, server)
    try {
      const answer = await signalling.offer(placed.endpoint.localSdp)
      if (this.#state === 'ending') throw new Error('the call ended meanwhile')
      await placed.endpoint.modify(answer)
    } catch (error) {
      placed.endpoint.destroy()
      throw error
    }
    const before = this.#placed
    this.#placed = placed
    before?.endpoint.destroy()
    this.place(placed)
  }

  /**
   * The media server is gone. Two who talked have lost each other: both calls end. Whoever waits is taken to another
   * server where there is one, and hears there what was heard here.
   */
  mediaServerLost(): void {
    if (this.#state === 'ending' || this.#moving) return
    const lost: Ending = { cause: 'backend-lost', by: 'network' }
    const peer = this.bridgedWith ?? this.bridging
    if (this.#state === 'new' || peer || !this.#around.servers.serving) {
      const server = this.#placed?.server
      this.hangUp(lost, 503)
      // The other one's media is gone with ours; alone it would count as one that waits.
      if (peer?.placed?.server === server) peer?.hangUp(lost, 503)
      return
    }
    this.recorder.lost()
    this.#moving = true
    this.lane
      .run(() => this.move(undefined))
      .catch((error: unknown) => {
        this.#around.logger.warn({ call: this.id, why: messageOf(error) }, 'a caller could not be moved')
        this.hangUp(lost, 503)
      })
      .finally(() => {
        this.#moving = false
      })
  }

  async #close(ending: Ending): Promise<void> {
    const endpoint = this.#placed?.endpoint
    await this.recorder.close(endpoint)
    const media = endpoint && !endpoint.gone ? await endpoint.report() : undefined
    endpoint?.destroy()
    // Nothing will tell of what plays any more, and whoever joins this leg with another waits for its end.
    this.player.attach(undefined)
    this.#around.forget(this)
    this.emit({ type: 'call.ended', call: this.id, ...ending, ...(media && { media }) })
  }

  #part(): void {
    const peer = this.bridgedWith
    if (!peer) return
    this.bridgedWith = undefined
    peer.bridgedWith = undefined
    const wasJoined = this.joined
    this.joined = false
    peer.joined = false
    // The peer's channel falls back to waiting by itself; commands to it wait for that.
    if (wasJoined) void peer.lane.run(async () => peer.placed?.endpoint.parked())
    this.emit({ type: 'call.unbridged', calls: [this.id, peer.id] })
  }
}
