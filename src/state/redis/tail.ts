import type { Logger } from 'pino'
import type { Clock } from '../../clock/clock.ts'
import { elapsed } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import { BLOCK_MS, type Client } from './client.ts'
import { type StreamEntry, streamIn } from './replies.ts'

/** Stream entries read in one go. */
const BATCH = 500

/** After a failed read. */
const PAUSE_MS = 50

export interface TailOptions {
  /** A connection of its own, which it closes. */
  readonly client: Client
  readonly clock: Clock
  readonly logger: Logger
  readonly key: string
  /** Where to begin, at the start and after each loss of the connection: the stream may be another copy then. */
  readonly from: () => string
  /** What it throws ends the tail. */
  readonly receive: (entries: readonly StreamEntry[]) => void
  readonly failed: (error: Error) => void
}

/** Reads a stream to its end and then waits for what comes, through losses of the connection. */
export class Tail {
  readonly #options: TailOptions
  #stopped = false

  constructor(options: TailOptions) {
    this.#options = options
    void this.#run()
  }

  stop(): void {
    this.#stopped = true
    this.#options.client.disconnect()
  }

  async #run(): Promise<void> {
    const { from, receive, failed, clock } = this.#options
    let id = from()
    while (!this.#stopped) {
      const entries = await this.#read(id)
      if (this.#stopped) return
      if (!entries) {
        await elapsed(clock, PAUSE_MS)
        id = from()
        continue
      }
      const last = entries.at(-1)
      if (!last) continue
      id = last.id
      try {
        receive(entries)
      } catch (error) {
        this.stop()
        failed(error instanceof Error ? error : new Error(messageOf(error)))
      }
    }
  }

  /** Undefined when the connection was lost. */
  async #read(id: string): Promise<StreamEntry[] | undefined> {
    const { client, key, logger } = this.#options
    try {
      const reply = await client.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', key, id)
      return (reply ?? []).flatMap(([, entries]) => streamIn(entries, `the Redis key ${key}`))
    } catch (thrown) {
      logger.debug({ key, reason: messageOf(thrown) }, 'tail interrupted')
      return undefined
    }
  }
}
