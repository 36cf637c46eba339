import type { Logger } from 'pino'
import type { CallEvent } from '../call/events.ts'

export type LineEvent = Extract<
  CallEvent,
  { type: 'backend.lost' | 'backend.ready' | 'trunk.up' | 'trunk.down' }
>

/** What is wrong with something that is down; undefined while it is up. */
type Fault = string | undefined

/** Is this about what calls come and go over, not about a call? */
export function isAboutLines(event: CallEvent): event is LineEvent {
  return event.type.startsWith('backend.') || event.type.startsWith('trunk.')
}

/**
 * What calls come and go over: connections of the backend, and trunks. Says what is down, for `/readyz` and the
 * metrics, and logs each change. Calls that a loss takes along end by events of their own.
 */
export class Lines {
  readonly #logger: Logger
  readonly #backends = new Map<string, Fault>()
  readonly #trunks = new Map<string, Fault>()
  #serving = true

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** Can calls come and go at all? A trunk that is down does not count: others may be up, and phones are. */
  get serving(): boolean {
    return this.#serving
  }

  /** By name, what is wrong; undefined while it is up. */
  get backends(): ReadonlyMap<string, Fault> {
    return this.#backends
  }

  get trunks(): ReadonlyMap<string, Fault> {
    return this.#trunks
  }

  receive(event: LineEvent): void {
    switch (event.type) {
      case 'backend.lost':
        this.#backends.set(event.backend, event.detail)
        this.#serving = event.serving
        this.#logger.error(
          { backend: event.backend, serving: event.serving, detail: event.detail },
          'backend lost',
        )
        return
      case 'backend.ready':
        this.#backends.set(event.backend, undefined)
        this.#serving = event.serving
        this.#logger.info({ backend: event.backend, serving: event.serving }, 'backend ready')
        return
      case 'trunk.up':
        this.#trunks.set(event.trunk, undefined)
        this.#logger.info({ trunk: event.trunk }, 'trunk up')
        return
      case 'trunk.down':
        this.#trunks.set(event.trunk, `${event.reason}: ${event.detail}`)
        this.#logger.error({ trunk: event.trunk, reason: event.reason, detail: event.detail }, 'trunk down')
    }
  }
}
