import type Mrf from 'drachtio-fsmrf'
import type { Logger } from 'pino'
import type { MediaReport } from '../../call/call.ts'
import type { Clock } from '../../clock/clock.ts'
import { within } from './deadline.ts'
import { type EslHeaders, mediaReport, played, REPORT_QUERY, type Recorded, recorded } from './events.ts'
import { textOf } from './sip-messages.ts'

/** FreeSWITCH answers within milliseconds; whatever takes longer than this has gone. */
const ANSWER_MS = 4_000
/** A channel that changes what it does takes a frame or two. */
const CHANGE_MS = 1_000
/** RFC 4733 keys: milliseconds on, and off. */
const KEY_MS = 100
const GAP_MS = 70

/** What a leg wants to know of its endpoint. */
export interface EndpointListener {
  digit(header: EslHeaders): void
  recorded(recorded: Recorded): void
  /** The channel or its event socket has gone, and nobody here asked for it. */
  lost(): void
}

export interface EndpointSurroundings {
  readonly clock: Clock
  readonly logger: Logger
}

/** How a playback went. */
export interface PlaybackWatch {
  /** It can be heard, and can be broken off. */
  started(): void
  ended(how: 'played' | 'missing' | 'failed'): void
}

/** The media of one leg: a channel of FreeSWITCH, between a SIP dialog and an event socket of its own. */
export class MediaEndpoint {
  readonly uuid: string
  readonly #endpoint: Mrf.Endpoint
  readonly #around: EndpointSurroundings
  readonly #waiting = new Map<string, Set<() => void>>()
  #listener: EndpointListener | undefined
  #playback: PlaybackWatch | undefined
  #gone = false

  constructor(endpoint: Mrf.Endpoint, around: EndpointSurroundings) {
    this.#endpoint = endpoint
    this.#around = around
    this.uuid = textOf(endpoint.uuid)
    endpoint.on('playback-start', () => this.#playback?.started())
    endpoint.on('destroy', () => this.#lost())
    this.#subscribe()
  }

  get localSdp(): string {
    return textOf(this.#endpoint.local.sdp)
  }

  get gone(): boolean {
    return this.#gone
  }

  listen(listener: EndpointListener): void {
    this.#listener = listener
  }

  /** Tells FreeSWITCH what the far end answered or offers; resolves with what it says itself. */
  async modify(sdp: string): Promise<string> {
    return textOf(await this.#answer('re-INVITE', this.#endpoint.dialog.modify(sdp)))
  }

  /** Plays what FreeSWITCH can open, once; one at a time. */
  play(path: string, watch: PlaybackWatch): void {
    this.#playback = watch
    const over = (how: 'played' | 'missing' | 'failed'): void => {
      if (this.#playback === watch) this.#playback = undefined
      watch.ended(how)
    }
    this.#endpoint.execute('playback', path).then(
      (event) => over(played((name) => event.getHeader(name))),
      () => over('failed'),
    )
  }

  /** Ends the playback that has started. */
  break(): void {
    this.#tell('uuid_break', `${this.uuid} all`)
  }

  /** Sends keys; resolves after the last. @throws when FreeSWITCH refuses */
  async sendKeys(keys: string): Promise<void> {
    await this.#api('uuid_send_dtmf', `${this.uuid} ${keys}@${KEY_MS}`)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#around.clock.after(keys.length * (KEY_MS + GAP_MS), resolve)
    await promise
  }

  /**
   * Records what the far end says; `recorded` follows.
   * @throws when FreeSWITCH refuses
   */
  async record(file: string, { maxMs, silenceMs }: { maxMs: number; silenceMs?: number }): Promise<void> {
    const variables = [
      'RECORD_READ_ONLY=true',
      'RECORD_MIN_SEC=0',
      // By default a recording hears nothing of its first half second.
      'RECORD_PRE_BUFFER_FRAMES=1',
      'record_sample_rate=8000',
      ...(silenceMs === undefined
        ? []
        : [`RECORD_INITIAL_TIMEOUT_MS=${silenceMs}`, `RECORD_FINAL_TIMEOUT_MS=${silenceMs}`]),
    ]
    // We end it to the millisecond; the limit is for the case that we die.
    const limit = Math.ceil(maxMs / 1_000) + 2
    await this.#api('uuid_record', `${this.uuid} start '${file}' ${limit} {${variables.join(',')}}`)
  }

  stopRecording(file: string): void {
    this.#tell('uuid_record', `${this.uuid} stop '${file}'`)
  }

  /** Begins or ends to mix a file into what the far end hears. @throws when FreeSWITCH refuses */
  async displace(what: 'start' | 'stop', path: string): Promise<void> {
    await this.#api('uuid_displace', `${this.uuid} ${what} ${path}${what === 'start' ? ' 0 mux' : ''}`)
  }

  /** Lets the two hear each other. @throws when FreeSWITCH refuses */
  async bridge(other: MediaEndpoint): Promise<void> {
    const bridged = this.#next('CHANNEL_BRIDGE')
    await this.#api('uuid_bridge', `${this.uuid} ${other.uuid}`)
    await bridged
  }

  /** Parts it from the one it is bridged with. @throws when FreeSWITCH refuses */
  async unbridge(other: MediaEndpoint): Promise<void> {
    const parked = Promise.all([this.parked(), other.parked()])
    await this.#api('uuid_transfer', `${this.uuid} -both park inline`)
    await parked
  }

  /** Resolves when the channel waits for commands again, after its bridge has ended. */
  parked(): Promise<void> {
    return this.#next('CHANNEL_PARK')
  }

  /** What FreeSWITCH has measured so far; undefined when it cannot say. */
  async report(): Promise<MediaReport | undefined> {
    try {
      await this.#api('uuid_set_media_stats', this.uuid)
      return mediaReport(await this.#api('eval', `uuid:${this.uuid} ${REPORT_QUERY}`))
    } catch {
      return undefined
    }
  }

  /** Ends the channel. Its event socket closes, and its dialog ends by a BYE of FreeSWITCH. */
  destroy(): void {
    if (this.#gone) return
    this.#gone = true
    // The answer may go down with the event socket: nobody waits for it.
    this.#endpoint.api('uuid_kill', this.uuid).catch(() => undefined)
  }

  #subscribe(): void {
    const { conn } = this.#endpoint
    if (!conn) return
    // The library writes each command in two pieces, and the second would wait 40 ms for the first to be acknowledged.
    conn.socket?.setNoDelay(true)
    // Its peer's end would end this channel too.
    this.#tell('uuid_setvar', `${this.uuid} park_after_bridge true`)
    this.#tell('uuid_setvar', `${this.uuid} playback_terminators none`)
    conn.subscribe('RECORD_STOP CHANNEL_PARK CHANNEL_BRIDGE')
    conn.on(`esl::event::DTMF::${this.uuid}`, (event) => {
      if (!this.#gone) this.#listener?.digit((name) => event.getHeader(name))
    })
    conn.on(`esl::event::RECORD_STOP::${this.uuid}`, (event) => {
      const end = recorded((name) => event.getHeader(name))
      if (end) this.#listener?.recorded(end)
    })
    for (const name of ['CHANNEL_PARK', 'CHANNEL_BRIDGE']) {
      conn.on(`esl::event::${name}::${this.uuid}`, () => {
        const waiting = this.#waiting.get(name)
        this.#waiting.delete(name)
        for (const resolve of waiting ?? []) resolve()
      })
    }
  }

  /** Resolves at the next such event, or when it is too late for one. */
  #next(name: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const waiting = this.#waiting.get(name) ?? new Set()
    this.#waiting.set(name, waiting.add(resolve))
    const cancel = this.#around.clock.after(CHANGE_MS, resolve)
    return promise.finally(cancel)
  }

  #lost(): void {
    if (this.#gone) return
    this.#gone = true
    const playback = this.#playback
    this.#playback = undefined
    this.#listener?.lost()
    playback?.ended('failed')
  }

  async #api(command: string, args: string): Promise<string> {
    const event = await this.#answer(command, this.#endpoint.api(command, args))
    const body = textOf(event.getBody())
    if (/^-(ERR|USAGE)/.test(body)) throw new Error(`${command}: FreeSWITCH says ${body.trim()}`)
    return body
  }

  /** For what may fail without harm, because the channel has gone then. */
  #tell(command: string, args: string): void {
    this.#api(command, args).catch((err: unknown) =>
      this.#around.logger.debug({ err, uuid: this.uuid }, 'FreeSWITCH did not do it'),
    )
  }

  #answer<T>(what: string, promise: Promise<T>): Promise<T> {
    return within(this.#around.clock, ANSWER_MS, `FreeSWITCH, ${what}`, promise)
  }
}
