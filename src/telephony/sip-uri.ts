import { decimal, param } from './sip-grammar.ts'

/** A SIP URI (RFC 3261 19.1) or a tel URI (RFC 3966), as far as a server needs it. */
export interface SipUri {
  readonly scheme: 'sip' | 'sips' | 'tel'
  /** Still escaped; see `userOf`. Without a password. */
  readonly user: string | undefined
  /** Lower case; an IPv6 address keeps its brackets. '' for tel. */
  readonly host: string
  readonly port: number | undefined
  /** Everything from the first `;`, without it. */
  readonly params: string
  /** Everything after `?`: headers that the URI asks for. We obey none. */
  readonly headers: string
}

const HOST = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?)$/
const UNSAFE = /[\s<>"]/

/** The URI, or undefined when it is none or has a scheme that we do not speak. */
export function parseUri(text: string): SipUri | undefined {
  const colon = text.indexOf(':')
  if (colon < 3 || UNSAFE.test(text)) return undefined
  const scheme = text.slice(0, colon).toLowerCase()
  if (scheme === 'tel') return parseTel(text.slice(colon + 1))
  if (scheme !== 'sip' && scheme !== 'sips') return undefined
  // A user may contain `;` and `?` (19.1.1), so the at sign comes first.
  const at = text.lastIndexOf('@')
  const user = at < 0 ? undefined : text.slice(colon + 1, at)
  if (user === '') return undefined
  const rest = text.slice(at < 0 ? colon + 1 : at + 1)
  const question = rest.indexOf('?')
  const address = question < 0 ? rest : rest.slice(0, question)
  const semicolon = address.indexOf(';')
  const hostPort = parseHostPort(semicolon < 0 ? address : address.slice(0, semicolon))
  if (!hostPort) return undefined
  return {
    scheme,
    user: user === undefined ? undefined : withoutPassword(user),
    host: hostPort.host,
    port: hostPort.port,
    params: semicolon < 0 ? '' : address.slice(semicolon + 1),
    headers: question < 0 ? '' : rest.slice(question + 1),
  }
}

function withoutPassword(user: string): string {
  const colon = user.indexOf(':')
  return colon < 0 ? user : user.slice(0, colon)
}

function parseTel(text: string): SipUri | undefined {
  const semicolon = text.indexOf(';')
  const user = semicolon < 0 ? text : text.slice(0, semicolon)
  if (!/^\+?[0-9A-Fa-f*#().-]+$/.test(user)) return undefined
  const params = semicolon < 0 ? '' : text.slice(semicolon + 1)
  return { scheme: 'tel', user, host: '', port: undefined, params, headers: '' }
}

/** `host`, `host:port`, `[v6]:port`; undefined when it is not that. */
export function parseHostPort(text: string): { host: string; port: number | undefined } | undefined {
  const colon = text.lastIndexOf(':')
  const hasPort = colon > 0 && colon > text.lastIndexOf(']')
  const host = (hasPort ? text.slice(0, colon) : text).trimEnd()
  if (!HOST.test(host)) return undefined
  if (!hasPort) return { host: host.toLowerCase(), port: undefined }
  const port = decimal(text.slice(colon + 1).trimStart(), 65_535)
  return port === undefined || port === 0 ? undefined : { host: host.toLowerCase(), port }
}

/** The user part with its escapes undone (19.1.2); undefined when there is none. */
export function userOf(uri: SipUri): string | undefined {
  if (uri.user === undefined || !uri.user.includes('%')) return uri.user
  try {
    return decodeURIComponent(uri.user)
  } catch {
    return uri.user
  }
}

/** Escapes what may not stand in a user part (25.1, user-unreserved). */
export function escapeUser(user: string): string {
  return user.replace(/[^A-Za-z0-9\-_.!~*'()&=+$,;?/]/gu, (char) => encodeURIComponent(char))
}

/** `tcp` only when the URI says so; we never guess it (RFC 3263 4.1 with a numeric address). */
export function transportOf(uri: SipUri): 'udp' | 'tcp' {
  return param(uri.params, 'transport')?.toLowerCase() === 'tcp' ? 'tcp' : 'udp'
}

/** The form under which two bindings count as the same contact (19.1.4, without the parameters that rarely matter). */
export function uriKey(uri: SipUri): string {
  return `${uri.scheme}:${userOf(uri) ?? ''}@${uri.host}:${uri.port ?? 5060};${transportOf(uri)}`
}
