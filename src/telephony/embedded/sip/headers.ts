import { isToken, splitOutside } from '../../sip-grammar.ts'

/** Compact forms (RFC 3261 7.3.3 and later RFCs). */
const COMPACT: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity-info',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
}

/** The spellings that nearly every message uses, so that the common case is one look-up. */
const SPELLINGS = new Map<string, string>(
  (
    'Via From To Call-ID Call-Id CSeq Contact Max-Forwards Content-Type Content-Length User-Agent Allow Supported ' +
    'Record-Route Route Expires Server Authorization WWW-Authenticate Proxy-Authorization Subject Accept Require'
  )
    .split(' ')
    .map((spelling) => [spelling, spelling.toLowerCase()]),
)

/** Lower-case long form of a header name; undefined when it is none. */
export function canonicalName(name: string): string | undefined {
  const known = SPELLINGS.get(name)
  if (known) return known
  if (!isToken(name)) return undefined
  const lower = name.toLowerCase()
  return (lower.length === 1 && COMPACT[lower]) || lower
}

/** The headers of one message in their order; names are canonical, values are unfolded and trimmed. */
export class HeaderList {
  readonly #names: string[] = []
  readonly #values: string[] = []

  /** @param name canonical */
  add(name: string, value: string): void {
    this.#names.push(name)
    this.#values.push(value)
  }

  /** The first value, whole: several values in one header field are not taken apart. */
  get(name: string): string | undefined {
    const at = this.#names.indexOf(name)
    return at < 0 ? undefined : this.#values[at]
  }

  /** How many header fields have this name. */
  count(name: string): number {
    let count = 0
    for (const each of this.#names) if (each === name) count++
    return count
  }

  /** Header fields of this name, whole, in order. */
  all(name: string): string[] {
    const found: string[] = []
    for (let at = this.#names.indexOf(name); at >= 0; at = this.#names.indexOf(name, at + 1))
      found.push(this.#values[at] ?? '')
    return found
  }

  /** All values: `A: 1, 2` and `A: 1` twice over mean the same (RFC 3261 7.3.1). Only for headers that are lists. */
  list(name: string): string[] {
    const fields = this.all(name)
    if (fields.every((field) => !field.includes(','))) return fields
    return fields.flatMap((field) => splitOutside(field, ','))
  }

  /** By name, the first value of each. */
  firstValues(): Readonly<Record<string, string>> {
    // Without a prototype, so that no header's name is there before its value.
    const first: Record<string, string> = Object.create(null)
    for (let at = 0; at < this.#names.length; at++) first[this.#names[at] ?? ''] ??= this.#values[at] ?? ''
    return first
  }

  get size(): number {
    return this.#names.length
  }
}
