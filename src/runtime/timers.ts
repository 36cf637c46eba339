import type { Cancel, Clock } from '../clock/clock.ts'

/** Named timers of one core: starting one again replaces it. */
export class Timers {
  readonly #clock: Clock
  readonly #fired: (timer: string) => void
  readonly #running = new Map<string, Cancel>()

  constructor(clock: Clock, fired: (timer: string) => void) {
    this.#clock = clock
    this.#fired = fired
  }

  get size(): number {
    return this.#running.size
  }

  /** @param at milliseconds since 1970 */
  start(timer: string, at: number): void {
    this.stop(timer)
    this.#running.set(
      timer,
      this.#clock.at(at, () => {
        this.#running.delete(timer)
        this.#fired(timer)
      }),
    )
  }

  stop(timer: string): void {
    this.#running.get(timer)?.()
    this.#running.delete(timer)
  }

  stopAll(): void {
    for (const timer of this.#running.keys()) this.stop(timer)
  }
}
