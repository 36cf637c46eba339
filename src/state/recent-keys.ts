import type { Clock } from '../clock/clock.ts'

/** How long an inbox key is remembered. */
export const KEY_WINDOW_MS = 600_000

/** The keys of the last ten minutes. */
export class RecentKeys {
  readonly #clock: Clock
  /** In the order of time. */
  readonly #keys = new Map<string, number>()

  /** @param keys with the time at which each was added, oldest first */
  constructor(clock: Clock, keys: Iterable<readonly [string, number]> = []) {
    this.#clock = clock
    for (const [key, at] of keys) this.#keys.set(key, at)
  }

  has(key: string): boolean {
    this.#forget()
    return this.#keys.has(key)
  }

  /** False when it is there already. */
  add(key: string, at = this.#clock.now()): boolean {
    if (this.has(key)) return false
    this.#keys.set(key, at)
    return true
  }

  entries(): (readonly [string, number])[] {
    return [...this.#keys]
  }

  #forget(): void {
    const now = this.#clock.now()
    for (const [old, at] of this.#keys) {
      if (at + KEY_WINDOW_MS > now) break
      this.#keys.delete(old)
    }
  }
}
