import { type WaitState, waitedAtMost, waitQuantileMs } from '../acd/estimate.ts'
import { type Announcement, announce, type Told } from '../acd/estimate-announcement.ts'
import type { Calibration } from '../acd/estimate-calibration.ts'

/** What one caller has been told of the wait in one queue, and whether it came true. */
export class WaitPromise {
  readonly #calibration: Calibration
  #told: Told | undefined
  /** The first figure, while it is not known whether it comes true. */
  #first: { readonly at: number; readonly upToMs: number; readonly predicted: number } | undefined
  #hasPromised = false

  constructor(calibration: Calibration) {
    this.#calibration = calibration
  }

  /** What is to be said now. @param now milliseconds since 1970 */
  announce(state: WaitState, now: number): Announcement {
    const p50Ms = waitQuantileMs(state, 0.5)
    const p90Ms = waitQuantileMs(state, 0.9)
    const { announcement, told } = announce(this.#told, { p50Ms, p90Ms }, now)
    this.#told = told
    if (announcement.says === 'between' && !this.#hasPromised) {
      const { upToMs } = announcement
      this.#hasPromised = true
      this.#first = { at: now, upToMs, predicted: waitedAtMost(state, upToMs) }
    }
    return announcement
  }

  /** The wait is over: an agent has answered, or the caller has not waited for one. */
  over(answered: boolean, now: number): void {
    const { at, upToMs, predicted } = this.#first ?? {}
    this.#first = undefined
    if (at === undefined || upToMs === undefined || predicted === undefined) return
    this.#calibration.record({ upToMs, predicted, waitedMs: now - at, answered })
  }
}
