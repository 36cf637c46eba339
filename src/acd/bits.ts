/** A set of small whole numbers, one bit each; grows as needed. */
export class Bits {
  words = new Uint32Array(4)

  has(index: number): boolean {
    return ((this.words[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0
  }

  add(index: number): void {
    const at = index >>> 5
    if (at >= this.words.length) {
      const words = new Uint32Array(Math.max(at + 1, this.words.length * 2))
      words.set(this.words)
      this.words = words
    }
    this.words[at] = (this.words[at] ?? 0) | (1 << (index & 31))
  }

  delete(index: number): void {
    const at = index >>> 5
    if (at < this.words.length) this.words[at] = (this.words[at] ?? 0) & ~(1 << (index & 31))
  }

  /** The lowest number from `from` on; -1 when there is none. */
  next(from: number): number {
    return nextInBoth(this, this, from)
  }
}

/** The lowest number from `from` on that is in both sets; -1 when there is none. Allocates nothing. */
export function nextInBoth(one: Bits, other: Bits, from: number): number {
  const mine = one.words
  const theirs = other.words
  const length = Math.min(mine.length, theirs.length)
  let at = from >>> 5
  if (at >= length) return -1
  let word = (mine[at] ?? 0) & (theirs[at] ?? 0) & (-1 << (from & 31))
  while (word === 0) {
    if (++at >= length) return -1
    word = (mine[at] ?? 0) & (theirs[at] ?? 0)
  }
  return (at << 5) + 31 - Math.clz32(word & -word)
}
