import Mrf from 'drachtio-fsmrf'
import type Srf from 'drachtio-srf'
import type { Logger } from 'pino'
import type { Cancel, Clock } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import { within } from './deadline.ts'
import { whyNoMediaServer } from './event-socket-probe.ts'
import { type Load, load } from './events.ts'
import { MediaEndpoint } from './media-endpoint.ts'
import type { MediaServerOptions } from './options.ts'

const CONNECT_MS = 4_000
const ENDPOINT_MS = 5_000
/** A connection that is cut without a word is found out so: asked every so often, and given so long. */
const CHECK_EVERY_MS = 3_000
const CHECK_MS = 2_500
/** First pause before connecting again, and the longest; it doubles. */
const RETRY_MS = 250
const MAX_RETRY_MS = 5_000
/** Of what a server can carry, leave so much free: sessions that are being set up are in no heartbeat yet. */
const FULL = 0.95

export interface MediaServerSurroundings {
  readonly clock: Clock
  readonly logger: Logger
  readonly srf: Srf
  readonly listenAddress: string
  readonly advertisedAddress: string | undefined
  /** Told at each change. */
  ready(server: MediaServer): void
  lost(server: MediaServer, detail: string): void
}

/** One FreeSWITCH: its event socket, lost and back with back-off, and how much it carries. */
export class MediaServer {
  readonly name: string
  readonly #options: MediaServerOptions
  readonly #around: MediaServerSurroundings
  readonly #endpoints = new Set<MediaEndpoint>()
  #server: Mrf.MediaServer | undefined
  #load: Load | undefined
  #timer: Cancel | undefined
  #retryMs = RETRY_MS
  #stopped = false

  constructor(options: MediaServerOptions, around: MediaServerSurroundings) {
    this.#options = options
    this.#around = around
    this.name = `freeswitch ${options.name}`
  }

  get ready(): boolean {
    return this.#server !== undefined
  }

  get endpoints(): number {
    return this.#endpoints.size
  }

  /** How full it is, 0 to 1 and above; what it said last, or what we know that we gave it, whichever is more. */
  get fullness(): number {
    const { sessions = 0, maxSessions = 1_000 } = this.#load ?? {}
    return Math.max(sessions, this.#endpoints.size) / maxSessions
  }

  get serves(): boolean {
    return this.ready && this.fullness < FULL
  }

  /** Tries once; resolves with why it failed, after which it goes on trying by itself. */
  async start(): Promise<string | undefined> {
    const why = await this.#connect()
    if (why !== undefined) this.#tryAgain()
    return why
  }

  /**
   * A channel for a leg: with the far end's SDP it answers that, without it offers.
   * @throws when it has none to give
   */
  async endpoint(remoteSdp: string | undefined): Promise<MediaEndpoint> {
    const server = this.#server
    if (!server) throw new Error(`${this.name} is not connected`)
    const { clock, logger } = this.#around
    const asked = server.createEndpoint(remoteSdp === undefined ? {} : { remoteSdp })
    const made = asked.then((raw) => {
      const endpoint = new MediaEndpoint(raw, { clock, logger })
      this.#endpoints.add(endpoint)
      raw.once('destroy', () => this.#endpoints.delete(endpoint))
      return endpoint
    })
    try {
      return await within(clock, ENDPOINT_MS, `${this.name}, endpoint`, made)
    } catch (error) {
      // It may come too late: nobody would ever end it.
      void made.then(
        (endpoint) => endpoint.destroy(),
        () => undefined,
      )
      throw error
    }
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.()
    this.#server?.disconnect()
    this.#server = undefined
    this.#endpoints.clear()
  }

  async #connect(): Promise<string | undefined> {
    const { clock, srf, listenAddress, advertisedAddress } = this.#around
    const why = await whyNoMediaServer(this.#options, clock)
    if (why !== undefined || this.#stopped) return why
    const { host, port, secret, profile } = this.#options
    const { promise, resolve, reject } = Promise.withResolvers<Mrf.MediaServer>()
    let taken = false
    new Mrf(srf).connect(
      {
        address: host,
        port,
        secret,
        profile,
        listenAddress,
        ...(advertisedAddress !== undefined && { advertisedAddress }),
      },
      (error, server) => {
        if (error || !server) return reject(error ?? new Error('it gave no media server'))
        // It goes on trying after a failure, and must not come back behind our back.
        if (taken || this.#stopped) return server.disconnect()
        resolve(server)
      },
    )
    try {
      this.#taken(await within(clock, CONNECT_MS, this.name, promise))
      return undefined
    } catch (error) {
      return messageOf(error)
    } finally {
      taken = true
    }
  }

  #taken(server: Mrf.MediaServer): void {
    this.#server = server
    this.#retryMs = RETRY_MS
    server.conn.socket?.setNoDelay(true)
    server.on('end', () => this.#lost(server, 'its event socket closed'))
    server.on('error', (err) => this.#around.logger.warn({ err, server: this.name }, 'media server'))
    server.conn.on('esl::event::HEARTBEAT::*', (event) => {
      this.#load = load((name) => event.getHeader(name)) ?? this.#load
    })
    this.#check(server)
    this.#around.ready(this)
  }

  #check(server: Mrf.MediaServer): void {
    const { clock } = this.#around
    this.#timer = clock.after(CHECK_EVERY_MS, () => {
      within(clock, CHECK_MS, this.name, server.api('hostname')).then(
        () => {
          if (this.#server === server) this.#check(server)
        },
        (error: unknown) => this.#lost(server, messageOf(error)),
      )
    })
  }

  #lost(server: Mrf.MediaServer, detail: string): void {
    if (this.#server !== server) return
    this.#server = undefined
    this.#load = undefined
    this.#timer?.()
    server.disconnect()
    this.#around.lost(this, detail)
    this.#tryAgain()
  }

  #tryAgain(): void {
    if (this.#stopped) return
    const { clock, logger } = this.#around
    this.#timer = clock.after(this.#retryMs, () => {
      this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS)
      this.#connect().then(
        (why) => {
          if (why === undefined || this.#stopped) return
          logger.debug({ server: this.name, why }, 'media server is still away')
          this.#tryAgain()
        },
        (err: unknown) => logger.error({ err, server: this.name }, 'media server'),
      )
    })
  }
}
