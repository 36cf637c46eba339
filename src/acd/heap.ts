/** Where entries keep their position in one heap. An entry is in a heap while its position is not below 0. */
export interface Position<Entry> {
  get(entry: Entry): number
  set(entry: Entry, at: number): void
}

/**
 * A binary heap that knows where its entries are: adding and deleting cost a logarithm. The key of an entry may only
 * change while it is out; deleting needs no key, so that it may have changed already.
 */
export class Heap<Entry> {
  readonly #entries: Entry[] = []
  readonly #compare: (one: Entry, other: Entry) => number
  readonly #position: Position<Entry>

  /** @param compare total: never 0 for two entries */
  constructor(compare: (one: Entry, other: Entry) => number, position: Position<Entry>) {
    this.#compare = compare
    this.#position = position
  }

  get size(): number {
    return this.#entries.length
  }

  get first(): Entry | undefined {
    return this.#entries[0]
  }

  add(entry: Entry): void {
    this.#entries.push(entry)
    this.#rise(entry, this.#entries.length - 1)
  }

  delete(entry: Entry): void {
    const at = this.#position.get(entry)
    if (at < 0) return
    this.#position.set(entry, -1)
    const last = this.#entries.pop()
    if (last === undefined || last === entry) return
    this.#sink(last, at)
    if (this.#position.get(last) === at) this.#rise(last, at)
  }

  /** In no order. */
  values(): Iterable<Entry> {
    return this.#entries
  }

  /** In order; each further one costs a logarithm of how many there were before. */
  *inOrder(): Generator<Entry> {
    const frontier: number[] = this.#entries.length > 0 ? [0] : []
    while (frontier.length > 0) {
      let best = 0
      for (let index = 1; index < frontier.length; index++) {
        if (this.#before(frontier[index], frontier[best])) best = index
      }
      const at = frontier[best] ?? 0
      const entry = this.#entries[at]
      const last = frontier.pop() ?? 0
      if (best < frontier.length) frontier[best] = last
      if (2 * at + 1 < this.#entries.length) frontier.push(2 * at + 1)
      if (2 * at + 2 < this.#entries.length) frontier.push(2 * at + 2)
      if (entry !== undefined) yield entry
    }
  }

  #before(one = 0, other = 0): boolean {
    const mine = this.#entries[one]
    const theirs = this.#entries[other]
    return mine !== undefined && theirs !== undefined && this.#compare(mine, theirs) < 0
  }

  #rise(entry: Entry, from: number): void {
    const entries = this.#entries
    let at = from
    while (at > 0) {
      const above = (at - 1) >>> 1
      const parent = entries[above]
      if (parent === undefined || this.#compare(entry, parent) >= 0) break
      entries[at] = parent
      this.#position.set(parent, at)
      at = above
    }
    entries[at] = entry
    this.#position.set(entry, at)
  }

  #sink(entry: Entry, from: number): void {
    const entries = this.#entries
    const { length } = entries
    let at = from
    for (;;) {
      let below = 2 * at + 1
      if (below >= length) break
      let child = entries[below]
      const right = entries[below + 1]
      if (child !== undefined && right !== undefined && this.#compare(right, child) < 0) {
        below++
        child = right
      }
      if (child === undefined || this.#compare(entry, child) <= 0) break
      entries[at] = child
      this.#position.set(child, at)
      at = below
    }
    entries[at] = entry
    this.#position.set(entry, at)
  }
}
