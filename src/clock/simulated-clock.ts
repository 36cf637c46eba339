import type { Cancel, Clock } from './clock.ts'

interface Timer {
  readonly time: number
  readonly order: number
  readonly run: () => void
}

/**
 * Time that passes only when told to. Timers run in order of time, then of creation; a timer may set others.
 */
export class SimulatedClock implements Clock {
  #now: number
  #order = 0
  readonly #timers = new Set<Timer>()

  /** @param start milliseconds since 1970 */
  constructor(start = Date.UTC(2026, 0, 5, 9)) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  at(time: number, run: () => void): Cancel {
    const timer = { time: Math.max(time, this.#now), order: this.#order++, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  after(delayMs: number, run: () => void): Cancel {
    return this.at(this.#now + Math.max(0, delayMs), run)
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size
  }

  /** Lets `ms` milliseconds pass, running every timer that falls due on the way. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let next = this.#next(end); next; next = this.#next(end)) this.#fire(next)
    this.#now = end
  }

  /** Goes to the next timer and runs it; false when none is set. */
  step(): boolean {
    const next = this.#next(Number.POSITIVE_INFINITY)
    if (next) this.#fire(next)
    return next !== undefined
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer)
    this.#now = timer.time
    timer.run()
  }

  #next(until: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.time > until) continue
      if (!first || timer.time < first.time || (timer.time === first.time && timer.order < first.order)) {
        first = timer
      }
    }
    return first
  }
}
