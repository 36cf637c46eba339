/**
 * Patterns of the number plan and of routes, as Asterisk's dialplan has them: `_` and then, place by place, a key,
 * `X` (0-9), `Z` (1-9), `N` (2-9) or a set (`[1-47*]`); `.` at the end stands for one or more of anything.
 * Without `_` it is one number, and nothing but that.
 */
export interface NumberPattern {
  readonly text: string
  /** What may stand at each place; undefined for one exact number. */
  readonly places: readonly string[] | undefined
  /** Ends with `.`. */
  readonly open: boolean
}

const CLASSES: Readonly<Record<string, string>> = { X: '0123456789', Z: '123456789', N: '23456789' }
const KEYS = '0123456789*#+'

/** @returns the pattern, or a sentence that says what is wrong with it */
export function parsePattern(text: string): NumberPattern | string {
  if (!text.startsWith('_')) return { text, places: undefined, open: false }
  const places: string[] = []
  const body = text.endsWith('.') ? text.slice(1, -1) : text.slice(1)
  for (let at = 0; at < body.length; at++) {
    const char = body.charAt(at)
    const end = char === '[' ? body.indexOf(']', at) : at
    if (end < 0) return `${text}: a set that begins with [ must end with ]`
    const place = char === '[' ? setOf(body.slice(at + 1, end)) : (CLASSES[char] ?? keyOf(char))
    if (!place) {
      return `${text}: found ${body.slice(at, end + 1)}, expected a key (0-9 * # +), X, Z, N, a set such as [1-4], or . at the end`
    }
    places.push(place)
    at = end
  }
  const open = text.endsWith('.')
  return places.length === 0 && !open ? `${text}: there is nothing after _` : { text, places, open }
}

export function matches({ text, places, open }: NumberPattern, number: string): boolean {
  if (!places) return text === number
  if (open ? number.length <= places.length : number.length !== places.length) return false
  return places.every((place, at) => place.includes(number.charAt(at)))
}

/**
 * Which of two patterns goes first where both fit: an exact number, then place by place the one that allows fewer
 * keys, where `.` allows any. 0: neither.
 */
export function bySpecificity(a: NumberPattern, b: NumberPattern): number {
  if (!a.places || !b.places) return Number(a.places !== undefined) - Number(b.places !== undefined)
  const length = Math.max(a.places.length, b.places.length)
  for (let at = 0; at < length; at++) {
    const difference = widthAt(a, at) - widthAt(b, at)
    if (difference !== 0) return difference
  }
  return Number(a.open) - Number(b.open)
}

/** Is there a number that fits both, and neither goes first? */
export function conflict(a: NumberPattern, b: NumberPattern): boolean {
  const [left, right] = [a.places, b.places]
  if (!left || !right || bySpecificity(a, b) !== 0) return false
  return left.every((place, at) => place.split('').some((key) => right[at]?.includes(key)))
}

function widthAt({ places }: NumberPattern, at: number): number {
  return places?.[at]?.length ?? Number.POSITIVE_INFINITY
}

function keyOf(char: string): string | undefined {
  return KEYS.includes(char) ? char : undefined
}

/** `1-47*` -> `12347*` */
function setOf(text: string): string | undefined {
  const keys = new Set<string>()
  for (let at = 0; at < text.length; at++) {
    const from = text.charAt(at)
    if (text.charAt(at + 1) === '-' && at + 2 < text.length) {
      const to = text.charAt(at + 2)
      if (!/\d/.test(from) || !/\d/.test(to) || from > to) return undefined
      for (let digit = Number(from); digit <= Number(to); digit++) keys.add(String(digit))
      at += 2
    } else if (keyOf(from)) keys.add(from)
    else return undefined
  }
  return [...keys].join('')
}
