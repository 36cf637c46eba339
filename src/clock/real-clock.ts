import type { Cancel, Clock } from './clock.ts'

/** Node cannot wait longer than this in one timer; longer waits are made of several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The time of the machine in whole milliseconds, kept from going backwards: monotonic since the process started. */
export class RealClock implements Clock {
  readonly #origin = Date.now() - performance.now()

  now(): number {
    return Math.floor(this.#origin + performance.now())
  }

  at(time: number, run: () => void): Cancel {
    return this.after(time - this.now(), run)
  }

  after(delayMs: number, run: () => void): Cancel {
    let timer: NodeJS.Timeout
    const arm = (left: number): void => {
      const wait = Math.min(Math.max(left, 0), LONGEST_TIMER_MS)
      timer = setTimeout(() => (left > wait ? arm(left - wait) : run()), wait)
    }
    arm(delayMs)
    return () => clearTimeout(timer)
  }
}
