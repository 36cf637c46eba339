/**
 * One connection to one Asterisk: the WebSocket of the Stasis applications and the requests beside it.
 *
 * `ari-client` does the protocol. What it does not do is done here: every request has a deadline; it gives up
 * reconnecting after ten tries, so a new client follows; and a connection that is silently dead is noticed by pings.
 * See docs/decisions/008-ari-client.md.
 */
import { EventEmitter } from 'node:events'
import type { Logger } from 'pino'
import type { Cancel, Clock } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import { AriError, ariErrorOf } from './ari-error.ts'
import { type Client, connect } from './mended-ari-client.ts'

/** Asterisk answers a request in milliseconds; one that takes longer is lost. */
const REQUEST_MS = 5_000
const CONNECT_MS = 10_000
const PING_MS = 5_000
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 10_000
/** Somebody else took the application: taking it back at once would only begin a quarrel. */
const REPLACED_RETRY_MS = 30_000

export interface ConnectionOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly url: string
  readonly username: string
  readonly password: string
  /** Stasis applications whose events are wanted. */
  readonly applications: readonly string[]
  /** Is given every message as it came. */
  readonly received: (message: unknown) => void
  /** The connection stands; it counts as ready when this resolves, and is tried anew when it fails. */
  readonly prepare: () => Promise<void>
  readonly ready: () => void
  /** It does not any more, or could not be made. Said once per loss. */
  readonly lost: (detail: string) => void
}

type EventfulClient = Client & EventEmitter

export class Connection {
  readonly #options: ConnectionOptions
  readonly #pending = new Set<(error: AriError) => void>()
  #client: EventfulClient | undefined
  /** Counts connections, so that what belongs to an earlier one is known by its number. */
  #generation = 0
  #ready = false
  #toldLost = false
  #retryMs = FIRST_RETRY_MS
  #retry: Cancel | undefined
  #ping: Cancel | undefined
  #pongs = 0
  #stopped = false

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  get ready(): boolean {
    return this.#ready
  }

  /** Resolves after the first try, whether it worked or not; it goes on trying until `stop`. */
  async start(): Promise<void> {
    await this.#connect()
  }

  stop(): void {
    this.#stopped = true
    this.#ready = false
    this.#retry?.()
    this.#drop('the backend is being stopped')
  }

  /**
   * Sends a request.
   * @param what for the error, for example `play`
   * @throws AriError
   */
  async ask<Answer>(what: string, send: (client: Client) => Promise<Answer>): Promise<Answer> {
    const client = this.#client
    if (!client) throw new AriError('unreachable', `${what}: there is no connection to ${this.#options.url}`)
    const { promise: lost, reject } = Promise.withResolvers<never>()
    this.#pending.add(reject)
    const cancel = this.#options.clock.after(REQUEST_MS, () => {
      reject(new AriError('unreachable', `${what}: no answer from ${this.#options.url} in ${REQUEST_MS} ms`))
    })
    try {
      return await Promise.race([send(client), lost])
    } catch (error) {
      throw ariErrorOf(error)
    } finally {
      cancel()
      this.#pending.delete(reject)
    }
  }

  async #connect(): Promise<void> {
    const { url, username, password, applications, clock, received } = this.#options
    const generation = ++this.#generation
    let client: Client
    try {
      client = await withDeadline(clock, connect(url, username, password))
    } catch (error) {
      return this.#failed(generation, `Asterisk at ${url} cannot be reached: ${reasonOf(error)}`)
    }
    if (!(client instanceof EventEmitter)) return this.#failed(generation, 'ari-client gave no event emitter')
    const isCurrent = (): boolean => this.#generation === generation && !this.#stopped
    if (!isCurrent()) return
    this.#client = client
    const { promise: tried, resolve: done } = Promise.withResolvers<void>()
    client.on('*', (message: unknown) => {
      if (isCurrent()) received(message)
    })
    client.on('pong', () => this.#pongs++)
    client.on('WebSocketConnected', () => {
      // A client that was given up may have had one more try under way.
      if (isCurrent()) void this.#prepare(generation).finally(done)
      else client.stop()
    })
    client.on('WebSocketReconnecting', (error: unknown) => {
      if (isCurrent()) this.#lose(`the connection to ${url} was lost: ${reasonOf(error)}`)
      done()
    })
    client.on('WebSocketMaxRetries', (error: unknown) => {
      this.#failed(generation, `the connection to ${url} was lost: ${reasonOf(error)}`)
    })
    // Its outcome is told by the events.
    client.start([...applications]).catch(() => undefined)
    const late = clock.after(CONNECT_MS, () => {
      if (!this.#ready) this.#failed(generation, `no events from ${url} in ${CONNECT_MS} ms`)
      done()
    })
    await tried
    late()
  }

  async #prepare(generation: number): Promise<void> {
    try {
      await this.#options.prepare()
    } catch (error) {
      return this.replaceConnection(`Asterisk at ${this.#options.url}: ${messageOf(error)}`, generation)
    }
    if (this.#generation !== generation || this.#stopped) return
    this.#ready = true
    this.#toldLost = false
    this.#retryMs = FIRST_RETRY_MS
    this.#options.ready()
    this.#watch(generation)
  }

  /** A connection that is dead and does not know it: the cable was pulled, a firewall forgot it. */
  #watch(generation: number): void {
    this.#ping?.()
    const pongs = this.#pongs
    this.#client?.ping()
    this.#ping = this.#options.clock.after(PING_MS, () => {
      if (this.#generation !== generation || !this.#ready) return
      if (this.#pongs > pongs) return this.#watch(generation)
      this.replaceConnection(`${this.#options.url} has not answered a ping for ${PING_MS} ms`, generation)
    })
  }

  /** Another program took the application over. */
  replaced(): void {
    this.#retryMs = REPLACED_RETRY_MS
    this.replaceConnection(
      `another program uses the Stasis application of ${this.#options.url}`,
      this.#generation,
    )
  }

  /** Gives this connection up and makes another. */
  replaceConnection(detail: string, generation = this.#generation): void {
    if (this.#generation === generation) this.#failed(generation, detail)
  }

  #failed(generation: number, detail: string): void {
    if (this.#generation !== generation || this.#stopped) return
    this.#lose(detail)
    this.#drop(detail)
    this.#retry?.()
    this.#retry = this.#options.clock.after(this.#retryMs, () => void this.#connect())
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS)
  }

  #lose(detail: string): void {
    this.#ready = false
    this.#ping?.()
    for (const reject of this.#pending) reject(new AriError('unreachable', detail))
    this.#pending.clear()
    if (this.#toldLost) return
    this.#toldLost = true
    this.#options.lost(detail)
  }

  #drop(detail: string): void {
    this.#generation++
    this.#ping?.()
    for (const reject of this.#pending) reject(new AriError('unreachable', detail))
    this.#pending.clear()
    const client = this.#client
    this.#client = undefined
    try {
      client?.stop()
    } catch {
      // It has no WebSocket yet.
    }
  }
}

async function withDeadline<Answer>(clock: Clock, work: Promise<Answer>): Promise<Answer> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const cancel = clock.after(CONNECT_MS, () => reject(new Error(`no answer in ${CONNECT_MS} ms`)))
  try {
    return await Promise.race([work, late])
  } finally {
    cancel()
  }
}

function reasonOf(error: unknown): string {
  if (error === undefined) return 'it was closed'
  const reason = messageOf(error)
  return /^401\b/.test(reason) ? 'it refuses asterisk.username or asterisk.password (401)' : reason
}
