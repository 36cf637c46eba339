import type { CallId } from '../../call/call.ts'
import type { CallEvent } from '../../call/events.ts'
import { callerOf, IDENTITY_HEADERS, identityOf, numberOf } from '../identity.ts'
import { parseNameAddr } from '../name-addr.ts'
import { parseUri, userOf } from '../sip-uri.ts'
import { numberFromTrunk, type Trunk } from '../trunk.ts'
import { calleeOf, fromOf } from './parties.ts'
import type { SipRequest } from './sip/message.ts'

/** Whose call it is, as admission has found out. */
export interface Admitted {
  /** The device that proved itself. */
  readonly device: string | undefined
  /** The trunk that it came over. */
  readonly trunk: Trunk | undefined
}

/** What an admitted INVITE says. @param isServed is this number in the plan? */
export function offeredEvent(
  request: SipRequest,
  call: CallId,
  { device, trunk }: Admitted,
  isServed: (number: string) => boolean,
): Extract<CallEvent, { type: 'call.offered' }> {
  const fields = IDENTITY_HEADERS.map((name) => [name, request.headers.all(name)] as const)
  const identity = identityOf(Object.fromEntries(fields), trunk?.trusted ?? false)
  const from = callerOf(fromOf(request), identity)
  const isPlain = trunk === undefined || from.number === undefined
  return {
    type: 'call.offered',
    call,
    from: isPlain ? from : { ...from, number: numberFromTrunk(from.number, trunk.numbers) },
    to: trunk ? { uri: request.uri, number: dialledOver(trunk, request, isServed) } : calleeOf(request),
    ...(device !== undefined && { device }),
    ...(trunk && { trunk: trunk.name }),
    ...(identity && { identity }),
    headers: request.headers.firstValues(),
  }
}

/**
 * The number that was dialled, as the plan has it: in E.164, or as it came where that is what the plan knows. A trunk
 * that calls the name under which we registered there has put the number into To.
 */
export function dialledOver(
  trunk: Trunk,
  request: SipRequest,
  isServed: (number: string) => boolean,
): string {
  const target = parseUri(request.uri)
  const user = target && userOf(target)
  const to = parseNameAddr(request.headers.get('to') ?? '')
  const toUri = to && parseUri(to.uri)
  const isOurs = trunk.registration !== undefined && user === trunk.credentials?.username
  const dialled = (isOurs ? toUri : target) ?? target
  const came = (dialled && numberOf(dialled)) ?? ''
  const ours = numberFromTrunk(came, trunk.numbers)
  return isServed(ours) || !isServed(came) ? ours : came
}
