/** Entries per chunk; a chunk that outgrows it is cut in two. Keeps an insertion into 50,000 entries short. */
const CHUNK = 512

interface Placed {
  readonly key: number
  /** Decides between equal keys. */
  readonly arrival: number
}

interface Chunk<Entry> {
  /** Beside the places: a search reads these alone, which lie together in memory. */
  readonly keys: number[]
  readonly places: Entry[]
}

/**
 * Everybody in one queue in the order of service, with their positions. Adding and deleting cost a search and a
 * shift within one chunk. The key of a place may only change while it is out.
 */
export class LineOrder<Entry extends Placed> implements Iterable<Entry> {
  readonly #chunks: Chunk<Entry>[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  add(place: Entry): void {
    const number = this.#chunkOf(place)
    const chunk = this.#chunks[number]
    this.#size++
    if (!chunk) {
      this.#chunks.push({ keys: [place.key], places: [place] })
      return
    }
    const { keys, places } = chunk
    const at = placeIn(chunk, place)
    if (at >= CHUNK) {
      // Mostly somebody comes at the end: a full chunk stays full.
      this.#chunks.splice(number + 1, 0, { keys: [place.key], places: [place] })
    } else if (at === places.length) {
      keys.push(place.key)
      places.push(place)
    } else {
      keys.splice(at, 0, place.key)
      places.splice(at, 0, place)
    }
    if (places.length <= CHUNK) return
    const behind = { keys: keys.splice(CHUNK / 2), places: places.splice(CHUNK / 2) }
    this.#chunks.splice(number + 1, 0, behind)
  }

  /** Takes the place out; false when it was not there. */
  delete(place: Entry): boolean {
    const number = this.#chunkOf(place)
    const chunk = this.#chunks[number]
    const at = chunk ? placeIn(chunk, place) : 0
    if (chunk?.places[at] !== place) return false
    chunk.keys.splice(at, 1)
    chunk.places.splice(at, 1)
    if (chunk.places.length === 0) this.#chunks.splice(number, 1)
    this.#size--
    return true
  }

  /** How many come before this one; undefined when it is not in the line. */
  countBefore(place: Entry): number | undefined {
    const number = this.#chunkOf(place)
    const chunk = this.#chunks[number]
    const at = chunk ? placeIn(chunk, place) : 0
    if (chunk?.places[at] !== place) return undefined
    let before = at
    for (let index = 0; index < number; index++) before += this.#chunks[index]?.places.length ?? 0
    return before
  }

  *[Symbol.iterator](): Iterator<Entry> {
    for (const { places } of this.#chunks) yield* places
  }

  /** The chunk of the first entry that is not before `place`; the last chunk when there is none. */
  #chunkOf(place: Entry): number {
    const chunks = this.#chunks
    let low = 0
    let high = Math.max(0, chunks.length - 1)
    while (low < high) {
      const middle = (low + high) >>> 1
      const chunk = chunks[middle]
      if (chunk && !isBefore(chunk, chunk.keys.length - 1, place)) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** The index of the first entry that is not before `place`; the end when there is none. */
function placeIn(chunk: Chunk<Placed>, place: Placed): number {
  let low = 0
  let high = chunk.keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBefore(chunk, middle, place)) low = middle + 1
    else high = middle
  }
  return low
}

function isBefore({ keys, places }: Chunk<Placed>, at: number, place: Placed): boolean {
  const key = keys[at] ?? 0
  return key < place.key || (key === place.key && (places[at]?.arrival ?? 0) < place.arrival)
}
