import { DAY_MS } from './arrivals.ts'

/** What is counted, and how it is cut into batches. */
export interface Measuring {
  /** Midnight of the first day, milliseconds since 1970. */
  readonly start: number
  readonly days: number
  /** Days at the beginning that are not counted: an empty center is not how it is later in the day. */
  readonly warmUpDays: number
  /** The part of the day in which contacts come, milliseconds after midnight. */
  readonly open: { readonly fromMs: number; readonly toMs: number }
  /** Results by time of day have this step. */
  readonly intervalMs: number
  /** Answered within so long is answered in time. */
  readonly thresholdMs: number
  /** Who gives up sooner than this is left out of the service level. */
  readonly shortAbandonMs: number
  /** At least 2; each takes the same number of days, as nearly as can be. */
  readonly batches: number
}

/** The batch that a moment belongs to; undefined during the warm-up and after the end. */
export function batchOf(at: number, { start, days, warmUpDays, batches }: Measuring): number | undefined {
  const day = Math.floor((at - start) / DAY_MS) - warmUpDays
  const counted = days - warmUpDays
  return day < 0 || day >= counted ? undefined : Math.floor((day * batches) / counted)
}

/** The interval of the day, counted from midnight. */
export function intervalOf(at: number, { start, intervalMs }: Measuring): number {
  return Math.floor(((at - start) % DAY_MS) / intervalMs)
}
