/**
 * How a language reads digits, numbers and lengths of time from recorded pieces. The names of the pieces are names of
 * files under `media/prompts/<language>/digits/`, `numbers/` and `durations/`.
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
  /** Piece -> what is said, for what `duration` names beside pieces of numbers. */
  readonly durations: Readonly<Record<string, string>>
  /**
   * The pieces of a length of time with their folders, `numbers/4` and `durations/minutes`, in the order they are said.
   * @param seconds whole, 0 to 359999
   * @throws RangeError outside of that
   */
  duration(seconds: number): readonly string[]
}

const LARGEST = 999_999
/** 99 hours, 59 minutes, 59 seconds. */
const LONGEST = 359_999

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

export type DurationUnit = 'hour' | 'minute' | 'second'

/** How many of which unit make up a length of time; units of which there are none are left out, but for no time at all. */
export type DurationParts = readonly (readonly [count: number, unit: DurationUnit])[]

/** Whether recorded pieces can say it as a length of time: whole seconds, 0 to 359999. */
export function isSpokenDuration(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 0 && seconds <= LONGEST
}

/** @throws RangeError unless `isSpokenDuration` */
export function durationParts(seconds: number): DurationParts {
  if (!isSpokenDuration(seconds)) {
    throw new RangeError(`${seconds} s cannot be said: expected whole seconds from 0 to ${LONGEST}`)
  }
  if (seconds === 0) return [[0, 'second']]
  const parts: DurationParts = [
    [Math.floor(seconds / 3600), 'hour'],
    [Math.floor((seconds % 3600) / 60), 'minute'],
    [seconds % 60, 'second'],
  ]
  return parts.filter(([count]) => count > 0)
}
