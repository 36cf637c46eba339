/**
 * Who may call. The rule used by careful sites in the field:
 *
 * - An INVITE with credentials for our realm is judged by them alone. Proved: the call is offered, marked with the
 *   device. Not proved: 401 for a nonce that is too old, else 403 and a mark against the source.
 * - Without credentials, a From that names one of our devices at our domain is asked to prove it (401), so that
 *   nobody can pass for an agent.
 * - A call from an address of a trunk is the trunk's: it reaches the numbers in the plan, and a wrong one is no mark.
 * - Everybody else reaches the numbers in the plan and nothing more: 404, and a mark against the source, because
 *   numbers that do not exist are what toll-fraud scanners dial.
 *
 * Nothing but such a call is ever set in motion by a packet without credentials.
 */

import type { Authentication } from '../authentication.ts'
import { parseUri, userOf } from '../sip-uri.ts'
import type { Trunk } from '../trunk.ts'
import { type Admitted, dialledOver } from './offered.ts'
import type { SipRequest } from './sip/message.ts'
import type { HeaderFields } from './sip/write-message.ts'

export type Admission =
  | ({ readonly admitted: true } & Admitted)
  | { readonly admitted: false; readonly status: number; readonly fields?: HeaderFields }

export interface AdmissionOptions {
  readonly authentication: Authentication<SipRequest>
  readonly isServed: (number: string) => boolean
  readonly trunkOf: (request: SipRequest) => Trunk | undefined
  /** Is this host part ours? */
  readonly isOurs: (host: string) => boolean
  readonly failed: (request: SipRequest) => void
  readonly succeeded: (request: SipRequest) => void
}

export class AdmissionPolicy {
  readonly #options: AdmissionOptions

  constructor(options: AdmissionOptions) {
    this.#options = options
  }

  /** Decides at once where it can: most callers are strangers to a served number. */
  judge(request: SipRequest, number: string): Admission | Promise<Admission> {
    if (this.#options.authentication.hasAnswer(request)) return this.#judgeCredentials(request)
    const trunk = this.#options.trunkOf(request)
    if (trunk) return this.#judgeTrunk(request, trunk)
    const claimed = this.#claimedDevice(request)
    if (claimed !== undefined) return this.#judgeClaim(request, number, claimed)
    return this.#judgeStranger(request, number)
  }

  async #judgeCredentials(request: SipRequest): Promise<Admission> {
    const { authentication, failed, succeeded } = this.#options
    const proof = await authentication.prove(request)
    switch (proof.result) {
      case 'proved':
        succeeded(request)
        return { admitted: true, device: proof.device, trunk: undefined }
      case 'wrong':
        failed(request)
        return { admitted: false, status: 403 }
      case 'unavailable':
        return { admitted: false, status: 503, fields: [['Retry-After', '10']] }
      default:
        return this.#challenge(proof.result === 'stale')
    }
  }

  async #judgeClaim(request: SipRequest, number: string, device: string): Promise<Admission> {
    return (await this.#options.authentication.knows(device))
      ? this.#challenge(false)
      : this.#judgeStranger(request, number)
  }

  #judgeTrunk(request: SipRequest, trunk: Trunk): Admission {
    const { isServed } = this.#options
    return isServed(dialledOver(trunk, request, isServed))
      ? { admitted: true, device: undefined, trunk }
      : { admitted: false, status: 404 }
  }

  #judgeStranger(request: SipRequest, number: string): Admission {
    if (this.#options.isServed(number)) return { admitted: true, device: undefined, trunk: undefined }
    this.#options.failed(request)
    return { admitted: false, status: 404 }
  }

  #challenge(stale: boolean): Admission {
    const fields = this.#options.authentication.challenge(stale)
    return { admitted: false, status: 401, fields }
  }

  #claimedDevice(request: SipRequest): string | undefined {
    const from = parseUri(request.from.uri)
    return from && this.#options.isOurs(from.host) ? userOf(from) || undefined : undefined
  }
}
