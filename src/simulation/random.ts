/**
 * Chance that can be repeated: xoshiro128** 1.1 (Blackman and Vigna 2021, "Scrambled linear pseudorandom number
 * generators"), period 2^128 - 1, seeded by a 32-bit FNV-1a hash of seed and stream name through splitmix32. The same
 * seed and stream give the same numbers on every machine.
 *
 * Each purpose (arrivals of one queue, their handle times, ...) has a stream of its own. So a change of the rules
 * leaves the callers as they are, and two runs with one seed differ by the rules alone.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #d: number

  /** @param stream what the numbers are for */
  constructor(seed: number, stream = '') {
    const next = splitmix(hash(`${seed}/${stream}`))
    this.#a = next()
    this.#b = next()
    this.#c = next()
    this.#d = next() | 1
  }

  /** From 0 up to 1, without 1, in steps of 2^-53. */
  next(): number {
    return ((this.#bits() >>> 5) * 2 ** 26 + (this.#bits() >>> 6)) / 2 ** 53
  }

  /** The time to the next event of a Poisson process, by its mean. */
  exponential(mean: number): number {
    return -mean * Math.log1p(-this.next())
  }

  /** Normal with mean 0 and deviation 1 (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log1p(-this.next())) * Math.cos(2 * Math.PI * this.next())
  }

  #bits(): number {
    const b = this.#b
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9)
    this.#c ^= this.#a
    this.#d ^= b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= b << 9
    this.#d = rotate(this.#d, 11)
    return result
  }
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}

function hash(text: string): number {
  let state = 0x811c9dc5
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193)
  return state
}

function splitmix(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  }
}
