import type { CallId } from '../../call/call.ts'
import type { CallTrace, TracedParty, TraceLeg, TraceMessage, TraceNote } from '../call-trace.ts'
import { firstWords } from './first-words.ts'
import type { KeptMessage, TracedDialog } from './traced-dialog.ts'

/** One leg of a call and the Call-IDs that were used for it: several where a phone was rung at several places. */
export interface VisitLeg {
  readonly call: CallId
  readonly dialogs: TracedDialog[]
  party: TracedParty | undefined
  visit: Visit
}

const NOTE_BYTES = 300
const LEG_BYTES = 300
/** More than any conversation has; keeps lost and regained audio from filling the memory. */
const MOST_NOTES = 400

/** Everything that is kept of one contact, or of a leg whose contact is not known: it is forgotten as a whole. */
export class Visit {
  readonly startedAt: number
  readonly legs: VisitLeg[] = []
  readonly notes: TraceNote[] = []
  contact: string | undefined

  constructor(startedAt: number) {
    this.startedAt = startedAt
  }

  /** About what it takes in memory. */
  get bytes(): number {
    let bytes = this.notes.length * NOTE_BYTES + this.legs.length * LEG_BYTES
    for (const leg of this.legs) for (const dialog of leg.dialogs) bytes += dialog.bytes
    return bytes
  }

  note(note: TraceNote): void {
    if (this.notes.length < MOST_NOTES) this.notes.push(note)
  }

  view(): CallTrace {
    return {
      ...(this.contact !== undefined && { contact: this.contact }),
      ...viewOf(
        this.legs.map(({ call, party, dialogs }) => ({ call, party, dialogs })),
        this.notes,
      ),
    }
  }
}

/** What there is of an INVITE that no leg came of. */
export function viewOfDialog(dialog: TracedDialog): CallTrace {
  return viewOf([{ dialogs: [dialog] }], [])
}

interface ViewedLeg {
  readonly call?: CallId
  readonly party?: TracedParty | undefined
  readonly dialogs: readonly TracedDialog[]
}

function viewOf(legs: readonly ViewedLeg[], notes: readonly TraceNote[]): CallTrace {
  return {
    legs: legs.map(({ call, party, dialogs }): TraceLeg => {
      const first = dialogs[0]?.messages[0]
      return {
        ...(call !== undefined && { call }),
        party: party ?? { kind: first?.direction === 'sent' ? 'outside' : 'caller' },
        sipCallIds: dialogs.map(({ sipCallId }) => sipCallId),
        omitted: dialogs.reduce((sum, { omitted }) => sum + omitted, 0),
      }
    }),
    messages: inOrder(legs.flatMap(({ dialogs }) => dialogs.flatMap(messagesOf))),
    notes,
  }
}

/**
 * By time, but a response never before its request: the threads of another server tell each for itself, and the one
 * that has sent something may be the later one to say so.
 */
function inOrder(messages: readonly TraceMessage[]): TraceMessage[] {
  const byTime = messages.toSorted((one, other) => one.at - other.at || one.number - other.number)
  const requests = new Map<string, TraceMessage>()
  for (const message of byTime) {
    const key = transactionOf(message)
    if (isRequest(message) && !requests.has(key)) requests.set(key, message)
  }
  const place = new Map(byTime.map((message, at) => [message, at]))
  return byTime.toSorted((one, other) => placeOf(one) - placeOf(other))

  function placeOf(message: TraceMessage): number {
    const own = place.get(message) ?? 0
    const request = isRequest(message) ? undefined : requests.get(transactionOf(message))
    return request ? Math.max(own, (place.get(request) ?? 0) + 0.5) : own
  }
}

const isRequest = ({ text }: TraceMessage): boolean => !text.startsWith('SIP/2.0 ')

/** Call-ID and CSeq: an ACK has the number of its INVITE, and another method. */
function transactionOf({ sipCallId, text }: TraceMessage): string {
  return `${sipCallId} ${/^cseq[ \t]*:[ \t]*(.*?)\s*$/im.exec(text)?.[1] ?? ''}`
}

function messagesOf({ sipCallId, messages }: TracedDialog): TraceMessage[] {
  const seen = new Set<string>()
  return messages.map((message) => {
    const way = `${message.direction} ${message.text}`
    const repeated = seen.has(way)
    seen.add(way)
    return traceMessage(sipCallId, message, repeated)
  })
}

function traceMessage(sipCallId: string, message: KeptMessage, repeated: boolean): TraceMessage {
  return { ...message, sipCallId, ...firstWords(message.text), repeated }
}
