import { param } from '../../sip-grammar.ts'
import { parseHostPort } from '../../sip-uri.ts'

/** One Via value (RFC 3261 20.42): a hop that the request took. */
export interface Via {
  /** Upper case: UDP, TCP, TLS, ... */
  readonly transport: string
  readonly host: string
  readonly port: number | undefined
  /** '' when there is none (RFC 2543). */
  readonly branch: string
  /** `rport` is present (RFC 3581), with or without a value. */
  readonly rport: boolean
  readonly params: string
  /** As it was written. */
  readonly text: string
}

/** Branches of RFC 3261 elements begin with this (8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK'

const PROTOCOL = /^SIP[ \t]*\/[ \t]*2\.0[ \t]*\/[ \t]*([A-Za-z0-9-]+)[ \t]+/i

export function parseVia(text: string): Via | undefined {
  const protocol = PROTOCOL.exec(text)
  const transport = protocol?.[1]
  if (!protocol || !transport) return undefined
  const semicolon = text.indexOf(';')
  const sentBy = text.slice(protocol[0].length, semicolon < 0 ? text.length : semicolon).trim()
  const address = parseHostPort(sentBy)
  if (!address) return undefined
  const params = semicolon < 0 ? '' : text.slice(semicolon + 1)
  return {
    transport: transport.toUpperCase(),
    host: address.host,
    port: address.port,
    branch: param(params, 'branch') ?? '',
    rport: param(params, 'rport') !== undefined,
    params,
    text,
  }
}

/**
 * The topmost Via as it goes back in the response: `received` where the packet came from another address than
 * it says (18.2.1), and always, with the port, when the client asked by `rport` (RFC 3581 4).
 */
export function receivedVia(via: Via, host: string, port: number): string {
  if (!via.rport) {
    if (via.host === host) return via.text
    return `${withoutReceived(via.text)};received=${host}`
  }
  const marked = withoutReceived(via.text).replace(/;[ \t]*rport[ \t]*(=[^;]*)?(?=;|$)/i, `;rport=${port}`)
  return `${marked};received=${host}`
}

/** A client cannot say where it was received from: it might send our response elsewhere. */
function withoutReceived(text: string): string {
  return text.includes('received') ? text.replace(/;[ \t]*received[ \t]*=[^;]*/gi, '') : text
}
