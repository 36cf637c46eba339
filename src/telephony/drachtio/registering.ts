import type { Registering } from '../registrar.ts'
import { splitOutside } from '../sip-grammar.ts'
import type { SipRequest, SipSource } from './sip-messages.ts'

/** What a REGISTER says. Calls go to where it came from. */
export function registeringOf({ fields, callId, cseq, source }: SipRequest): Registering<SipSource> {
  return {
    to: fields['to']?.[0] ?? '',
    contacts: (fields['contact'] ?? []).flatMap((field) => splitOutside(field, ',')),
    expires: fields['expires']?.[0],
    callId,
    cseq,
    way: source,
  }
}
