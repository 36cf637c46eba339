/**
 * Who may call, by the rule of the embedded backend:
 *
 * - An INVITE with credentials for our realm is judged by them alone.
 * - Without credentials, a From that names one of our devices at our domain is asked to prove it, so that nobody can
 *   pass for an agent.
 * - Everybody else reaches the numbers in the plan and nothing more.
 */
import { parseNameAddr } from '../name-addr.ts'
import { parseUri, userOf } from '../sip-uri.ts'
import type { Authentication } from './authentication.ts'
import type { SipRequest } from './sip-messages.ts'

export type Admission =
  | { readonly admitted: true; readonly device: string | undefined }
  | { readonly admitted: false; readonly status: number; readonly headers: Readonly<Record<string, string>> }

export interface AdmissionOptions {
  readonly authentication: Authentication
  readonly isServed: (number: string) => boolean
  /** Is this host part ours? */
  readonly isOurs: (host: string) => boolean
}

/** Decides at once where it can: most callers are strangers to a served number. */
export function admit(
  request: SipRequest,
  { authentication, isServed, isOurs }: AdmissionOptions,
): Admission | Promise<Admission> {
  const refuse = (status: number, headers: Readonly<Record<string, string>> = {}): Admission => ({
    admitted: false,
    status,
    headers,
  })
  const called = parseUri(request.uri)
  if (!called || called.scheme === 'sips') return refuse(416)
  const stranger = (): Admission =>
    isServed(userOf(called) ?? '') ? { admitted: true, device: undefined } : refuse(404)
  const judgeCredentials = async (): Promise<Admission> => {
    const proof = await authentication.prove(request)
    if (proof.result === 'proved') return { admitted: true, device: proof.device }
    if (proof.result === 'wrong') return refuse(403)
    if (proof.result === 'unavailable') return refuse(503, { 'Retry-After': '10' })
    return refuse(401, authentication.challenge(proof.result === 'stale'))
  }
  if (authentication.hasAnswer(request)) return judgeCredentials()
  const from = parseUri(parseNameAddr(request.fields['from']?.[0] ?? '')?.uri ?? '')
  const claimed = from && isOurs(from.host) ? userOf(from) : undefined
  if (claimed === undefined) return stranger()
  return authentication
    .knows(claimed)
    .then((known) => (known ? refuse(401, authentication.challenge(false)) : stranger()))
}
