/** A period in which one process writes the journal of a domain. Epochs rise with every election. */
export interface Term {
  readonly epoch: number
  /** Names the process: two of the same epoch (a store that has lost its latest writes) are told apart by it. */
  readonly owner: string
}

export interface Candidate {
  /** This process is the writer now. It restores before it decides anything. */
  elected(term: Term): void
  /**
   * Somebody else's term has begun. The candidature stands: `elected` may follow. A writer whose append was `fenced`
   * knows it already.
   */
  lost(term: Term): void
}

/**
 * Who writes the journal. A term lasts until somebody else's begins: a writer that cannot renew its lease stays the
 * writer as long as nobody takes over, and its appends are refused from the very moment that somebody does. So it need
 * not trust a clock: safety is in the fence, the lease only decides when others may try.
 */
export interface Leadership {
  /** The present term of this process, as far as it knows. */
  readonly term: Term | undefined
  /** Stands for election, again and again, until `resign`. */
  campaign(candidate: Candidate): void
  /** Ends the candidature, and the term if there is one, so that somebody else follows at once. */
  resign(): Promise<void>
}
