/**
 * Whether first announcements come true: "of callers told at most 4 minutes, 88 % were answered within it".
 *
 * Callers who give up before the promise has run out would have been answered in time or not; to leave them out would
 * flatter us, since who waits longer gives up more often. They are treated as a life table treats those who leave a
 * study (Cutler and Ederer 1958): at risk for half of the slice of time in which they left.
 */

/** How the wait of a caller ended to whom something was announced. Times in milliseconds. */
export interface KeptOrNot {
  /** What was announced first. */
  readonly upToMs: number
  /** The probability that the estimate gave it. */
  readonly predicted: number
  /** From the announcement to the answer, or until the caller gave up. */
  readonly waitedMs: number
  readonly answered: boolean
}

/** All callers that were first told the same; plain data. */
export interface CalibrationRow {
  readonly upToMs: number
  told: number
  predicted: number
  /** Answered in time and given up in time, by slice of the announced time. */
  readonly answered: number[]
  readonly gaveUp: number[]
}

export interface Calibrated {
  readonly told: number
  /** Share answered in time, of those who would have waited. */
  readonly kept: number
  /** Share that was expected to be. */
  readonly predicted: number
}

const SLICES = 20

/** A small accumulator; its snapshot is plain data, and snapshots of several nodes or days add up. */
export class Calibration {
  readonly #rows = new Map<number, CalibrationRow>()

  record({ upToMs, predicted, waitedMs, answered }: KeptOrNot): void {
    const row = this.#row(upToMs)
    row.told++
    row.predicted += predicted
    if (waitedMs > upToMs) return
    const slice = Math.min(SLICES - 1, Math.floor((waitedMs / upToMs) * SLICES))
    const slices = answered ? row.answered : row.gaveUp
    slices[slice] = (slices[slice] ?? 0) + 1
  }

  add(snapshot: readonly CalibrationRow[]): void {
    for (const { upToMs, told, predicted, answered, gaveUp } of snapshot) {
      const row = this.#row(upToMs)
      row.told += told
      row.predicted += predicted
      for (let slice = 0; slice < SLICES; slice++) {
        row.answered[slice] = (row.answered[slice] ?? 0) + (answered[slice] ?? 0)
        row.gaveUp[slice] = (row.gaveUp[slice] ?? 0) + (gaveUp[slice] ?? 0)
      }
    }
  }

  snapshot(): CalibrationRow[] {
    return structuredClone([...this.#rows.values()].sort((one, other) => one.upToMs - other.upToMs))
  }

  /** Of all callers who were told `atMostMs` or less; undefined when nobody was. */
  of(atMostMs: number): Calibrated | undefined {
    const rows = [...this.#rows.values()].filter(({ upToMs }) => upToMs <= atMostMs)
    const told = rows.reduce((sum, row) => sum + row.told, 0)
    if (told === 0) return undefined
    return {
      told,
      kept: rows.reduce((sum, row) => sum + row.told * kept(row), 0) / told,
      predicted: rows.reduce((sum, row) => sum + row.predicted, 0) / told,
    }
  }

  #row(upToMs: number): CalibrationRow {
    const known = this.#rows.get(upToMs)
    if (known) return known
    const none = (): number[] => Array.from({ length: SLICES }, () => 0)
    const row = { upToMs, told: 0, predicted: 0, answered: none(), gaveUp: none() }
    this.#rows.set(upToMs, row)
    return row
  }
}

function kept({ told, answered, gaveUp }: CalibrationRow): number {
  let waiting = told
  let late = 1
  for (let slice = 0; slice < SLICES; slice++) {
    const [done, left] = [answered[slice] ?? 0, gaveUp[slice] ?? 0]
    const atRisk = waiting - left / 2
    if (atRisk > 0) late *= 1 - done / atRisk
    waiting -= done + left
  }
  return 1 - late
}
