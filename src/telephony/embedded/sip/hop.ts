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
  findHops(uri, (hops) => done(hops[0]))
}

/** Every address that a URI leads to, the one to use at the front. @param done given none when there is no such place */
export function findHops(uri: string, done: (hops: readonly Hop[]) => void): void {
  const parsed = parseUri(uri)
  if (!parsed || parsed.scheme !== 'sip') return done([])
  const transport = transportOf(parsed)
  const port = parsed.port ?? 5060
  if (isIPv4(parsed.host)) return done([{ transport, host: parsed.host, port }])
  lookup(parsed.host, { family: 4, all: true }, (error, found) =>
    done(error ? [] : found.map(({ address: host }) => ({ transport, host, port }))),
  )
}
