import type { EndCause } from '../../call/call.ts'
import { causeOfStatus } from '../status-causes.ts'

/** RTP stopped for `rtp_timeout` seconds: requested channel unavailable (`res_pjsip_sdp_rtp.c`). */
const MEDIA_LOST = 44

/** ISDN causes (ITU-T Q.850) of a call of ours that had no final SIP response, or an Asterisk that tells none. */
const CAUSES: Readonly<Record<number, EndCause>> = {
  1: 'unreachable',
  2: 'unreachable',
  3: 'unreachable',
  16: 'rejected',
  17: 'busy',
  18: 'no-answer',
  19: 'no-answer',
  20: 'unreachable',
  21: 'rejected',
  22: 'unreachable',
  27: 'unreachable',
  34: 'unreachable',
  38: 'unreachable',
  41: 'unreachable',
  42: 'unreachable',
  58: 'unsupported',
  65: 'unsupported',
  88: 'unsupported',
}

/** Why an outbound leg ended that nobody answered. @param status final SIP response, when Asterisk tells it */
export function causeOfRefusal(cause: number, status: number | undefined): EndCause {
  return status !== undefined && status >= 300 ? causeOfStatus(status) : (CAUSES[cause] ?? 'failed')
}

/** Why an answered leg ended that we did not hang up. */
export function causeOfHangup(cause: number): { cause: EndCause; by: 'remote' | 'network' } {
  return cause === MEDIA_LOST ? { cause: 'media-lost', by: 'network' } : { cause: 'normal', by: 'remote' }
}
