import type { Logger } from 'pino'
import type { Clock } from '../../clock/clock.ts'
import { MediaClient } from '../../telephony/embedded/media/media-client.ts'
import type { MediaEvent, MediaRequest } from '../../telephony/embedded/media/protocol.ts'
import type { MediaLink } from '../../telephony/embedded/media-link.ts'

/** A phone that hears nothing for so long has lost its line. */
const LOST_AFTER_MS = 5000

/**
 * One media worker for all phones of a process: started with the first, ended with the last. A phone sends silence
 * when it has nothing to say, as telephones do.
 */
class Exchange {
  readonly #links = new Map<number, PhoneMedia>()
  #client: MediaClient | undefined
  #ready: Promise<void> = Promise.resolve()
  #users = 0
  #lastSession = 0

  async join(clock: Clock, logger: Logger): Promise<void> {
    this.#users += 1
    if (this.#users === 1) {
      const leaving = this.#ready
      const client = new MediaClient({ clock, logger, idle: 'silence', lostAfterMs: LOST_AFTER_MS })
      this.#client = client
      this.#ready = leaving.then(() => client.start((event) => this.#links.get(event.session)?.hear(event)))
    }
    await this.#ready
  }

  async leave(): Promise<void> {
    this.#users -= 1
    if (this.#users > 0) return
    const client = this.#client
    this.#client = undefined
    this.#ready = this.#ready.then(() => client?.stop())
    await this.#ready
  }

  open(link: PhoneMedia): number {
    this.#links.set(++this.#lastSession, link)
    return this.#lastSession
  }

  send(request: MediaRequest): void {
    this.#client?.send(request)
  }

  close(session: number): void {
    this.#links.delete(session)
  }
}

const exchange = new Exchange()

/** The part of the exchange that one phone sees, with session numbers of its own. */
export class PhoneMedia implements MediaLink {
  readonly #clock: Clock
  readonly #logger: Logger
  /** Our numbers to those of the exchange, and back. */
  readonly #outer = new Map<number, number>()
  readonly #inner = new Map<number, number>()
  #receive: (event: MediaEvent) => void = () => undefined

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock
    this.#logger = logger
  }

  async start(receive: (event: MediaEvent) => void): Promise<void> {
    this.#receive = receive
    await exchange.join(this.#clock, this.#logger)
  }

  send(request: MediaRequest): void {
    if (request.type === 'open') {
      const outer = exchange.open(this)
      this.#outer.set(request.session, outer)
      this.#inner.set(outer, request.session)
    }
    const session = this.#outer.get(request.session)
    if (session === undefined) return
    if (request.type === 'bridge')
      exchange.send({ ...request, session, with: this.#outer.get(request.with) ?? 0 })
    else exchange.send({ ...request, session })
  }

  /** An event of the worker for one of our sessions. */
  hear(event: MediaEvent): void {
    const session = this.#inner.get(event.session)
    if (session === undefined) return
    if (event.type === 'closed' || event.type === 'open-failed') {
      this.#inner.delete(event.session)
      this.#outer.delete(session)
      exchange.close(event.session)
    }
    this.#receive({ ...event, session })
  }

  async stop(): Promise<void> {
    for (const session of this.#outer.keys()) this.send({ type: 'close', session })
    await exchange.leave()
  }
}
