import { decodeTable, type Law } from './g711.ts'

/** The loudest that a 16-bit sample can be: 0 dBov is a square wave of this. */
const OVERLOAD = 32768
const SILENCE_DBOV = -127

const squares: Readonly<Record<Law, Float64Array>> = {
  PCMU: Float64Array.from(decodeTable.PCMU, (value) => value * value),
  PCMA: Float64Array.from(decodeTable.PCMA, (value) => value * value),
}

/** Sum of the squared samples that the codes from `start` up to `end` stand for. */
export function energyOfCodes(codes: Uint8Array, start: number, end: number, law: Law): number {
  const table = squares[law]
  let sum = 0
  for (let at = start; at < end; at++) sum += table[codes[at] ?? 0] ?? 0
  return sum
}

/**
 * Root mean square in dBov: 0 is the loudest, -127 is silence, or no sample at all.
 * @param energy sum of the squares of so many `samples`
 */
export function dbovOf(energy: number, samples: number): number {
  if (samples === 0 || energy === 0) return SILENCE_DBOV
  return Math.max(SILENCE_DBOV, 10 * Math.log10(energy / samples / OVERLOAD ** 2))
}

/** The same in whole dBov, as RFC 6465 reports it. */
export function wholeDbovOf(energy: number, samples: number): number {
  return Math.round(dbovOf(energy, samples))
}

/** Root mean square of linear samples in dBov. */
export function levelOf(samples: Int16Array): number {
  let energy = 0
  for (const sample of samples) energy += sample * sample
  return dbovOf(energy, samples.length)
}
