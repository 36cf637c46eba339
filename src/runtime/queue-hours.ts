import type { Cancel, Clock } from '../clock/clock.ts'
import type { AcdRunner } from './acd-runner.ts'
import type { Calendars } from './parts.ts'

/** By which calendars a queue lets callers in and calls them back; one that is not given is always open. */
export interface HoursOfQueue {
  readonly calendar?: string
  readonly callbacks?: string
}

/** Calendars change on the minute. */
const LOOK_MS = 60_000

/** Tells the routing engine which queues are open, when that changes. An emergency counts as closed. */
export class QueueHours {
  readonly #acd: AcdRunner
  readonly #clock: Clock
  readonly #calendars: Calendars
  readonly #queues: () => readonly { readonly id: string; readonly hours?: HoursOfQueue }[]
  readonly #told = new Map<string, string>()
  #next: Cancel | undefined

  constructor(
    acd: AcdRunner,
    clock: Clock,
    calendars: Calendars,
    queues: () => readonly { readonly id: string; readonly hours?: HoursOfQueue }[],
  ) {
    this.#acd = acd
    this.#clock = clock
    this.#calendars = calendars
    this.#queues = queues
  }

  /** Looks now, and on every minute while any queue has hours. */
  look(): void {
    this.stop()
    const now = this.#clock.now()
    const queues = this.#queues()
    for (const { id: queue, hours } of queues) {
      const open = this.#isOpen(hours?.calendar, now)
      const callbacks = this.#isOpen(hours?.callbacks, now)
      const state = `${open} ${callbacks}`
      if (state === (this.#told.get(queue) ?? 'true true')) continue
      this.#told.set(queue, state)
      this.#acd.put({ type: 'queue.hours', queue, open, callbacks })
    }
    if (!queues.some(({ hours }) => hours)) return
    this.#next = this.#clock.after(LOOK_MS - (now % LOOK_MS), () => this.look())
  }

  stop(): void {
    this.#next?.()
    this.#next = undefined
  }

  #isOpen(calendar: string | undefined, now: number): boolean {
    return calendar === undefined || this.#calendars(calendar, now) === 'open'
  }
}
