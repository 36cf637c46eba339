import { answerChallenge, parseChallenge } from '../../digest.ts'
import type { SipResponse } from './message.ts'
import type { OutgoingRequest } from './outgoing.ts'
import { randomHex } from './random.ts'

/** Who we are to those who ask. */
export interface ClientCredentials {
  readonly username: string
  readonly password: string
}

/**
 * The request again, with the answer to the challenge of a 401 or 407 (RFC 3261 22.2, 22.3); undefined when it
 * asks for something that we do not understand, or has refused our answer already (unless its nonce was stale).
 */
export function authorize(
  request: OutgoingRequest,
  response: SipResponse,
  credentials: ClientCredentials,
  cseq = request.cseq + 1,
): OutgoingRequest | undefined {
  const [asked, answered] =
    response.status === 407
      ? (['proxy-authenticate', 'Proxy-Authorization'] as const)
      : (['www-authenticate', 'Authorization'] as const)
  const challenges = response.headers.all(asked).map(parseChallenge)
  const challenge = challenges.find((each) => each?.algorithm === 'SHA-256') ?? challenges.find(Boolean)
  if (!challenge) return undefined
  const others = request.fields.filter(([name]) => name !== answered)
  if (others.length < request.fields.length && !challenge.stale) return undefined
  const answer = answerChallenge(challenge, credentials, request.method, request.uri, randomHex(8))
  return { ...request, cseq, fields: [[answered, answer], ...others] }
}

/** Is this a challenge? */
export function isChallenge({ status }: SipResponse): boolean {
  return status === 401 || status === 407
}
