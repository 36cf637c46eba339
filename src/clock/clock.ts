/**
 * The only source of time and timers. Everything that waits takes a `Clock`, so that a day of calls can be
 * simulated in a second and a test never sleeps.
 */
export interface Clock {
  /** Whole milliseconds since 1970-01-01 UTC; never goes backwards. */
  now(): number
  /** Runs `run` once at `time` (milliseconds since 1970; at once when it has passed), unless cancelled first. */
  at(time: number, run: () => void): Cancel
  /** Runs `run` once after `delayMs`, unless cancelled first. */
  after(delayMs: number, run: () => void): Cancel
}

/** Forgets a timer; harmless when it has run or was cancelled already. */
export type Cancel = () => void

/** Resolves after `delayMs` on `clock`. */
export function elapsed(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve)
  })
}
