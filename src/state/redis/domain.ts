import type { Logger } from 'pino'
import type { Clock } from '../../clock/clock.ts'
import type { Connection } from './connection.ts'
import type { Keys } from './keys.ts'
import { Tail, type TailOptions } from './tail.ts'

/** What all parts of a domain's state in Redis use. */
export class RedisDomain {
  readonly keys: Keys
  readonly connection: Connection
  readonly clock: Clock
  readonly logger: Logger
  /** How long nobody else may begin a term after the last sign of life of the writer. */
  readonly leaseMs: number
  readonly #tails = new Set<Tail>()

  constructor(parts: {
    readonly keys: Keys
    readonly connection: Connection
    readonly clock: Clock
    readonly logger: Logger
    readonly leaseMs: number
  }) {
    this.keys = parts.keys
    this.connection = parts.connection
    this.clock = parts.clock
    this.logger = parts.logger
    this.leaseMs = parts.leaseMs
  }

  /** Follows a stream over a connection of its own, until it is stopped or the domain is closed. */
  tail(
    options: Pick<TailOptions, 'key' | 'from' | 'receive' | 'failed'> & { readonly name: string },
  ): () => void {
    const { clock, logger } = this
    const tail = new Tail({ ...options, client: this.connection.waiting(options.name), clock, logger })
    this.#tails.add(tail)
    return () => {
      tail.stop()
      this.#tails.delete(tail)
    }
  }

  async close(): Promise<void> {
    for (const tail of this.#tails) tail.stop()
    this.#tails.clear()
    await this.connection.close()
  }
}
