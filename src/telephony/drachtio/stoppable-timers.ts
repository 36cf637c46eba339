import type { Cancel, Clock } from '../../clock/clock.ts'
import type { NonceTimers } from '../nonces.ts'

/** Timers that can be given up together: nonces are remembered for minutes, and nobody should wait that long to leave. */
export class StoppableTimers implements NonceTimers {
  readonly #clock: Clock
  readonly #timers = new Set<Cancel>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now()
  }

  after(delayMs: number, run: () => void): void {
    const cancel = this.#clock.after(delayMs, () => {
      this.#timers.delete(cancel)
      run()
    })
    this.#timers.add(cancel)
  }

  stop(): void {
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
  }
}
