import { Socket } from 'node:net'
import Srf from 'drachtio-srf'
import type { Logger } from 'pino'
import type { Cancel, Clock } from '../../clock/clock.ts'
import { messageOf, SwitchroomError } from '../../errors.ts'
import { Overdue, within } from './deadline.ts'
import type { DrachtioServerOptions } from './options.ts'
import { textOf } from './sip-messages.ts'
import { ask } from './sip-requests.ts'

const CONNECT_MS = 5_000
/** The longest pause before connecting again, milliseconds; the first is 255, and it grows by 1.7. */
const MAX_RETRY_MS = 5_000
/** A connection that is cut without a word is found out so: asked every so often, and given so long. */
const CHECK_EVERY_MS = 3_000
const CHECK_MS = 2_500
const HEARD_MS = 500

export interface DrachtioServerListener {
  /** It stands, for the first time or again; `contacts` as `udp/192.0.2.1:5060`. */
  ready(contacts: readonly string[]): void
  lost(detail: string): void
}

/**
 * The connection to drachtio-server. drachtio-srf connects again by itself, with back-off; this tells when it is
 * gone and when it stands, and finds the socket that requests must go through then.
 */
export class DrachtioServer {
  readonly srf = new Srf()
  readonly #options: DrachtioServerOptions
  readonly #clock: Clock
  readonly #logger: Logger
  #listener: DrachtioServerListener | undefined
  #ready = false
  #detail = ''
  /** URI of its first contact. */
  #itself = ''
  #check: Cancel | undefined

  constructor(options: DrachtioServerOptions, clock: Clock, logger: Logger) {
    this.#options = options
    this.#clock = clock
    this.#logger = logger
  }

  get ready(): boolean {
    return this.#ready
  }

  /**
   * Sends what belongs to this request or dialog over the connection that stands now: drachtio-srf keeps to the one
   * that it came over, although drachtio-server knows its dialogs and transactions over any.
   */
  adopt(owner: { readonly req: object } | undefined): void {
    const socket = this.#socket()
    if (owner && socket) Reflect.set(owner.req, 'socket', socket)
  }

  /** @throws SwitchroomError BACKEND_UNREACHABLE when it cannot be reached, or refuses the secret */
  async start(listener: DrachtioServerListener): Promise<void> {
    const { host, port, secret } = this.#options
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#listener = listener
    this.srf.on('error', (error) => {
      this.#detail = messageOf(error)
      if (!this.#ready) reject(error)
    })
    this.srf.on('connect', (error, hostport) => {
      if (error) {
        this.#logger.error({ host, port }, 'drachtio-server refuses the secret')
        return reject(new Error('it refuses the secret'))
      }
      this.#connected(hostport).then(resolve, reject)
    })
    // drachtio-srf calls it so; its types call it `disconnect`, which it never emits.
    this.srf.on('close' as 'disconnect', () => this.#closed())
    const reconnect = { reconnect: { retryMaxDelay: MAX_RETRY_MS } }
    // A promise by its types, nothing in fact: the events above tell.
    void this.srf.connect({ host, port, secret, ...reconnect })
    try {
      await within(this.#clock, CONNECT_MS, 'drachtio-server', promise)
    } catch (cause) {
      this.#disconnect()
      throw new SwitchroomError(
        'BACKEND_UNREACHABLE',
        `drachtio-server at ${host}:${port} does not take us: ${cause instanceof Overdue ? 'it says nothing' : messageOf(cause)}`,
        {
          cause,
          remedy:
            'Start drachtio-server, and set drachtio.host, drachtio.port and drachtio.secret to what <admin> in its drachtio.conf.xml says.',
        },
      )
    }
  }

  stop(): void {
    this.#listener = undefined
    this.#ready = false
    this.#check?.()
    this.#disconnect()
  }

  /**
   * drachtio-server has yet to hear which requests are ours; until then it refuses them with 503. It takes our messages
   * in order: once it has answered another one, whatever it says to that, it has.
   */
  async #connected(hostport: unknown): Promise<void> {
    const contacts = textOf(hostport)
      .split(',')
      .filter((each) => each !== '')
    const [, host, port] = /^\w+\/(.+):(\d+)$/.exec(contacts[0] ?? '') ?? []
    this.#itself = `sip:${host}:${port}`
    await this.#answers(HEARD_MS)
    if (this.#ready || !this.#listener) return
    this.#ready = true
    this.#checkLater()
    this.#listener.ready(contacts)
  }

  /** Asked to send something to itself it refuses at once. False where it says nothing at all. */
  #answers(withinMs: number): Promise<boolean> {
    return ask(this, this.#clock, withinMs, this.#itself, { method: 'OPTIONS', headers: {} }).then(
      () => true,
      (error: unknown) => !(error instanceof Overdue),
    )
  }

  #checkLater(): void {
    this.#check = this.#clock.after(CHECK_EVERY_MS, () => {
      const socket = this.#socket()
      this.#answers(CHECK_MS).then(
        (answers) => {
          // Another connection stands by now, and is checked by itself.
          if (!this.#ready || socket !== this.#socket()) return
          if (answers) return this.#checkLater()
          this.#detail = `it says nothing for ${CHECK_MS} ms`
          socket?.destroy()
        },
        () => undefined,
      )
    })
  }

  #socket(): Socket | undefined {
    const connections = inside(this.srf, 'app', 'client', 'mapServer')
    const [socket] = connections instanceof Map ? connections.keys() : []
    return socket instanceof Socket ? socket : undefined
  }

  #closed(): void {
    if (!this.#ready) return
    this.#ready = false
    this.#check?.()
    this.#listener?.lost(this.#detail || 'the connection closed')
    this.#detail = ''
  }

  #disconnect(): void {
    // Without it drachtio-srf tries again for ever while the connection is away.
    const protocol = inside(this.srf, 'app', 'client', 'wp')
    if (typeof protocol === 'object' && protocol !== null) Reflect.set(protocol, 'closing', true)
    try {
      this.srf.disconnect()
    } catch (err) {
      // Without a socket there is nothing to close; drachtio-srf takes that for a defect.
      this.#logger.debug({ err }, 'drachtio-server was not connected')
    }
  }
}

/** What lies deep in an object of a library, if it is there. */
function inside(owner: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (found, name) =>
      (typeof found === 'object' && found !== null) || typeof found === 'function'
        ? Reflect.get(found, name)
        : undefined,
    owner,
  )
}
