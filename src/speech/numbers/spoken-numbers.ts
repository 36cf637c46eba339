/**
 * How a language reads digits and numbers from recorded pieces. The names of the pieces are names of files under
 * `media/prompts/<language>/digits/` and `numbers/`.
 */
export interface SpokenNumbers {
  /** Piece -> what is said, for the keys of a telephone. */
  readonly digits: Readonly<Record<string, string>>
  /** Piece -> what is said, for everything that `cardinal` names. */
  readonly numbers: Readonly<Record<string, string>>
  /**
   * The pieces of a cardinal number in the order they are said.
   * @param value whole, 0 to 999999
   * @throws RangeError outside of that
   */
  cardinal(value: number): readonly string[]
}

const LARGEST = 999_999

/** Whether recorded pieces can say it: whole, 0 to 999999. */
export function isCardinal(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= LARGEST
}

/** @throws RangeError unless `isCardinal` */
export function assertCardinal(value: number): void {
  if (!isCardinal(value)) {
    throw new RangeError(`${value} cannot be said: expected a whole number from 0 to ${LARGEST}`)
  }
}
