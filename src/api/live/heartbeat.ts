import type { Cancel, Clock } from '../../clock/clock.ts'

/** Runs `beat` every `everyMs` until stopped. */
export function startHeartbeat(clock: Clock, everyMs: number, beat: () => void): Cancel {
  let cancel = clock.after(everyMs, run)
  function run(): void {
    cancel = clock.after(everyMs, run)
    beat()
  }
  return () => cancel()
}
