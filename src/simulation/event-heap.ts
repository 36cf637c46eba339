/** Something that is to happen; what was called off stays in the heap until its time and is then passed over. */
export interface Event {
  readonly at: number
  /** Order of scheduling: what was scheduled first happens first among events of one time. */
  readonly order: number
  readonly run: () => void
  calledOff: boolean
}

/** What is to happen, the next at the front: a binary heap by time, then by order of scheduling. */
export class EventHeap {
  readonly #events: Event[] = []
  #order = 0

  /** Events that wait, those called off included. */
  get size(): number {
    return this.#events.length
  }

  /** Time of the next event that was not called off; Infinity for none. */
  get nextAt(): number {
    for (let first = this.#events[0]; first; first = this.#events[0]) {
      if (!first.calledOff) return first.at
      this.pop()
    }
    return Number.POSITIVE_INFINITY
  }

  push(at: number, run: () => void): Event {
    const event: Event = { at, order: this.#order++, run, calledOff: false }
    const events = this.#events
    let place = events.length
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = events[above]
      if (!parent || !before(event, parent)) break
      events[place] = parent
      place = above
    }
    events[place] = event
    return event
  }

  /** Takes the first event out. */
  pop(): Event | undefined {
    const events = this.#events
    const first = events[0]
    const last = events.pop()
    if (!last || last === first) return first
    let place = 0
    for (;;) {
      const left = 2 * place + 1
      let below = events[left]
      if (!below) break
      let at = left
      const right = events[left + 1]
      if (right && before(right, below)) [below, at] = [right, left + 1]
      if (!before(below, last)) break
      events[place] = below
      place = at
    }
    events[place] = last
    return first
  }
}

function before(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}
