import type { Logger } from 'pino'
import type { ScreenPop as FloorPop } from '../../runtime/floor.ts'
import type { Customer, TimelineEntry } from '../contract/index.ts'

/** What is known of the customer behind a contact; `history` is absent until it has been read. */
export interface Dossier {
  readonly customers: readonly Customer[]
  readonly history?: readonly TimelineEntry[]
}

interface Sources {
  customer(id: string): Promise<Customer | undefined>
  history(customer: string): Promise<readonly TimelineEntry[]>
}

interface Entry {
  readonly contacts: Set<string>
  readonly loading: Promise<void>
  customer?: Customer | undefined
  history?: readonly TimelineEntry[]
}

type Subject = Pick<FloorPop, 'customer' | 'candidates'>

/**
 * Records and histories of the customers who are calling now, fetched as soon as a contact knows its customer,
 * so that the screen pop does not wait for the database. They are dropped with the last contact that needs them.
 */
export class Dossiers {
  readonly #sources: Sources
  readonly #logger: Logger
  readonly #entries = new Map<string, Entry>()
  /** Contact to the customers it needs. */
  readonly #neededBy = new Map<string, Set<string>>()

  constructor(sources: Sources, logger: Logger) {
    this.#sources = sources
    this.#logger = logger
  }

  /** Begins to fetch what a contact will need. */
  need(contact: string, customer: string): void {
    const customers = this.#neededBy.get(contact) ?? new Set()
    this.#neededBy.set(contact, customers.add(customer))
    const entry = this.#entries.get(customer) ?? this.#fetch(customer)
    entry.contacts.add(contact)
  }

  /** The contact is over. */
  release(contact: string): void {
    for (const customer of this.#neededBy.get(contact) ?? []) {
      const entry = this.#entries.get(customer)
      entry?.contacts.delete(contact)
      if (entry?.contacts.size === 0) this.#entries.delete(customer)
    }
    this.#neededBy.delete(contact)
  }

  /** The record was changed. */
  replace(customer: Customer): void {
    const entry = this.#entries.get(customer.id)
    if (entry) entry.customer = customer
  }

  /** What is in memory now. */
  of(subject: Subject): Dossier {
    const customers = idsOf(subject).flatMap((id) => this.#entries.get(id)?.customer ?? [])
    const history = subject.customer === undefined ? [] : this.#entries.get(subject.customer)?.history
    return { customers, ...(history && { history }) }
  }

  /** Whether `of` has all that there is. */
  isComplete(subject: Subject): boolean {
    const dossier = this.of(subject)
    return dossier.history !== undefined && dossier.customers.length === idsOf(subject).length
  }

  /** Everything, once it has been read. Does not reject: what could not be read is left out. */
  async complete(contact: string, subject: Subject): Promise<Dossier> {
    for (const id of idsOf(subject)) this.need(contact, id)
    await Promise.all(idsOf(subject).flatMap((id) => this.#entries.get(id)?.loading ?? []))
    return this.of(subject)
  }

  #fetch(id: string): Entry {
    const load = async (): Promise<void> => {
      const [customer, history] = await Promise.all([this.#sources.customer(id), this.#sources.history(id)])
      // A change that was made meanwhile is newer than what was read.
      entry.customer ??= customer
      entry.history = history
    }
    const entry: Entry = {
      contacts: new Set(),
      loading: load().catch((err: unknown) => {
        if (this.#entries.get(id) === entry) this.#entries.delete(id)
        this.#logger.error({ err, customer: id }, 'the record for a screen pop could not be read')
      }),
    }
    this.#entries.set(id, entry)
    return entry
  }
}

function idsOf({ customer, candidates }: Subject): readonly string[] {
  return [...new Set(customer === undefined ? candidates : [customer, ...candidates])]
}
