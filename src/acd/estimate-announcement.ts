/**
 * What a waiting caller is told about the rest of the wait: a range from the median to the 90th percentile of the
 * estimate, rounded so that it promises no more than is known, and never a number above the last one. When the
 * estimate has outgrown what was said, the caller hears that it takes longer than expected, and is best offered a
 * callback.
 */

/** What one caller has been told last; plain data, to be kept with the contact. */
export interface Told {
  readonly at: number
  readonly upToMs: number
  /** Has heard since then that it takes longer. */
  readonly late: boolean
}

/** The rest of the wait as `waitQuantileMs` has it, for shares 0.5 and 0.9. */
export interface WaitEstimate {
  readonly p50Ms: number
  readonly p90Ms: number
}

export type Announcement =
  /** `fromMs` 0: "less than `upToMs`". */
  | { readonly says: 'between'; readonly fromMs: number; readonly upToMs: number }
  | { readonly says: 'longer-than-expected' }
  /** "More than an hour": too far away for a number, and no promise. */
  | { readonly says: 'more-than'; readonly fromMs: number }

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/**
 * @param told what this caller was told last; undefined for the first announcement
 * @param now milliseconds since 1970
 * @returns what to say, and what to keep for the next time
 */
export function announce(
  told: Told | undefined,
  estimate: WaitEstimate,
  now: number,
): { readonly announcement: Announcement; readonly told: Told | undefined } {
  const upToMs = roundedUp(estimate.p90Ms)
  if (!told) {
    if (upToMs > HOUR) return { announcement: { says: 'more-than', fromMs: HOUR }, told: undefined }
    return { announcement: range(estimate, upToMs), told: { at: now, upToMs, late: false } }
  }
  const pastPromise = !told.late && now + estimate.p50Ms > told.at + told.upToMs
  if (upToMs > told.upToMs || pastPromise) {
    return { announcement: { says: 'longer-than-expected' }, told: { ...told, late: true } }
  }
  return { announcement: range(estimate, upToMs), told: { at: now, upToMs, late: false } }
}

function range({ p50Ms }: WaitEstimate, upToMs: number): Announcement {
  const fromMs = roundedDown(p50Ms)
  return { says: 'between', fromMs: fromMs < upToMs ? fromMs : 0, upToMs }
}

/** Nobody can know the 23rd minute: steps of a minute up to 10, of five up to 30, of ten beyond. */
function stepAt(ms: number): number {
  if (ms <= 10 * MINUTE) return MINUTE
  return ms <= 30 * MINUTE ? 5 * MINUTE : 10 * MINUTE
}

function roundedUp(ms: number): number {
  const step = stepAt(ms)
  return Math.max(1, Math.ceil(ms / step)) * step
}

function roundedDown(ms: number): number {
  const step = stepAt(ms)
  return Math.floor(ms / step) * step
}
