import type { Logger } from 'pino'
import type { Clock } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import type { Away } from '../journal.ts'
import type { Reach } from '../state.ts'
import type { DomainState } from './domain-state.ts'
import type { DomainFiles, KeptSnapshot } from './files.ts'
import type { Operation } from './operation.ts'

/** A disk that failed is tried again after so long. */
const PAUSE_MS = 1_000

/** What a look at the state has found to hand over; false when there was nothing. */
type Look = () => boolean

/**
 * A domain in memory and on disk. Writes are done one after the other, so that each finds what the one before it
 * has left; what is in memory has been written to the disk first.
 */
export class MemoryStore {
  readonly state: DomainState
  readonly clock: Clock
  readonly logger: Logger
  /** Undefined without a disk: everything lasts as long as the process. */
  readonly files: DomainFiles | undefined
  snapshot: KeptSnapshot | undefined
  readonly #looks = new Set<Look>()
  readonly #listeners = new Set<(reach: Reach) => void>()
  #writing: Promise<unknown> = Promise.resolve()
  #reachable = true
  #closed = false

  constructor(parts: {
    readonly state: DomainState
    readonly files: DomainFiles | undefined
    readonly clock: Clock
    readonly logger: Logger
  }) {
    this.state = parts.state
    this.files = parts.files
    this.clock = parts.clock
    this.logger = parts.logger
    this.snapshot = parts.files?.snapshot
  }

  get reachable(): boolean {
    return this.#reachable
  }

  onReach(listener: (reach: Reach) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Does `work` when all writes before it are done; a disk that fails is `away`. */
  inTurn<Result>(step: string, work: () => Promise<Result>): Promise<Result | Away> {
    const result = this.#writing.then(async () => {
      try {
        return await work()
      } catch (thrown) {
        if (!isSystemError(thrown)) throw thrown
        return this.#away(step, thrown)
      }
    })
    this.#writing = result.catch(() => undefined)
    return result
  }

  /** Writes a change to the disk, then makes it. */
  async change(operation: Operation): Promise<void> {
    await this.files?.append(operation)
    this.state.apply(operation)
    this.tell()
  }

  async keepSnapshot(snapshot: KeptSnapshot): Promise<void> {
    await this.files?.saveSnapshot(snapshot)
    this.snapshot = snapshot
  }

  /** Has whoever follows look at what is new. */
  tell(): void {
    for (const look of this.#looks) this.#soon(look)
  }

  /** Calls `look` soon and after every change, again and again while it finds something. */
  follow(look: Look): () => void {
    this.#looks.add(look)
    this.#soon(look)
    return () => this.#looks.delete(look)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#looks.clear()
    this.#listeners.clear()
    await this.#writing
    await this.files?.close()
  }

  /** Not at once: whoever writes must have its answer before others act on what it wrote. */
  #soon(look: Look): void {
    queueMicrotask(() => {
      while (this.#looks.has(look) && look());
    })
  }

  #away(step: string, thrown: unknown): Away {
    const reason = `the disk: ${messageOf(thrown)}`
    this.logger.error({ step, err: thrown }, 'the journal cannot be written')
    if (this.#reachable) {
      this.#reachable = false
      for (const listener of this.#listeners) listener('away')
      this.clock.after(PAUSE_MS, () => this.#back())
    }
    return { outcome: 'away', reason }
  }

  #back(): void {
    if (this.#closed) return
    this.#reachable = true
    for (const listener of this.#listeners) listener('back')
  }
}

function isSystemError(thrown: unknown): boolean {
  return thrown instanceof Error && 'errno' in thrown
}
