import { parseChallenge } from '../digest.ts'
import { parseNameAddr } from '../name-addr.ts'
import { param, splitOutside } from '../sip-grammar.ts'
import { parseUri, type SipUri } from '../sip-uri.ts'
import type { Trunk } from '../trunk.ts'
import { readFields, textOf } from './sip-messages.ts'

/** A request of ours, or a response to it, as drachtio-srf has it. */
export interface RawMessage {
  readonly raw: unknown
  readonly uri?: unknown
}

/** Asked by drachtio-srf what a 401 or 407 is to be answered with; an error leaves it unanswered. */
export type Auth = (
  request: RawMessage,
  response: RawMessage,
  answer: (error: Error | null, username?: string, password?: string) => void,
) => void

/**
 * The credentials of a trunk, for nobody but it: one realm, where the request goes to the trunk itself. An answer lets
 * its reader guess at the password, as often as they like and unseen. Undefined where it has none.
 * @param isOwn does this URI lead to the trunk?
 */
export function trunkAuth(trunk: Trunk, isOwn: (uri: SipUri) => boolean): Auth | undefined {
  const { credentials } = trunk
  if (!credentials) return undefined
  let expected = trunk.realm
  return (request, response, answer) => {
    const { route, to } = readFields(request.raw)
    const first = route && (parseNameAddr(splitOutside(route[0] ?? '', ',')[0] ?? '')?.uri ?? '')
    const next = parseUri(first ?? textOf(request.uri))
    const fields = readFields(response.raw)
    const asked = [...(fields['www-authenticate'] ?? []), ...(fields['proxy-authenticate'] ?? [])]
    const realms = new Set(asked.map((value) => parseChallenge(value)?.realm))
    const [realm] = realms
    // drachtio-srf chooses among several challenges by itself.
    if (!next || !isOwn(next) || realm === undefined || realms.size > 1) return answer(UNANSWERED)
    // Within a dialog it is the far end of the call that may ask.
    if (param(parseNameAddr(to?.[0] ?? '')?.params ?? '', 'tag') === undefined) expected ??= realm
    if (realm !== expected) return answer(UNANSWERED)
    answer(null, credentials.username, credentials.password)
  }
}

const UNANSWERED = new Error('the challenge is not one of the trunk')
