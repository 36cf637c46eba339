import type Srf from 'drachtio-srf'
import type { Clock } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import type { RawHeaders } from '../identity.ts'
import { within } from './deadline.ts'
import { readFields, statusOf } from './sip-messages.ts'
import type { Auth } from './trunk-auth.ts'

/** A request outside of any dialog. */
export interface OutsideRequest {
  readonly method: 'OPTIONS' | 'REGISTER'
  readonly headers: Readonly<Record<string, string>>
  readonly auth?: Auth
}

export interface SipAnswer {
  readonly status: number
  readonly fields: RawHeaders
}

/**
 * As drachtio-srf is called. Its types ask for four arguments, with which it would never settle; and the answer of a
 * near peer may come before the promise that it offers has settled.
 */
interface Requests {
  request(
    uri: string,
    options: OutsideRequest,
    callback: (error: unknown, sent?: Srf.SrfRequest) => void,
  ): void
}

/** Sends it, and waits for its final answer. @throws when it cannot be sent, or nobody answers within `ms` */
export function ask(
  { srf }: { readonly srf: Srf },
  clock: Clock,
  ms: number,
  uri: string,
  request: OutsideRequest,
): Promise<SipAnswer> {
  const requests: Requests = srf as unknown as Requests
  const { promise, resolve, reject } = Promise.withResolvers<SipAnswer>()
  try {
    requests.request(uri, request, (error, sent) => {
      if (error || !sent) return reject(new Error(`${request.method} was not sent: ${messageOf(error)}`))
      sent.on('response', (response) => {
        const status = statusOf(response)
        if (status !== undefined && status >= 200) resolve({ status, fields: readFields(response?.raw) })
      })
    })
  } catch (error) {
    // Without a connection it throws.
    reject(new Error(`${request.method} was not sent: ${messageOf(error)}`))
  }
  return within(clock, ms, request.method, promise)
}
