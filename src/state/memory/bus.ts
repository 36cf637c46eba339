import type { Logger } from 'pino'
import { messageOf } from '../../errors.ts'
import type { Bus } from '../bus.ts'

/** Hints within the process. They pass through JSON as they would between processes. */
export class MemoryBus implements Bus {
  readonly #logger: Logger
  readonly #receivers = new Set<(topic: string, hint: unknown) => void>()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  publish(topic: string, hint: unknown): void {
    if (this.#receivers.size === 0) return
    const text = JSON.stringify({ hint })
    queueMicrotask(() => {
      for (const receive of this.#receivers) this.#hand(receive, topic, text)
    })
  }

  subscribe(receive: (topic: string, hint: unknown) => void): () => void {
    this.#receivers.add(receive)
    return () => this.#receivers.delete(receive)
  }

  #hand(receive: (topic: string, hint: unknown) => void, topic: string, text: string): void {
    try {
      const { hint } = JSON.parse(text) as { hint: unknown }
      receive(topic, hint)
    } catch (thrown) {
      this.#logger.warn({ reason: messageOf(thrown) }, 'a hint was not taken')
    }
  }
}
