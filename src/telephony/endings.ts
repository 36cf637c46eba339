import type { EndCause } from '../call/call.ts'
import type { RejectCause } from '../call/commands.ts'

/** How a call ended, in the words of `call.ended`. */
export interface Ending {
  readonly cause: EndCause
  readonly by: 'remote' | 'local' | 'network'
  readonly status?: number
}

/** The status by which we refuse, and the cause that our own `call.ended` names then. */
export const REFUSALS: Readonly<Record<RejectCause, { readonly status: number; readonly cause: EndCause }>> =
  {
    'not-found': { status: 404, cause: 'not-found' },
    'not-allowed': { status: 403, cause: 'not-allowed' },
    overloaded: { status: 503, cause: 'overloaded' },
    busy: { status: 486, cause: 'busy' },
    rejected: { status: 603, cause: 'rejected' },
    unavailable: { status: 480, cause: 'no-answer' },
  }

/** How `hangup` ends a call: before an answer our own is withdrawn and somebody else's is declined. */
export function hangUpEnding(call: {
  readonly state: string
  readonly direction: 'inbound' | 'outbound'
}): Ending {
  if (call.state === 'answered') return { cause: 'normal', by: 'local' }
  if (call.direction === 'outbound') return { cause: 'cancelled', by: 'local' }
  return { ...REFUSALS.rejected, by: 'local' }
}
