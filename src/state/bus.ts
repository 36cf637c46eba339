/**
 * Hints between the nodes of a domain, for screens only: at most once, lost without a word while the store is away.
 * Nothing that must happen may depend on one.
 */
export interface Bus {
  /** @param hint plain data that survives JSON */
  publish(topic: string, hint: unknown): void
  /** Every hint of the domain, those of this process included. What it throws is logged. */
  subscribe(receive: (topic: string, hint: unknown) => void): () => void
}
