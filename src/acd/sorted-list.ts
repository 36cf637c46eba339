/** Entries per chunk; a chunk that outgrows it is cut in two. Keeps an insertion into 50,000 entries short. */
const CHUNK = 512

/**
 * A list that is always in the order of `compare`, which must be total and must not change for an entry while it
 * is in the list. Adding and deleting cost a search and a shift within one chunk.
 */
export class SortedList<Entry> implements Iterable<Entry> {
  readonly #compare: (one: Entry, other: Entry) => number
  readonly #chunks: Entry[][] = []
  #size = 0

  constructor(compare: (one: Entry, other: Entry) => number) {
    this.#compare = compare
  }

  get size(): number {
    return this.#size
  }

  get first(): Entry | undefined {
    return this.#chunks[0]?.[0]
  }

  add(entry: Entry): void {
    const [chunk, at] = this.#locate(entry)
    const list = this.#chunks[chunk]
    this.#size++
    if (!list) {
      this.#chunks.push([entry])
      return
    }
    list.splice(at, 0, entry)
    if (list.length > CHUNK) this.#chunks.splice(chunk + 1, 0, list.splice(CHUNK / 2))
  }

  /** Takes the entry out; false when it was not there. */
  delete(entry: Entry): boolean {
    const [chunk, at] = this.#locate(entry)
    const list = this.#chunks[chunk]
    if (list?.[at] !== entry) return false
    list.splice(at, 1)
    if (list.length === 0) this.#chunks.splice(chunk, 1)
    this.#size--
    return true
  }

  /** How many come before this one; undefined when it is not in the list. */
  countBefore(entry: Entry): number | undefined {
    const [chunk, at] = this.#locate(entry)
    if (this.#chunks[chunk]?.[at] !== entry) return undefined
    let before = at
    for (let index = 0; index < chunk; index++) before += this.#chunks[index]?.length ?? 0
    return before
  }

  *[Symbol.iterator](): Iterator<Entry> {
    for (const chunk of this.#chunks) yield* chunk
  }

  /** The chunk and the place in it of the first entry that is not before `entry`; else the end of the last chunk. */
  #locate(entry: Entry): [chunk: number, at: number] {
    const chunk = lowest(this.#chunks.length, (index) => {
      const last = this.#chunks[index]?.at(-1)
      return last !== undefined && this.#compare(last, entry) >= 0
    })
    const list = this.#chunks[chunk]
    if (!list) {
      const end = Math.max(0, this.#chunks.length - 1)
      return [end, this.#chunks[end]?.length ?? 0]
    }
    const at = lowest(list.length, (index) => {
      const candidate = list[index]
      return candidate !== undefined && this.#compare(candidate, entry) >= 0
    })
    return [chunk, at]
  }
}

/** The lowest index below `length` from which on `holds` is true; `length` when there is none. */
function lowest(length: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
