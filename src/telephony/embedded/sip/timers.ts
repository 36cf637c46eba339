import type { Cancel, Clock } from '../../../clock/clock.ts'

/**
 * Timers fall due on a grid, so that thousands of them wake the process at most 100 times a second; the long ones,
 * which end what nobody waits for, on a coarser one, so that a steady flow of calls does so 10 times a second.
 */
const RESOLUTION_MS = 10
const LONG = { fromMs: 2_000, resolutionMs: 100 }

/** A timer that is set; `cancel` is harmless when it has run. */
export interface Timer {
  cancel(): void
}

class Entry implements Timer {
  readonly time: number
  /** The first point of its grid that is not before `time`. */
  readonly due: number
  readonly run: () => void
  queue: Queue | undefined
  previous: Entry | undefined
  next: Entry | undefined

  constructor(time: number, resolutionMs: number, run: () => void, queue: Queue) {
    this.time = time
    this.due = Math.ceil(time / resolutionMs) * resolutionMs
    this.run = run
    this.queue = queue
  }

  cancel(): void {
    this.queue?.remove(this)
  }
}

/** All timers of one delay: they fall due in the order in which they were set, so a list is enough. */
class Queue {
  head: Entry | undefined
  tail: Entry | undefined
  readonly #timers: { count: number }

  constructor(timers: { count: number }) {
    this.#timers = timers
  }

  push(entry: Entry): void {
    entry.previous = this.tail
    if (this.tail) this.tail.next = entry
    else this.head = entry
    this.tail = entry
    this.#timers.count++
  }

  remove(entry: Entry): void {
    if (entry.previous) entry.previous.next = entry.next
    else this.head = entry.next
    if (entry.next) entry.next.previous = entry.previous
    else this.tail = entry.previous
    entry.queue = undefined
    entry.previous = undefined
    entry.next = undefined
    this.#timers.count--
  }
}

/**
 * Every timer of the SIP stack over a single clock timer. SIP knows about a dozen delays (T1 and its doublings,
 * T4, 64 x T1), so timers are kept in one list per delay: setting and cancelling are O(1), and a transaction
 * that lingers for 32 s costs one small object. A timer runs up to 10 ms late, one of 2 s and more up to 100 ms,
 * none of them early.
 */
export class Timers {
  readonly #clock: Clock
  readonly #failed: (error: unknown) => void
  readonly #queues = new Map<number, Queue>()
  readonly #total = { count: 0 }
  #wake: { readonly due: number; readonly cancel: Cancel } | undefined

  /** @param failed told what a timer's function threw; the other timers run on */
  constructor(clock: Clock, failed: (error: unknown) => void) {
    this.#clock = clock
    this.#failed = failed
  }

  /** How many timers are set. */
  get size(): number {
    return this.#total.count
  }

  now(): number {
    return this.#clock.now()
  }

  after(delayMs: number, run: () => void): Timer {
    let queue = this.#queues.get(delayMs)
    if (!queue) {
      queue = new Queue(this.#total)
      this.#queues.set(delayMs, queue)
    }
    const resolution = delayMs < LONG.fromMs ? RESOLUTION_MS : LONG.resolutionMs
    const entry = new Entry(this.#clock.now() + delayMs, resolution, run, queue)
    const first = queue.head === undefined
    queue.push(entry)
    if (first) this.#arm(entry.due)
    return entry
  }

  /** Forgets every timer. */
  clear(): void {
    for (const queue of this.#queues.values()) while (queue.head) queue.remove(queue.head)
    this.#queues.clear()
    this.#wake?.cancel()
    this.#wake = undefined
  }

  #arm(due: number): void {
    if (this.#wake && this.#wake.due <= due) return
    this.#wake?.cancel()
    this.#wake = { due, cancel: this.#clock.at(due, () => this.#run()) }
  }

  #run(): void {
    this.#wake = undefined
    const now = this.#clock.now()
    for (let next = this.#earliest(); next; next = this.#earliest()) {
      if (next.due > now) {
        this.#arm(next.due)
        return
      }
      next.cancel()
      try {
        next.run()
      } catch (error) {
        this.#failed(error)
      }
    }
  }

  #earliest(): Entry | undefined {
    let first: Entry | undefined
    for (const [delay, queue] of this.#queues) {
      if (!queue.head) this.#queues.delete(delay)
      else if (!first || isSooner(queue.head, first)) first = queue.head
    }
    return first
  }
}

function isSooner(one: Entry, other: Entry): boolean {
  return one.due < other.due || (one.due === other.due && one.time < other.time)
}
