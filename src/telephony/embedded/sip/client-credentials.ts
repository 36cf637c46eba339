import { answerChallenge, type Challenge, parseChallenge } from '../../digest.ts'
import type { Hop, SipResponse } from './message.ts'
import type { OutgoingRequest } from './outgoing.ts'
import { randomHex } from './random.ts'

/** Who we are to those who ask. */
export interface ClientCredentials {
  readonly username: string
  readonly password: string
  /**
   * May `request`, sent to `hop`, be answered for with them where `realm` is asked for? Absent: whoever asks. An
   * answer lets its reader guess at the password, as often as they like and unseen.
   */
  readonly isFor?: (realm: string, request: OutgoingRequest, hop: Hop) => boolean
}

/**
 * The request again, with the answer to the challenge of a 401 or 407 (RFC 3261 22.2, 22.3); undefined when it
 * asks for something that we do not understand, is not the one whom the credentials are for, or has refused our
 * answer already (unless its nonce was stale).
 * @param hop where the request went, and the answer is to go
 */
export function authorize(
  request: OutgoingRequest,
  response: SipResponse,
  hop: Hop,
  credentials: ClientCredentials,
  cseq: number,
): OutgoingRequest | undefined {
  const answered = response.status === 407 ? 'Proxy-Authorization' : 'Authorization'
  const challenge = challengesOf(response)
    .toSorted((one, other) => Number(other.algorithm === 'SHA-256') - Number(one.algorithm === 'SHA-256'))
    .find(({ realm }) => credentials.isFor?.(realm, request, hop) ?? true)
  if (!challenge) return undefined
  const others = request.fields.filter(([name]) => name !== answered)
  if (others.length < request.fields.length && !challenge.stale) return undefined
  const answer = answerChallenge(challenge, credentials, request.method, request.uri, randomHex(8))
  return { ...request, cseq, fields: [[answered, answer], ...others] }
}

/** What a 401 or 407 asks for, as far as we understand it; nothing in any other response. */
export function challengesOf(response: SipResponse): readonly Challenge[] {
  if (!isChallenge(response)) return []
  const asked = response.status === 407 ? 'proxy-authenticate' : 'www-authenticate'
  return response.headers.all(asked).flatMap((value) => parseChallenge(value) ?? [])
}

/** Is this a challenge? */
export function isChallenge({ status }: SipResponse): boolean {
  return status === 401 || status === 407
}
