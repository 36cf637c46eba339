/**
 * Who is on the line now (RFC 4916): a caller that has been waiting is told when somebody answers, by an UPDATE
 * whose From is another one than before. Only a caller that asks for it (`Supported: from-change`, `Allow: UPDATE`)
 * is told, and never a name: the names of devices are what people sign in with.
 */
import type { Party } from '../../call/call.ts'
import { fromValue } from './parties.ts'
import type { Dialog } from './sip/dialog.ts'
import type { SipRequest } from './sip/message.ts'
import type { OutgoingRequest } from './sip/outgoing.ts'
import type { HeaderFields } from './sip/write-message.ts'

/** Says that we want to be told. */
export const FROM_CHANGE: readonly [string, string] = ['Supported', 'from-change']

/** What a caller may know of the device that has answered. */
export function agentIdentity(domain: string): Party {
  return { uri: `sip:agent@${domain}`, name: 'Agent' }
}

/** Does the sender of this INVITE want to be told? */
export function wantsIdentity({ headers }: SipRequest): boolean {
  return (
    headers.list('supported').some((each) => each.toLowerCase() === 'from-change') &&
    headers.list('allow').includes('UPDATE')
  )
}

/** The request that tells it. */
export function identityUpdate(dialog: Dialog, party: Party, fields: HeaderFields): OutgoingRequest {
  return { ...dialog.request('UPDATE', fields), from: `${fromValue(party)};tag=${dialog.localTag}` }
}
