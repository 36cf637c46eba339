import type { Logger } from 'pino'
import type { Cancel, Clock } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'

/** The manager interface ends a session that is silent for 60 s (`httptimeout`). */
const WAIT_SECONDS = 20
const ANSWER_MS = (WAIT_SECONDS + 10) * 1_000
const RETRY_MS = 10_000
/** Events of phones wake us too, some hundred per second in a large center: they are taken together. */
const PAUSE_MS = 1_000

/** Is the registration at the far end up? `waiting`: it was not answered yet. */
export type RegistrationState = 'up' | 'down' | 'waiting'

export interface RegistrationsOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Where Asterisk serves HTTP. */
  readonly url: string
  /** The same user as in ari.conf, in manager.conf. */
  readonly username: string
  readonly password: string
  /** Is told the state of every outbound registration, by its id, at first and when one has changed. */
  readonly changed: (states: ReadonlyMap<string, RegistrationState>) => void
  /** Asterisk does not let us see them; it is tried again. */
  readonly unknown: () => void
}

/** Asterisk has answered, and not done it. */
class Refusal extends Error {}

/**
 * Whether the registrations that Asterisk holds at other servers are up. ARI does not know; the manager interface
 * does, on the same HTTP server: this asks it for all of them, and again as soon as an event says that one changed.
 */
export class Registrations {
  readonly #options: RegistrationsOptions
  #watching: AbortController | undefined
  #later: Cancel | undefined
  #toldWhy = ''

  constructor(options: RegistrationsOptions) {
    this.#options = options
  }

  start(): void {
    this.stop()
    const watching = new AbortController()
    this.#watching = watching
    this.#watch(watching.signal).catch((error: unknown) => {
      if (watching.signal.aborted) return
      this.#sayWhy(messageOf(error))
      // Where it says nothing, what is known stays: most often it is gone, and the connection is about to say so.
      if (error instanceof Refusal) this.#options.unknown()
      this.#later = this.#options.clock.after(RETRY_MS, () => this.start())
    })
  }

  stop(): void {
    this.#later?.()
    this.#watching?.abort()
    this.#watching = undefined
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { username, password } = this.#options
    const session = new Session(this.#options, signal)
    await session.ask({ action: 'Login', username, secret: password })
    // From the first one on, events are kept for us.
    await session.ask({ action: 'WaitEvent', timeout: '0' })
    while (!signal.aborted) {
      this.#options.changed(statesIn(await session.ask({ action: 'PJSIPShowRegistrationsOutbound' })))
      this.#toldWhy = ''
      await session.ask({ action: 'WaitEvent', timeout: String(WAIT_SECONDS) })
      await new Promise<void>((resolve) => {
        this.#later = this.#options.clock.after(PAUSE_MS, resolve)
      })
    }
  }

  #sayWhy(reason: string): void {
    if (this.#toldWhy === reason) return
    this.#toldWhy = reason
    this.#options.logger.warn({ reason }, 'registrations of trunks are not watched: see manager.conf')
  }
}

/** A session of the manager interface over HTTP (`rawman`). */
class Session {
  readonly #options: RegistrationsOptions
  readonly #signal: AbortSignal
  #cookie = ''

  constructor(options: RegistrationsOptions, signal: AbortSignal) {
    this.#options = options
    this.#signal = signal
  }

  /**
   * @returns its answer, and the events that belong to it
   * @throws when Asterisk does not do it, or says nothing
   */
  async ask(action: Readonly<Record<string, string>>): Promise<string> {
    const { clock, url } = this.#options
    const late = new AbortController()
    const cancel = clock.after(ANSWER_MS, () => late.abort(new Error(`no answer in ${ANSWER_MS} ms`)))
    try {
      const response = await fetch(`${url}/rawman`, {
        method: 'POST',
        // In the body: a URL may be logged on the way.
        body: new URLSearchParams(action),
        headers: { cookie: this.#cookie },
        signal: AbortSignal.any([this.#signal, late.signal]),
      })
      const text = await response.text()
      if (!response.ok) throw new Refusal(`${action['action']}: HTTP ${response.status}`)
      if (!/^Response: Success\r$/m.test(text)) {
        throw new Refusal(
          `${action['action']}: ${/^Message: (.*)\r$/m.exec(text)?.[1] ?? 'not what Asterisk answers'}`,
        )
      }
      this.#cookie = response.headers.get('set-cookie')?.split(';', 1)[0] ?? this.#cookie
      return text
    } finally {
      cancel()
    }
  }
}

/** The answer to `PJSIPShowRegistrationsOutbound`: one event for each registration. */
export function statesIn(answer: string): ReadonlyMap<string, RegistrationState> {
  const states = new Map<string, RegistrationState>()
  for (const event of answer.split('\r\n\r\n')) {
    const fields = new Map(
      [...event.matchAll(/^([^:\r\n]+): ?(.*)\r?$/gm)].map(([, name, value]) => [name, value]),
    )
    const id = fields.get('ObjectName')
    const status = fields.get('Status')
    if (fields.get('Event') !== 'OutboundRegistrationDetail' || id === undefined || status === undefined)
      continue
    states.set(id, status === 'Registered' ? 'up' : status === 'Unregistered' ? 'waiting' : 'down')
  }
  return states
}
