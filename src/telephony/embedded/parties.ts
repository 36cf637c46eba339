import type { Party } from '../../call/call.ts'
import { partyOf } from '../identity.ts'
import { quote } from '../sip-grammar.ts'
import { escapeUser, parseUri, userOf } from '../sip-uri.ts'
import type { SipRequest } from './sip/message.ts'
import { oneLine } from './sip/write-message.ts'

/** Who calls, from the From header. */
export function fromOf({ from }: SipRequest): Party {
  return partyOf(from)
}

/** Who is called: the Request-URI, not To, which may name what was dialled before a redirection. */
export function calleeOf(request: SipRequest): Party {
  const uri = parseUri(request.uri)
  const number = uri && userOf(uri)
  return { uri: request.uri, ...(number !== undefined && { number }) }
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
