import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Candidate, Leadership, Term } from '../leadership.ts'
import type { MemoryJournal } from './journal.ts'

/** Nobody else can be there: whoever has the data folder's lock is elected at once. */
export class MemoryLeadership implements Leadership {
  readonly #journal: MemoryJournal
  readonly #logger: Logger
  readonly #owner = randomUUID()
  #candidate: Candidate | undefined
  #term: Term | undefined

  constructor(journal: MemoryJournal, logger: Logger) {
    this.#journal = journal
    this.#logger = logger
  }

  get term(): Term | undefined {
    return this.#term
  }

  campaign(candidate: Candidate): void {
    this.#candidate = candidate
    this.#begin(candidate).catch((error: unknown) => this.#logger.error({ err: error }, 'nobody routes'))
  }

  async resign(): Promise<void> {
    this.#candidate = undefined
    this.#term = undefined
  }

  async #begin(candidate: Candidate): Promise<void> {
    const term = await this.#journal.begin(this.#owner)
    if (this.#candidate !== candidate) return
    this.#term = term
    candidate.elected(term)
  }
}
