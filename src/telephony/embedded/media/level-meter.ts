import { energyOfCodes, wholeDbovOf } from '../../../audio/loudness.ts'
import type { Codec } from './protocol.ts'

/** Measures a leg's loudness in windows of a given length; does nothing while it is off. */
export class LevelMeter {
  readonly #report: (dbov: number) => void
  #everyMs = 0
  #nextAt = 0
  #energy = 0
  #samples = 0

  constructor(report: (dbov: number) => void) {
    this.#report = report
  }

  /** @param everyMs length of a window; 0 turns it off */
  set(everyMs: number, now: number): void {
    this.#everyMs = everyMs
    this.#nextAt = now + everyMs
    this.#energy = 0
    this.#samples = 0
  }

  add(packet: Buffer, start: number, end: number, law: Codec): void {
    if (this.#everyMs === 0) return
    this.#energy += energyOfCodes(packet, start, end, law)
    this.#samples += end - start
  }

  /** Reports when a window is over; to be called at least as often as that. */
  tick(now: number): void {
    if (this.#everyMs === 0 || now < this.#nextAt) return
    this.#report(wholeDbovOf(this.#energy, this.#samples))
    this.set(this.#everyMs, now)
  }
}
