/**
 * Who may call, by the rule of the embedded backend:
 *
 * - An INVITE with credentials for our realm is judged by them alone.
 * - Without credentials, a From that names one of our devices at our domain is asked to prove it, so that nobody can
 *   pass for an agent.
 * - A trunk is known by where it calls from.
 * - Everybody else reaches the numbers in the plan and nothing more.
 */

import type { Authentication } from '../authentication.ts'
import { parseNameAddr } from '../name-addr.ts'
import { parseUri, userOf } from '../sip-uri.ts'
import type { Trunk } from '../trunk.ts'
import type { Admitted } from './events.ts'
import { headersOf, type SipRequest } from './sip-messages.ts'
import { dialledOver } from './trunks.ts'

export type Admission =
  | ({ readonly admitted: true } & Admitted)
  | { readonly admitted: false; readonly status: number; readonly headers: Readonly<Record<string, string>> }

export interface AdmissionOptions {
  readonly authentication: Authentication<SipRequest>
  readonly isServed: (number: string) => boolean
  /** The trunk that calls from there. */
  readonly trunkOf: (source: SipRequest['source']) => Trunk | undefined
  /** Is this host part ours? */
  readonly isOurs: (host: string) => boolean
}

/** Decides at once where it can: most callers are strangers to a served number. */
export function admit(
  request: SipRequest,
  { authentication, isServed, trunkOf, isOurs }: AdmissionOptions,
): Admission | Promise<Admission> {
  const refuse = (status: number, headers: Readonly<Record<string, string>> = {}): Admission => ({
    admitted: false,
    status,
    headers,
  })
  const called = parseUri(request.uri)
  if (!called || called.scheme === 'sips') return refuse(416)
  const stranger = (): Admission =>
    isServed(userOf(called) ?? '') ? { admitted: true, device: undefined, over: undefined } : refuse(404)
  const judgeCredentials = async (): Promise<Admission> => {
    const proof = await authentication.prove(request)
    if (proof.result === 'proved') return { admitted: true, device: proof.device, over: undefined }
    if (proof.result === 'wrong') return refuse(403)
    if (proof.result === 'unavailable') return refuse(503, { 'Retry-After': '10' })
    return refuse(401, headersOf(authentication.challenge(proof.result === 'stale')))
  }
  if (authentication.hasAnswer(request)) return judgeCredentials()
  const trunk = trunkOf(request.source)
  if (trunk) {
    const number = dialledOver(trunk, request, isServed)
    return isServed(number) ? { admitted: true, device: undefined, over: { trunk, number } } : refuse(404)
  }
  const from = parseUri(parseNameAddr(request.fields['from']?.[0] ?? '')?.uri ?? '')
  const claimed = from && isOurs(from.host) ? userOf(from) : undefined
  if (claimed === undefined) return stranger()
  return authentication
    .knows(claimed)
    .then((known) => (known ? refuse(401, headersOf(authentication.challenge(false))) : stranger()))
}
