import { DAY_MS } from './arrivals.ts'
import { type Batch, type Estimate, estimate } from './batch-means.ts'
import { batchOf, intervalOf, type Measuring } from './measuring.ts'
import type { Observer, SimulatedContact } from './simulator.ts'

/** How a queue, a tier of customers or the whole center did. Waits run from arrival to answer, or to giving up. */
export interface ContactResult {
  readonly offered: number
  readonly answered: number
  readonly abandoned: number
  /** Nobody who exists could have served them. */
  readonly unserved: number
  /** Sent elsewhere by their last step: callback, voicemail. */
  readonly left: number
  /** Answered in time, of those offered less the short abandons. */
  readonly serviceLevel: Estimate
  /** Mean wait of those who were answered, seconds. */
  readonly asa: Estimate
  /** Mean wait of all, seconds. */
  readonly meanWait: Estimate
  readonly abandonment: Estimate
  /** Share that was not answered at once. */
  readonly waited: Estimate
  /** Share answered within 0, 1, 2 ... seconds; ends where it rises no more. */
  readonly answeredWithin: readonly number[]
  readonly byInterval: readonly IntervalResult[]
}

export interface IntervalResult {
  /** Milliseconds after midnight. */
  readonly fromMs: number
  readonly offeredPerDay: number
  /** NaN where nobody came. */
  readonly serviceLevel: number
  readonly meanWait: number
  readonly abandonment: number
}

type Field =
  | 'offered'
  | 'answered'
  | 'inTime'
  | 'abandoned'
  | 'short'
  | 'unserved'
  | 'left'
  | 'waited'
  | 'waitMs'
  | 'answeredWaitMs'
type Counts = Record<Field, number>

/** Waits beyond an hour are one class. */
const LONGEST_SECONDS = 3_600

/** Counts contacts by the batch and the interval in which they came. */
export class ContactStatistics implements Observer {
  readonly #measuring: Measuring
  readonly #groups = new Map<string, Group>()
  readonly #keysOf: (contact: SimulatedContact) => readonly string[]

  /** @param keysOf what a contact is counted under: its queue, its tier, the whole */
  constructor(measuring: Measuring, keysOf: (contact: SimulatedContact) => readonly string[]) {
    this.#measuring = measuring
    this.#keysOf = keysOf
  }

  waited(contact: SimulatedContact, now: number): void {
    const { at } = contact.arrival
    const batch = batchOf(at, this.#measuring)
    if (batch === undefined) return
    const interval = intervalOf(at, this.#measuring)
    for (const key of this.#keysOf(contact)) {
      const group = this.#groups.get(key) ?? this.#newGroup(key)
      const waitMs = now - at
      this.#count(group.batches[batch], contact, waitMs)
      this.#count(group.intervals[interval], contact, waitMs)
      if (contact.outcome !== 'answered') continue
      const second = Math.min(Math.ceil(waitMs / 1000), LONGEST_SECONDS)
      group.seconds[second] = (group.seconds[second] ?? 0) + 1
    }
  }
  result(key: string): ContactResult {
    const { batches, intervals, seconds } = this.#groups.get(key) ?? this.#newGroup(key)
    const sum = (field: Field): number => batches.reduce((total, counts) => total + counts[field], 0)
    const ratio = (ratioOf: (counts: Counts) => Batch): Estimate => estimate(batches.map(ratioOf))
    const offered = sum('offered')
    return {
      offered,
      answered: sum('answered'),
      abandoned: sum('abandoned'),
      unserved: sum('unserved'),
      left: sum('left'),
      serviceLevel: ratio((counts) => ({ top: counts.inTime, bottom: counts.offered - counts.short })),
      asa: ratio(({ answeredWaitMs, answered }) => ({ top: answeredWaitMs / 1000, bottom: answered })),
      meanWait: ratio((counts) => ({ top: counts.waitMs / 1000, bottom: counts.offered })),
      abandonment: ratio((counts) => ({ top: counts.abandoned, bottom: counts.offered })),
      waited: ratio((counts) => ({ top: counts.waited, bottom: counts.offered })),
      answeredWithin: cumulated(seconds, offered),
      byInterval: this.#byInterval(intervals),
    }
  }

  #byInterval(intervals: readonly Counts[]): IntervalResult[] {
    const { intervalMs, days, warmUpDays, open } = this.#measuring
    return intervals.flatMap((counts, interval) => {
      const fromMs = interval * intervalMs
      if (fromMs < open.fromMs || fromMs >= open.toMs) return []
      const { offered } = counts
      return [
        {
          fromMs,
          offeredPerDay: offered / (days - warmUpDays),
          serviceLevel: counts.inTime / (offered - counts.short),
          meanWait: counts.waitMs / 1000 / offered,
          abandonment: counts.abandoned / offered,
        },
      ]
    })
  }

  #count(counts: Counts | undefined, { outcome }: SimulatedContact, waitMs: number): void {
    if (!counts) return
    counts.offered++
    counts.waitMs += waitMs
    if (waitMs > 0) counts.waited++
    if (outcome === 'unserved' || outcome === 'left') counts[outcome]++
    if (outcome === 'answered') {
      counts.answered++
      counts.answeredWaitMs += waitMs
      if (waitMs <= this.#measuring.thresholdMs) counts.inTime++
    }
    if (outcome === 'abandoned') {
      counts.abandoned++
      if (waitMs < this.#measuring.shortAbandonMs) counts.short++
    }
  }

  #newGroup(key: string): Group {
    const { batches, intervalMs } = this.#measuring
    const group = {
      batches: Array.from({ length: batches }, noCounts),
      intervals: Array.from({ length: Math.ceil(DAY_MS / intervalMs) }, noCounts),
      seconds: [],
    }
    this.#groups.set(key, group)
    return group
  }
}

interface Group {
  readonly batches: Counts[]
  readonly intervals: Counts[]
  /** Answered contacts by the second in which they were answered, rounded up. */
  readonly seconds: number[]
}

function noCounts(): Counts {
  return {
    offered: 0,
    answered: 0,
    inTime: 0,
    abandoned: 0,
    short: 0,
    unserved: 0,
    left: 0,
    waited: 0,
    waitMs: 0,
    answeredWaitMs: 0,
  }
}

function cumulated(seconds: readonly number[], offered: number): number[] {
  let sum = 0
  return Array.from(seconds, (count: number | undefined) => {
    sum += count ?? 0
    return sum / offered
  })
}
