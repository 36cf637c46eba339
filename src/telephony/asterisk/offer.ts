import type { Party } from '../../call/call.ts'
import type { CallEvent } from '../../call/events.ts'
import { callerOf, identityOf, numberOf, partyOf, type RawHeaders } from '../identity.ts'
import { parseNameAddr } from '../name-addr.ts'
import { parseUri } from '../sip-uri.ts'
import { numberFromTrunk, type Trunk } from '../trunk.ts'

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

/** @param isServed is this number in the plan? */
export function offeredCall(
  call: string,
  offer: Offer,
  { device, trunk }: { readonly device: string | undefined; readonly trunk: Trunk | undefined },
  isServed: (number: string) => boolean,
): Extract<CallEvent, { type: 'call.offered' }> {
  const { requestUri, headers } = offer
  const number = dialledNumber(offer, trunk, isServed)
  const address = parseNameAddr(headers['from']?.[0] ?? '')
  const from: Party = address ? partyOf(address) : { uri: 'sip:anonymous@anonymous.invalid' }
  const identity = identityOf(headers, trunk?.trusted ?? false)
  const caller = callerOf(from, identity)
  const isPlain = trunk === undefined || caller.number === undefined
  const first = Object.entries(headers).flatMap(([name, [value]]) =>
    value === undefined ? [] : [[name, value]],
  )
  return {
    type: 'call.offered',
    call,
    from: isPlain ? caller : { ...caller, number: numberFromTrunk(caller.number, trunk.numbers) },
    to: { uri: requestUri, ...(number !== '' && { number }) },
    ...(device !== undefined && { device }),
    ...(trunk && { trunk: trunk.name }),
    ...(identity && { identity }),
    headers: Object.fromEntries(first),
  }
}

/** Whom the plan is asked for. @param isServed is this number in the plan? */
export function dialledNumber(
  offer: Offer,
  trunk: Trunk | undefined,
  isServed: (number: string) => boolean,
): string {
  return trunk ? dialledOver(trunk, offer, isServed) : offer.number
}

/**
 * The number that was dialled, as the plan has it: in E.164, or as it came where that is what the plan knows. A trunk
 * that calls the name under which we registered there has put the number into To.
 */
function dialledOver(trunk: Trunk, offer: Offer, isServed: (number: string) => boolean): string {
  const to = parseNameAddr(offer.headers['to']?.[0] ?? '')
  const toUri = to && parseUri(to.uri)
  const isOurs = trunk.registration !== undefined && offer.number === trunk.credentials?.username
  const came = (isOurs && toUri && numberOf(toUri)) || offer.number
  const ours = numberFromTrunk(came, trunk.numbers)
  return isServed(ours) || !isServed(came) ? ours : came
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
