import { decodeTable } from './g711.ts'
import type { Codec } from './protocol.ts'

/** The loudest that a 16-bit sample can be: 0 dBov is a square wave of this. */
const OVERLOAD = 32768
const SILENCE_DBOV = -127

const squares: Readonly<Record<Codec, Float64Array>> = {
  PCMU: Float64Array.from(decodeTable.PCMU, (value) => value * value),
  PCMA: Float64Array.from(decodeTable.PCMA, (value) => value * value),
}

/** Sum of the squared samples of one payload. */
export function energyOf(packet: Buffer, start: number, end: number, law: Codec): number {
  const table = squares[law]
  let sum = 0
  for (let at = start; at < end; at++) sum += table[packet[at] ?? 0] ?? 0
  return sum
}

/** Root mean square in dBov (RFC 6465), rounded; -127 for silence, and where there is no sample. */
export function levelOf(energy: number, samples: number): number {
  if (samples === 0 || energy === 0) return SILENCE_DBOV
  return Math.max(SILENCE_DBOV, Math.round(10 * Math.log10(energy / samples / OVERLOAD ** 2)))
}

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
    this.#energy += energyOf(packet, start, end, law)
    this.#samples += end - start
  }

  /** Reports when a window is over; to be called at least as often as that. */
  tick(now: number): void {
    if (this.#everyMs === 0 || now < this.#nextAt) return
    this.#report(levelOf(this.#energy, this.#samples))
    this.set(this.#everyMs, now)
  }
}
