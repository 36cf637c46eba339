import type { EndCause } from '../call/call.ts'

/** What the final response to an INVITE of ours means (RFC 3261 21; RFC 3398 8.2.6.1 for the grouping). */
export function causeOfStatus(status: number): EndCause {
  return CAUSES[status] ?? (status >= 300 && status < 400 ? 'redirected' : 'failed')
}

const CAUSES: Readonly<Record<number, EndCause>> = {
  403: 'rejected',
  404: 'unreachable',
  406: 'unsupported',
  408: 'no-answer',
  410: 'unreachable',
  415: 'unsupported',
  420: 'unsupported',
  480: 'no-answer',
  486: 'busy',
  487: 'cancelled',
  488: 'unsupported',
  503: 'unreachable',
  600: 'busy',
  603: 'rejected',
  604: 'unreachable',
  606: 'unsupported',
}

/** Which of several refusals of a forked call counts (16.7 step 6): any 6xx, else the most telling 4xx. */
export function bestStatus(statuses: readonly number[]): number {
  const rank = (status: number): number => {
    if (status >= 600) return 0
    const telling = TELLING.indexOf(status)
    return telling >= 0 ? 1 + telling : 10 + Math.floor(status / 100)
  }
  return statuses.reduce((best, status) => (rank(status) < rank(best) ? status : best), statuses[0] ?? 503)
}

/** A person's decision says more than a phone that does not ring. */
const TELLING = [486, 403, 480, 408]
