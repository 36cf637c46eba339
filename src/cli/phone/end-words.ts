import type { EndCause } from '../../call/call.ts'
import type { PhoneCallEnd } from './phone-call.ts'
import { seconds } from './story.ts'

const CAUSES: Readonly<Record<EndCause, string>> = {
  normal: 'hung up',
  cancelled: 'cancelled before an answer',
  busy: 'busy',
  rejected: 'declined',
  'no-answer': 'no answer',
  unreachable: 'cannot be reached',
  redirected: 'redirected, which is not followed',
  'media-lost': 'no audio any more',
  'not-found': 'no such number',
  'not-allowed': 'not allowed',
  overloaded: 'too many calls at present, try again later',
  unsupported: 'nothing in common: codec or method',
  'backend-lost': 'the machinery in between failed',
  failed: 'failed',
}

const SIDES: Readonly<Record<PhoneCallEnd['by'], string>> = {
  local: 'by us',
  remote: 'by the far end',
  network: 'nobody answered at all',
}

/** How a call ended, for people. */
export function endWords({ cause, by, status }: PhoneCallEnd): string {
  return `ended: ${CAUSES[cause]} (${SIDES[by]}${status === undefined ? '' : `, SIP ${status}`})`
}

/** What was measured of the audio, for people. */
export function mediaWords(end: PhoneCallEnd): string {
  const { media } = end
  if (!media) return 'no audio was heard'
  const { packetsReceived, packetsLost, jitterMs, codec } = media
  return `heard ${seconds(packetsReceived * 20)} of ${codec}, ${packetsLost} packets lost, jitter ${jitterMs} ms`
}
