import type { Logger } from 'pino'
import type { CallEvent } from '../call/events.ts'

/**
 * Hands events to the receiver in order, and never inside `execute`: what a command causes at once is told in
 * the next microtask, so that the one who commands has finished its own step.
 */
export class EventQueue {
  readonly #logger: Logger
  #receive: ((event: CallEvent) => void) | undefined
  #waiting: CallEvent[] = []
  #executing = 0

  constructor(logger: Logger) {
    this.#logger = logger
  }

  start(receive: (event: CallEvent) => void): void {
    this.#receive = receive
  }

  /** Nothing is told any more. */
  stop(): void {
    this.#receive = undefined
    this.#waiting = []
  }

  emit(event: CallEvent): void {
    if (this.#executing === 0 && this.#waiting.length === 0) return this.#deliver(event)
    this.#waiting.push(event)
    if (this.#waiting.length === 1) queueMicrotask(() => this.#flush())
  }

  /** Runs a command; its events come later. */
  later(run: () => void): void {
    this.#executing++
    try {
      run()
    } finally {
      this.#executing--
    }
  }

  #flush(): void {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      this.#deliver(next)
      this.#waiting.shift()
    }
  }

  /** A receiver's defect must not stop the protocol. */
  #deliver(event: CallEvent): void {
    try {
      this.#receive?.(event)
    } catch (err) {
      this.#logger.error(
        { err, event: event.type, call: 'call' in event ? event.call : undefined },
        'event failed',
      )
    }
  }
}
