import type { Place } from './model.ts'

/**
 * A binary heap of places by a number, then by arrival. The numbers lie together in memory, so that moving entries
 * about touches no place; an entry that is no longer true is left until it comes up or until half of them are such.
 */
export class PlaceHeap {
  readonly #keys: number[] = []
  readonly #places: Place[] = []
  readonly #isTrue: (place: Place, key: number) => boolean
  #size = 0

  /** @param isTrue whether a place is (still, or again) in the heap under this number */
  constructor(isTrue: (place: Place, key: number) => boolean) {
    this.#isTrue = isTrue
  }

  get size(): number {
    return this.#size
  }

  get first(): Place | undefined {
    return this.#places[0]
  }

  add(place: Place, key: number): void {
    this.#size++
    this.#keys.push(key)
    this.#places.push(place)
    this.#rise(this.#keys.length - 1)
  }

  /** To be called once for a place that was added and of which that is no longer true. */
  forget(): void {
    this.#size--
    if (this.#places.length > 2 * this.#size + 32) this.#tidy()
    this.#dropUntrue()
  }

  /** In no order; each once. */
  values(): Set<Place> {
    return new Set(this.#places.filter((place, at) => this.#isTrue(place, this.#keys[at] ?? 0)))
  }

  /** In order, each once; each further one costs a logarithm of how many there were before. */
  *inOrder(): Generator<Place> {
    const frontier: number[] = this.#places.length > 0 ? [0] : []
    let previous: Place | undefined
    while (frontier.length > 0) {
      let best = 0
      for (let index = 1; index < frontier.length; index++) {
        if (this.#isBefore(frontier[index] ?? 0, frontier[best] ?? 0)) best = index
      }
      const at = frontier[best] ?? 0
      const place = this.#places[at]
      const last = frontier.pop() ?? 0
      if (best < frontier.length) frontier[best] = last
      if (2 * at + 1 < this.#places.length) frontier.push(2 * at + 1)
      if (2 * at + 2 < this.#places.length) frontier.push(2 * at + 2)
      if (place && place !== previous && this.#isTrue(place, this.#keys[at] ?? 0)) {
        previous = place
        yield place
      }
    }
  }

  #dropUntrue(): void {
    for (;;) {
      const place = this.#places[0]
      if (!place || this.#isTrue(place, this.#keys[0] ?? 0)) return
      const key = this.#keys.pop() ?? 0
      const last = this.#places.pop()
      if (!last || this.#places.length === 0) return
      this.#keys[0] = key
      this.#places[0] = last
      this.#sink(0)
    }
  }

  #tidy(): void {
    const kept = new Set<Place>()
    let length = 0
    for (let at = 0; at < this.#places.length; at++) {
      const place = this.#places[at]
      const key = this.#keys[at] ?? 0
      if (!place || kept.has(place) || !this.#isTrue(place, key)) continue
      kept.add(place)
      this.#places[length] = place
      this.#keys[length] = key
      length++
    }
    this.#places.length = length
    this.#keys.length = length
    for (let at = (length >>> 1) - 1; at >= 0; at--) this.#sink(at)
  }

  #isBefore(one: number, other: number): boolean {
    const mine = this.#keys[one] ?? 0
    const theirs = this.#keys[other] ?? 0
    if (mine !== theirs) return mine < theirs
    return (this.#places[one]?.arrival ?? 0) < (this.#places[other]?.arrival ?? 0)
  }

  #swap(one: number, other: number): void {
    const keys = this.#keys
    const places = this.#places
    const [key, place] = [keys[one] ?? 0, places[one]]
    const across = places[other]
    if (!place || !across) return
    keys[one] = keys[other] ?? 0
    places[one] = across
    keys[other] = key
    places[other] = place
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
