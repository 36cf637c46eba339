import type { Party } from '../call/call.ts'
import type { CallIdentity, Diversion, HistoryEntry, UserToUser, Verification } from '../call/identity.ts'
import { type NameAddr, parseNameAddr } from './name-addr.ts'
import { param, splitOutside, unquote } from './sip-grammar.ts'
import { parseUri, type SipUri, userOf } from './sip-uri.ts'

/** Header fields of a request by lower-case long name, each field whole, in their order. */
export type RawHeaders = Readonly<Record<string, readonly string[]>>

/** What `identityOf` reads; a backend that must ask for each header asks for these. */
export const IDENTITY_HEADERS = [
  'from',
  'p-asserted-identity',
  'remote-party-id',
  'privacy',
  'diversion',
  'history-info',
  'user-to-user',
  'attestation-info',
  'p-attestation-indicator',
] as const

/** A call that was forwarded more often than this was forwarded in a circle. */
const MAX_ENTRIES = 20
/** RFC 3323 4.1.1.3 and what gateways put there instead. */
const ANONYMOUS = new Set(['anonymous', 'unknown', 'unavailable', 'restricted', 'withheld'])

/**
 * What the headers of an INVITE say of its caller beyond From. Malformed values are left out; nothing here throws.
 * @param trusted is the sender one whose assertions count (RFC 3325 4: the Spec(T) of a trust domain)? From any
 *   other one P-Asserted-Identity, Remote-Party-ID and `verstat` are what a caller says of itself, and are left out;
 *   to be shown to nobody, anybody may ask.
 * @returns undefined where they say nothing
 */
export function identityOf(headers: RawHeaders, trusted: boolean): CallIdentity | undefined {
  const remote = remotePartyOf(headers)
  const identity: CallIdentity = {
    ...(trusted && some('asserted', addresses(headers, 'p-asserted-identity').slice(0, 2).map(partyOf))),
    ...(trusted && remote && { remoteParty: partyOf(remote), ...screeningOf(remote) }),
    ...((asksForPrivacy(headers) || isPrivate(remote)) && { withheld: true as const }),
    ...(trusted && verificationOf(headers)),
    ...some('diversions', addresses(headers, 'diversion').map(diversionOf)),
    ...some('history', addresses(headers, 'history-info').flatMap(historyOf)),
    ...some('userToUser', list(headers, 'user-to-user').flatMap(userToUserOf)),
  }
  return Object.keys(identity).length === 0 ? undefined : identity
}

/** Nobody (RFC 3323 4.1.1.3). */
const NOBODY: Party = { uri: 'sip:anonymous@anonymous.invalid' }

/**
 * Whom to name as the caller: the asserted identity, then Remote-Party-ID, then From. Nobody where the caller is
 * withheld: peers put the number into From all the same, as `Privacy: id` is about the asserted one (RFC 3325 9.3).
 */
export function callerOf(from: Party, identity: CallIdentity | undefined): Party {
  if (!identity) return from
  if (identity.withheld) return NOBODY
  const asserted = identity.asserted ?? []
  return asserted.find(({ number }) => number !== undefined) ?? asserted[0] ?? identity.remoteParty ?? from
}

/** A party by its address: with its number, unless it is anonymous. */
export function partyOf({ name, uri: text }: Pick<NameAddr, 'name' | 'uri'>): Party {
  const uri = parseUri(text)
  const number = uri && numberOf(uri)
  if (!uri || !number || uri.host === 'anonymous.invalid' || ANONYMOUS.has(number.toLowerCase())) {
    return { uri: text }
  }
  return { uri: text, number, ...(name !== undefined && { name }) }
}

/** The user part as it was written, without parameters (RFC 3261 19.1.6: `+12155550113;verstat=...@host`). */
export function numberOf(uri: SipUri): string | undefined {
  return userOf(uri)?.split(';', 1)[0]
}

function some<Key extends string, Value>(
  key: Key,
  values: readonly Value[],
): { [K in Key]?: readonly Value[] } {
  return values.length === 0 ? {} : ({ [key]: values } as { [K in Key]: readonly Value[] })
}

function list(headers: RawHeaders, name: string): readonly string[] {
  return (headers[name] ?? []).flatMap((field) => splitOutside(field, ',')).slice(0, MAX_ENTRIES)
}

function addresses(headers: RawHeaders, name: string): readonly NameAddr[] {
  return list(headers, name).flatMap((value) => parseNameAddr(value) ?? [])
}

function remotePartyOf(headers: RawHeaders): NameAddr | undefined {
  return addresses(headers, 'remote-party-id').find(
    ({ params }) => (param(params, 'party') ?? 'calling').toLowerCase() === 'calling',
  )
}

function screeningOf({ params }: NameAddr): { screened?: true } {
  return param(params, 'screen')?.toLowerCase() === 'yes' ? { screened: true } : {}
}

function isPrivate(remote: NameAddr | undefined): boolean {
  const privacy = remote && param(remote.params, 'privacy')?.toLowerCase()
  return privacy === 'full' || privacy === 'uri'
}

/** RFC 3323 4.2: `id`, `user`, ... one after the other with `;`. */
function asksForPrivacy(headers: RawHeaders): boolean {
  const values = (headers['privacy'] ?? []).flatMap((field) => splitOutside(field, ';'))
  return values.some((value) => /^(id|user)$/i.test(value))
}

function verificationOf(headers: RawHeaders): { verification?: Verification } {
  const callers = [...addresses(headers, 'p-asserted-identity'), ...addresses(headers, 'from')]
  const [verstat] = callers.flatMap(({ uri }) => verstatOf(uri) ?? [])
  const match = /^(?:TN-Validation-(Passed|Failed)(?:-([A-C]))?|No-TN-Validation)$/i.exec(verstat ?? '')
  if (!match) return {}
  const passed = match[1]?.toLowerCase()
  const indicated = headers['attestation-info']?.[0] ?? headers['p-attestation-indicator']?.[0] ?? match[2]
  const attestation = attestationOf(indicated)
  return {
    verification: {
      status: passed === 'passed' || passed === 'failed' ? passed : 'none',
      ...(attestation && { attestation }),
    },
  }
}

function attestationOf(text: string | undefined): 'A' | 'B' | 'C' | undefined {
  const level = text?.split(';', 1)[0]?.trim().toUpperCase()
  return level === 'A' || level === 'B' || level === 'C' ? level : undefined
}

/** A parameter of the number, which in a SIP URI stands in the user part; some put it after the host. */
function verstatOf(text: string): string | undefined {
  const uri = parseUri(text)
  const ofNumber = uri?.user?.split(';').slice(1).join(';') ?? ''
  return param(ofNumber, 'verstat') ?? (uri && param(uri.params, 'verstat'))
}

function diversionOf(address: NameAddr): Diversion {
  const reason = param(address.params, 'reason')?.toLowerCase()
  return { party: partyOf(address), ...(reason && { reason }) }
}

/** Without an index an entry has no place (RFC 7044 5). */
function historyOf({ name, uri, params }: NameAddr): readonly HistoryEntry[] {
  const index = param(params, 'index')
  if (index === undefined || !/^\d+(\.\d+)*$/.test(index)) return []
  const cause = causeOf(parseUri(uri)?.headers ?? '')
  return [
    {
      party: partyOf({ name, uri: uri.split('?', 1)[0] ?? uri }),
      index,
      ...(cause !== undefined && { cause }),
    },
  ]
}

/** `Reason=SIP%3Bcause%3D302`: the Reason header of RFC 3326, escaped into the URI. */
function causeOf(headers: string): number | undefined {
  const reason = headers.split('&').find((header) => /^reason=/i.test(header))
  const cause = /^reason=sip(?:%3b|;).*?cause(?:%3d|=)(\d{3})/i.exec(reason ?? '')?.[1]
  return cause === undefined ? undefined : Number(cause)
}

function userToUserOf(value: string): readonly UserToUser[] {
  const [data, ...rest] = splitOutside(value, ';')
  if (data === undefined) return []
  return [{ data: unquote(data), encoding: (param(rest.join(';'), 'encoding') || 'hex').toLowerCase() }]
}
