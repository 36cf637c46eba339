interface Arrived {
  /** Decides between equal numbers. */
  readonly arrival: number
}

/**
 * A binary heap of entries by a number, then by arrival. The numbers lie together in memory, so that moving entries
 * about touches none of them; an entry that is no longer true is left until it comes up or until half of them are such.
 */
export class KeyedHeap<Entry extends Arrived> {
  readonly #keys: number[] = []
  readonly #entries: Entry[] = []
  readonly #isTrue: (entry: Entry, key: number) => boolean
  #size = 0

  /** @param isTrue whether an entry is (still, or again) in the heap under this number */
  constructor(isTrue: (entry: Entry, key: number) => boolean) {
    this.#isTrue = isTrue
  }

  get size(): number {
    return this.#size
  }

  get first(): Entry | undefined {
    return this.#entries[0]
  }

  add(entry: Entry, key: number): void {
    this.#size++
    this.#keys.push(key)
    this.#entries.push(entry)
    this.#rise(this.#keys.length - 1)
  }

  /** To be called once for an entry that was added and of which that is no longer true. */
  forget(): void {
    this.#size--
    if (this.#entries.length > 2 * this.#size + 32) this.#tidy()
    this.#dropUntrue()
  }

  /** In no order; each once. */
  values(): Set<Entry> {
    return new Set(this.#entries.filter((entry, at) => this.#isTrue(entry, this.#keys[at] ?? 0)))
  }

  /** In order, each once; each further one costs a logarithm of how many there were before. */
  *inOrder(): Generator<Entry> {
    const frontier: number[] = this.#entries.length > 0 ? [0] : []
    let previous: Entry | undefined
    while (frontier.length > 0) {
      let best = 0
      for (let index = 1; index < frontier.length; index++) {
        if (this.#isBefore(frontier[index] ?? 0, frontier[best] ?? 0)) best = index
      }
      const at = frontier[best] ?? 0
      const entry = this.#entries[at]
      const last = frontier.pop() ?? 0
      if (best < frontier.length) frontier[best] = last
      if (2 * at + 1 < this.#entries.length) frontier.push(2 * at + 1)
      if (2 * at + 2 < this.#entries.length) frontier.push(2 * at + 2)
      if (entry && entry !== previous && this.#isTrue(entry, this.#keys[at] ?? 0)) {
        previous = entry
        yield entry
      }
    }
  }

  #dropUntrue(): void {
    for (;;) {
      const entry = this.#entries[0]
      if (!entry || this.#isTrue(entry, this.#keys[0] ?? 0)) return
      const key = this.#keys.pop() ?? 0
      const last = this.#entries.pop()
      if (!last || this.#entries.length === 0) return
      this.#keys[0] = key
      this.#entries[0] = last
      this.#sink(0)
    }
  }

  #tidy(): void {
    const kept = new Set<Entry>()
    let length = 0
    for (let at = 0; at < this.#entries.length; at++) {
      const entry = this.#entries[at]
      const key = this.#keys[at] ?? 0
      if (!entry || kept.has(entry) || !this.#isTrue(entry, key)) continue
      kept.add(entry)
      this.#entries[length] = entry
      this.#keys[length] = key
      length++
    }
    this.#entries.length = length
    this.#keys.length = length
    for (let at = (length >>> 1) - 1; at >= 0; at--) this.#sink(at)
  }

  #isBefore(one: number, other: number): boolean {
    const mine = this.#keys[one] ?? 0
    const theirs = this.#keys[other] ?? 0
    if (mine !== theirs) return mine < theirs
    return (this.#entries[one]?.arrival ?? 0) < (this.#entries[other]?.arrival ?? 0)
  }

  #swap(one: number, other: number): void {
    const keys = this.#keys
    const entries = this.#entries
    const [key, entry] = [keys[one] ?? 0, entries[one]]
    const across = entries[other]
    if (!entry || !across) return
    keys[one] = keys[other] ?? 0
    entries[one] = across
    keys[other] = key
    entries[other] = entry
  }

  #rise(from: number): void {
    let at = from
    while (at > 0) {
      const above = (at - 1) >>> 1
      if (!this.#isBefore(at, above)) return
      this.#swap(at, above)
      at = above
    }
  }

  #sink(from: number): void {
    const { length } = this.#keys
    let at = from
    for (;;) {
      let below = 2 * at + 1
      if (below >= length) return
      if (below + 1 < length && this.#isBefore(below + 1, below)) below++
      if (!this.#isBefore(below, at)) return
      this.#swap(at, below)
      at = below
    }
  }
}
