import type { Registering } from '../../registrar.ts'
import { flowOf } from './dialog.ts'
import type { Hop, SipRequest } from './message.ts'

/** How calls get to a phone. */
export interface Way {
  /** Where its REGISTER came from. */
  readonly source: Hop
  /** Where calls go instead of to the address in its Contact; see `flowOf`. */
  readonly flow: Hop | undefined
}

/** What a REGISTER says. */
export function registeringOf(request: SipRequest): Registering<Way> {
  const { headers, callId, cseq, source } = request
  return {
    to: headers.get('to') ?? '',
    contacts: headers.list('contact'),
    expires: headers.get('expires'),
    callId,
    cseq,
    way: { source, flow: flowOf(request) },
  }
}
