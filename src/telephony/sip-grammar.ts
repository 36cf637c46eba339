/**
 * The pieces of RFC 3261 25.1 that many headers share: tokens, quoted strings, comma lists, `;name=value`
 * parameters. All of it is scanning without regular expressions on the hot path; nothing here throws.
 */

const TOKEN = /^[A-Za-z0-9.!%*_+`'~-]+$/

export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

/** Index of the end of the quoted string that begins at `start` (its closing quote), or -1 when it never ends. */
export function endOfQuoted(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === 0x5c) at++
    else if (char === 0x22) return at
  }
  return -1
}

/** `"a \"b\""` -> `a "b"`; anything that is not quoted is returned as it is. */
export function unquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text
  const inner = text.slice(1, -1)
  return inner.includes('\\') ? inner.replace(/\\(.)/gs, '$1') : inner
}

export function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}

/** Splits at `separator` outside quoted strings and angle brackets; pieces are trimmed, empty ones kept out. */
export function splitOutside(text: string, separator: ',' | ';' | '='): string[] {
  const pieces: string[] = []
  const code = separator.charCodeAt(0)
  let from = 0
  let angle = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === 0x22) {
      const end = endOfQuoted(text, at)
      if (end < 0) break
      at = end
    } else if (char === 0x3c) angle = true
    else if (char === 0x3e) angle = false
    else if (char === code && !angle) {
      const piece = text.slice(from, at).trim()
      if (piece) pieces.push(piece)
      from = at + 1
    }
  }
  const last = text.slice(from).trim()
  if (last) pieces.push(last)
  return pieces
}

/**
 * The value of one parameter in `;a=1;b;c="x"`, unquoted; '' for a parameter without a value, undefined where
 * there is none. Names are case-insensitive (RFC 3261 7.3.1).
 */
export function param(params: string, name: string): string | undefined {
  let at = 0
  while (at < params.length) {
    let end = at
    for (; end < params.length && params.charCodeAt(end) !== 0x3b; end++) {
      if (params.charCodeAt(end) === 0x22) {
        const quoted = endOfQuoted(params, end)
        if (quoted < 0) return undefined
        end = quoted
      }
    }
    const value = paramIn(params, at, end, name)
    if (value !== undefined) return value
    at = end + 1
  }
  return undefined
}

function paramIn(params: string, start: number, end: number, name: string): string | undefined {
  if (end - start < name.length) return undefined
  let equals = params.indexOf('=', start)
  if (equals < 0 || equals > end) equals = end
  const found = params.slice(start, equals).trim()
  if (found.length !== name.length || found.toLowerCase() !== name) return undefined
  return equals === end ? '' : unquote(params.slice(equals + 1, end).trim())
}

/** A decimal number of at most `max`; undefined for anything else (signs, spaces, too many digits). */
export function decimal(text: string, max: number): number | undefined {
  if (text.length === 0 || text.length > 10) return undefined
  let value = 0
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return value <= max ? value : undefined
}
