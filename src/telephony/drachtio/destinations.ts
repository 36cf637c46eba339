import type { Party } from '../../call/call.ts'
import type { Binding } from '../bindings.ts'
import { quote } from '../sip-grammar.ts'
import { escapeUser, parseUri, userOf } from '../sip-uri.ts'
import type { Destination } from './outbound-call.ts'
import type { SipSource } from './sip-messages.ts'

/** What every INVITE of a `dial` says, wherever it goes. */
export interface Dialled {
  readonly from: Party
  readonly asserted?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** The places where a leg rings, by what was dialled. */
export const listOf = {
  uri: (uri: string, { from, headers }: Dialled): readonly Destination[] => [
    { uri, proxy: undefined, headers: { ...oneLines(headers), From: fromValue(from) } },
  ],

  /** Every place where the device is registered. */
  device: (
    places: readonly Binding<SipSource>[],
    device: string,
    domain: string,
    { from, headers }: Dialled,
  ): readonly Destination[] =>
    places.map((place) => ({
      uri: place.uri,
      proxy: routeTo(place),
      headers: {
        ...oneLines(headers),
        From: fromValue(from),
        To: `<sip:${escapeUser(device)}@${domain}>`,
      },
    })),
}

/**
 * A phone behind address translation is where its REGISTER came from, not where its Contact says; one that came over
 * a connection is at its other end (RFC 5626).
 */
function routeTo({ uri, way }: Binding<SipSource>): string | undefined {
  const contact = parseUri(uri)
  const isThere = contact?.host === way.host && (contact.port ?? 5060) === way.port
  if (isThere && way.transport === 'udp') return undefined
  const transport = way.transport === 'udp' ? '' : `;transport=${way.transport}`
  return `sip:${way.host}:${way.port}${transport}`
}

/** The From value of a call of ours, without its tag. */
export function fromValue(party: Party): string {
  const name = party.name === undefined ? '' : `${quote(oneLine(party.name))} `
  const uri = parseUri(party.uri)
  if (!uri) return '"Anonymous" <sip:anonymous@anonymous.invalid>'
  if (uri.scheme === 'tel') return `${name}<${party.uri}>`
  const user = userOf(uri)
  const address = user === undefined ? uri.host : `${escapeUser(user)}@${uri.host}`
  return `${name}<sip:${address}${uri.port === undefined ? '' : `:${uri.port}`}>`
}

/** Nothing that was passed to us may begin a header of its own. */
export function oneLines(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, oneLine(value)]))
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ')
}
