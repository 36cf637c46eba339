import { type CenterFinding, errorAt, type Place, placeText } from './center-finding.ts'
import { bySpecificity, conflict, matches, type NumberPattern, parsePattern } from './number-pattern.ts'

/** Entries by number or pattern: finds the one that fits a number best. */
export class NumberPlan<Entry> {
  readonly #exact: ReadonlyMap<string, Entry>
  /** The most specific first. */
  readonly #patterns: readonly { readonly pattern: NumberPattern; readonly entry: Entry }[]

  /** @param entries by key; keys that are no pattern are left out: `planFaults` tells of them */
  constructor(entries: Readonly<Record<string, Entry>>) {
    const parsed = Object.entries(entries).flatMap(([key, entry]) => {
      const pattern = parsePattern(key)
      return typeof pattern === 'string' ? [] : [{ pattern, entry }]
    })
    this.#exact = new Map(
      parsed.flatMap(({ pattern, entry }) => (pattern.places ? [] : [[pattern.text, entry] as const])),
    )
    this.#patterns = parsed
      .filter(({ pattern }) => pattern.places)
      .toSorted((a, b) => bySpecificity(a.pattern, b.pattern))
  }

  find(number: string): Entry | undefined {
    return this.#exact.get(number) ?? this.#patterns.find(({ pattern }) => matches(pattern, number))?.entry
  }
}

/**
 * What is wrong with the keys of a plan: keys that are no pattern, and pairs that fit the same number equally well.
 * @param place where a key stands
 */
export function planFaults(keys: readonly string[], place: (key: string) => Place): CenterFinding[] {
  const patterns = keys.map((key) => ({ key, pattern: parsePattern(key) }))
  const malformed = patterns.flatMap(({ key, pattern }) =>
    typeof pattern === 'string'
      ? [errorAt(place(key), 'BAD_NUMBER', pattern, 'docs/center.md has the signs of a pattern.')]
      : [],
  )
  const conflicts = patterns.flatMap(({ key, pattern }, index) =>
    patterns.slice(0, index).flatMap((other) => {
      if (typeof pattern === 'string' || typeof other.pattern === 'string') return []
      if (!conflict(pattern, other.pattern)) return []
      const message = `${key} and ${other.key} (${placeText(place(other.key))}) fit the same numbers equally well`
      return [errorAt(place(key), 'BAD_NUMBER', message, 'Make one of the two narrower, or remove it.')]
    }),
  )
  return [...malformed, ...conflicts]
}
