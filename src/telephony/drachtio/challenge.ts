import type { Authentication } from '../authentication.ts'
import type { SipRequest } from './sip-messages.ts'

/**
 * The header of a 401. drachtio-srf writes several values of one header with commas, which RFC 3261 7.3.1 rules out
 * for this one, so only the first challenge is made.
 */
export function challengeOf(
  authentication: Authentication<SipRequest>,
  stale: boolean,
): Readonly<Record<string, string>> {
  const [first] = authentication.challenges(stale)
  return first === undefined ? {} : { 'WWW-Authenticate': first }
}
