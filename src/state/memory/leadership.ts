import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Candidate, Leadership, Term } from '../leadership.ts'
import type { MemoryJournal } from './journal.ts'
import type { MemoryStore } from './store.ts'

/**
 * Nobody else can be there: whoever has the data folder's lock is elected at once, or as soon as the disk takes it.
 */
export class MemoryLeadership implements Leadership {
  readonly #journal: MemoryJournal
  readonly #store: MemoryStore
  readonly #logger: Logger
  readonly #owner = randomUUID()
  #candidate: Candidate | undefined
  #term: Term | undefined
  #isTrying = false
  #forget: () => void = () => undefined

  constructor(journal: MemoryJournal, store: MemoryStore) {
    this.#journal = journal
    this.#store = store
    this.#logger = store.logger
  }

  get term(): Term | undefined {
    return this.#term
  }

  campaign(candidate: Candidate): void {
    this.#candidate = candidate
    this.#forget()
    this.#forget = this.#store.onReach((reach) => {
      if (reach === 'back') void this.#try()
    })
    void this.#try()
  }

  async resign(): Promise<void> {
    this.#forget()
    this.#candidate = undefined
    this.#term = undefined
  }

  /** A disk that fails is tried again when it is back. */
  async #try(): Promise<void> {
    if (this.#term || this.#isTrying) return
    this.#isTrying = true
    try {
      await this.#begin()
    } catch (error) {
      this.#logger.error({ err: error }, 'nobody routes')
    } finally {
      this.#isTrying = false
    }
  }

  async #begin(): Promise<void> {
    const term = await this.#journal.begin(this.#owner)
    if (!this.#candidate) return
    this.#term = term
    this.#candidate.elected(term)
  }
}
