import type { Bus } from './bus.ts'
import type { Journal } from './journal.ts'
import type { Leadership } from './leadership.ts'

export type Reach = 'away' | 'back'

/** What a routing domain keeps outside its process. */
export interface State {
  readonly journal: Journal
  readonly leadership: Leadership
  readonly bus: Bus
  /** Whether the store can be reached and written, as far as is known. */
  readonly reachable: boolean
  /**
   * Tells of every change of `reachable`. After `back` the journal is to be asked anew: it may be another copy.
   * @returns ends it
   */
  onReach(listener: (reach: Reach) => void): () => void
  /** Ends everything that follows, and the connections. A term that is held is not given up: `resign` first. */
  close(): Promise<void>
}

/** What a domain may be called: it becomes part of keys and file names. */
export const DOMAIN_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/
