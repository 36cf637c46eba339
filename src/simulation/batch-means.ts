/**
 * How sure a simulated figure is. Waits of neighbouring contacts depend on one another, so that the deviation of single
 * waits makes an error bar several times too small. The run is cut into a few long batches instead, whose means hardly
 * depend on each other (Conway 1963; Law, "Simulation modeling and analysis", section 9.5.3).
 */

export interface Estimate {
  readonly value: number
  readonly standardError: number
  /** The true value lies between these in 95 of 100 runs. */
  readonly low: number
  readonly high: number
}

/** What one batch adds to a ratio: contacts answered in time over contacts offered, seconds waited over answers, ... */
export interface Batch {
  readonly top: number
  readonly bottom: number
}

/**
 * The ratio of the sums over all batches, with its error by the ratio estimator (Cochran, "Sampling techniques",
 * section 2.11): batches of different size count by their size. NaN where nothing was counted.
 */
export function estimate(batches: readonly Batch[]): Estimate {
  const count = batches.length
  const top = batches.reduce((sum, batch) => sum + batch.top, 0)
  const bottom = batches.reduce((sum, batch) => sum + batch.bottom, 0)
  const value = top / bottom
  const squares = batches.reduce((sum, batch) => sum + (batch.top - value * batch.bottom) ** 2, 0)
  const standardError = Math.sqrt(squares / (count * (count - 1))) / (bottom / count)
  const reach = standardError * studentsT(count - 1)
  return { value, standardError, low: value - reach, high: value + reach }
}

/** How far a figure lies from what was expected, in its standard errors. */
export function errorsFrom({ value, standardError }: Estimate, expected: number): number {
  return value === expected ? 0 : (value - expected) / standardError
}

/** The 97.5 % point of Student's distribution (Abramowitz and Stegun 26.7.5; within 0.1 % from 4 degrees on). */
function studentsT(degrees: number): number {
  const z = 1.959964
  const [g1, g2, g3] = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
  ]
  return z + g1 / degrees + g2 / degrees ** 2 + g3 / degrees ** 3
}
