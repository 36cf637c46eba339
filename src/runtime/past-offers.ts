import type { Explanation, OfferOutcome } from '../acd/contract.ts'

/** An offer that was made, and why; the outcome when it is over. */
export interface ExplainedOffer {
  readonly offer: string
  readonly outcome?: OfferOutcome
  readonly why: Explanation
}

/** How many offers of contacts that are over are kept in memory; all are with their interaction in the database. */
const RECENT_OFFERS = 1000

/** The offers of every contact that goes on, and those of the latest that are over. */
export class PastOffers {
  /** By contact, in the order in which they were made. */
  readonly #offers = new Map<string, Map<string, ExplainedOffer>>()
  readonly #contactOf = new Map<string, string>()
  readonly #over = new Set<string>()

  made(offer: string, why: Explanation): void {
    const own = this.#offers.get(why.contact) ?? new Map<string, ExplainedOffer>()
    this.#offers.set(why.contact, own.set(offer, { offer, why }))
    this.#contactOf.set(offer, why.contact)
  }

  ended(offer: string, outcome: OfferOutcome): void {
    const own = this.#offers.get(this.#contactOf.get(offer) ?? '')
    const known = own?.get(offer)
    if (known) own?.set(offer, { ...known, outcome })
  }

  contactEnded(contact: string): void {
    if (this.#offers.has(contact)) this.#over.add(contact)
    for (const oldest of this.#over) {
      if (this.#contactOf.size <= RECENT_OFFERS) return
      this.#over.delete(oldest)
      for (const offer of this.#offers.get(oldest)?.keys() ?? []) this.#contactOf.delete(offer)
      this.#offers.delete(oldest)
    }
  }

  why(offer: string): Explanation | undefined {
    return this.#offers.get(this.#contactOf.get(offer) ?? '')?.get(offer)?.why
  }

  /** Oldest first. */
  of(contact: string): ExplainedOffer[] {
    return [...(this.#offers.get(contact)?.values() ?? [])]
  }
}
