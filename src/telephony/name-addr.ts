import { endOfQuoted, param, unquote } from './sip-grammar.ts'

/** The value of From, To, Contact, Route, Record-Route: `"name" <uri>;params` or `uri;params` (RFC 3261 20.10). */
export interface NameAddr {
  /** Display name, unquoted; undefined when empty. */
  readonly name: string | undefined
  /** As it was written, without angle brackets. */
  readonly uri: string
  /** The header's own parameters, without the first `;`. */
  readonly params: string
}

/** One value, or undefined when it is malformed (an open quote or bracket, text after the bracket). */
export function parseNameAddr(text: string): NameAddr | undefined {
  let from = 0
  if (text.charCodeAt(0) === 0x22) {
    const end = endOfQuoted(text, 0)
    if (end < 0) return undefined
    from = end + 1
  }
  const open = text.indexOf('<', from)
  if (open < 0) return from > 0 ? undefined : parseAddrSpec(text)
  const close = text.indexOf('>', open)
  if (close < 0) return undefined
  const name = text.slice(0, open).trim()
  if (from > 0 && text.slice(from, open).trim() !== '') return undefined
  if (from === 0 && name.includes('"')) return undefined
  const params = afterBracket(text, close)
  if (params === undefined) return undefined
  return { name: unquote(name) || undefined, uri: text.slice(open + 1, close), params }
}

function afterBracket(text: string, close: number): string | undefined {
  const rest = text.slice(close + 1).trimStart()
  if (rest === '') return ''
  return rest.startsWith(';') ? rest.slice(1) : undefined
}

/** Without brackets, parameters belong to the header, and the URI may have no `?` or `,` (20.10). */
function parseAddrSpec(text: string): NameAddr | undefined {
  const semicolon = text.indexOf(';')
  const uri = (semicolon < 0 ? text : text.slice(0, semicolon)).trim()
  if (uri === '' || /[?,\s"]/.test(uri)) return undefined
  return { name: undefined, uri, params: semicolon < 0 ? '' : text.slice(semicolon + 1) }
}

/** The tag of a From or To value; undefined without one, or when the value is malformed. */
export function tagOf(value: string): string | undefined {
  const address = parseNameAddr(value)
  return address && (param(address.params, 'tag') || undefined)
}
