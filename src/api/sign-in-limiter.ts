import type { Clock } from '../clock/clock.ts'
import { Refusal } from './problems.ts'

/**
 * Failures that are free, for one user name from one address, and for one address whatever the names: a shift that
 * begins behind one address signs in all at once.
 */
const FREE_PER_NAME = 5
const FREE_PER_SOURCE = 200
/** The first wait; each further failure doubles it. */
const FIRST_WAIT_MS = 5_000
const LONGEST_WAIT_MS = 15 * 60_000
const FORGOTTEN_AFTER_MS = 60 * 60_000
/** How many addresses and names are remembered; beyond it the oldest is forgotten. */
const CAPACITY = 10_000

interface Failures {
  count: number
  last: number
  notBefore: number
}

/**
 * Slows the guessing of passwords down, before a password is even looked at (checking one is costly on purpose).
 * Counted per address and name together, so that nobody can lock a colleague out from elsewhere.
 */
export class SignInLimiter {
  readonly #clock: Clock
  readonly #failures = new Map<string, Failures>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Counts an attempt as failed until it has succeeded, so that many at the same time do not slip through.
   * @throws Refusal (TOO_MANY_ATTEMPTS) while this source has to wait
   */
  attempt(source: string, username: string): void {
    const now = this.#clock.now()
    const keys = keysOf(source, username)
    const waitMs = Math.max(...keys.map(({ key }) => (this.#failures.get(key)?.notBefore ?? now) - now))
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000)
      throw new Refusal('TOO_MANY_ATTEMPTS', `Sign-in failed too often from ${source}.`, {
        remedy: `Wait ${seconds} s. An administrator can set a new password.`,
        retryAfterSeconds: seconds,
      })
    }
    for (const { key, free } of keys) this.#count(key, free, now)
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= CAPACITY) break
      this.#failures.delete(oldest)
    }
  }

  /** The attempt was none. */
  succeeded(source: string, username: string): void {
    const [byName, bySource] = keysOf(source, username)
    this.#failures.delete(byName.key)
    const failures = this.#failures.get(bySource.key)
    if (failures) Object.assign(failures, { count: failures.count - 1, notBefore: 0 })
  }

  #count(key: string, free: number, now: number): void {
    const before = this.#failures.get(key)
    const count = before && now - before.last < FORGOTTEN_AFTER_MS ? before.count + 1 : 1
    const wait = count < free ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (count - free), LONGEST_WAIT_MS)
    this.#failures.delete(key)
    this.#failures.set(key, { count, last: now, notBefore: now + wait })
  }
}

function keysOf(source: string, username: string) {
  return [
    { key: `${source} ${username.toLowerCase()}`, free: FREE_PER_NAME },
    { key: source, free: FREE_PER_SOURCE },
  ] as const
}
