import type { Party } from '../../call/call.ts'
import type { CallEvent } from '../../call/events.ts'
import { callerOf, identityOf, partyOf, type RawHeaders } from '../identity.ts'
import { parseNameAddr } from '../name-addr.ts'

/** What the dialplan tells of an INVITE: the arguments of `Stasis(switchroom,offered,...)` in extensions.conf. */
export interface Offer {
  /** Section of pjsip.conf, or device, over which it came. */
  readonly endpoint: string
  /** The number that was dialled. */
  readonly number: string
  readonly requestUri: string
  /** By lower-case name. */
  readonly headers: RawHeaders
}

/** @returns undefined when the arguments are not those of our dialplan */
export function offerOf(args: readonly string[]): Offer | undefined {
  const [kind, endpoint, number, requestUri, headers] = args
  if (kind !== 'offered' || !endpoint || number === undefined || requestUri === undefined) return undefined
  return {
    endpoint,
    number: decoded(number),
    requestUri: decoded(requestUri),
    headers: headersOf(headers ?? ''),
  }
}

/** @param trusted does the endpoint's word about the caller count? */
export function offeredCall(
  call: string,
  { number, requestUri, headers }: Offer,
  { trusted, device, trunk }: { trusted: boolean; device: string | undefined; trunk: string | undefined },
): Extract<CallEvent, { type: 'call.offered' }> {
  const address = parseNameAddr(headers['from']?.[0] ?? '')
  const from: Party = address ? partyOf(address) : { uri: 'sip:anonymous@anonymous.invalid' }
  const identity = identityOf(headers, trusted)
  const first = Object.entries(headers).flatMap(([name, [value]]) =>
    value === undefined ? [] : [[name, value]],
  )
  return {
    type: 'call.offered',
    call,
    from: callerOf(from, identity),
    to: { uri: requestUri, ...(number !== '' && { number }) },
    ...(device !== undefined && { device }),
    ...(trunk !== undefined && { trunk }),
    ...(identity && { identity }),
    headers: Object.fromEntries(first),
  }
}

function headersOf(text: string): RawHeaders {
  const headers: Record<string, string[]> = Object.create(null)
  for (const field of text.split('&')) {
    const equals = field.indexOf('=')
    if (equals <= 0) continue
    ;(headers[field.slice(0, equals).toLowerCase()] ??= []).push(decoded(field.slice(equals + 1)))
  }
  return headers
}

/** As Asterisk's URIENCODE wrote it; what is not valid UTF-8 stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
