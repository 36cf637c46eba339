import { lookup } from 'node:dns'
import { isIPv4 } from 'node:net'
import { parseUri, transportOf } from '../../sip-uri.ts'
import type { Hop } from './message.ts'

/**
 * Finds where a URI leads (RFC 3263 4, without NAPTR and SRV: we call numeric addresses, registered phones and
 * named neighbours). A numeric address is answered at once; a name never holds anything else up.
 * @param done given undefined when there is no such place
 */
export function findHop(uri: string, done: (hop: Hop | undefined) => void): void {
  const parsed = parseUri(uri)
  if (!parsed || parsed.scheme !== 'sip') return done(undefined)
  const transport = transportOf(parsed)
  const port = parsed.port ?? 5060
  if (isIPv4(parsed.host)) return done({ transport, host: parsed.host, port })
  lookup(parsed.host, { family: 4 }, (error, host) => done(error ? undefined : { transport, host, port }))
}
