import type { CallId } from '../call/call.ts'
import type { SipTransport, TracedAddress } from './trace.ts'

/** Who is at the far end of a leg. */
export interface TracedParty {
  /** `agent`: a phone that an offer rang. `outside`: anybody else whom we called. */
  readonly kind: 'caller' | 'agent' | 'outside'
  /** The device, the trunk that the caller came over, or whom we called. */
  readonly name?: string
}

/** Says whose leg this is; told once, by the one who answers or dials it. */
export interface ContactLeg {
  readonly contact: string
  readonly call: CallId
  readonly party: TracedParty
}

/** All signalling of one contact, over all its legs. */
export interface CallTrace {
  /** Absent for a call that was refused before it became a contact. */
  readonly contact?: string
  readonly legs: readonly TraceLeg[]
  /** In the order in which they happened. */
  readonly messages: readonly TraceMessage[]
  readonly notes: readonly TraceNote[]
}

export interface TraceLeg {
  /** Absent where no leg came of the INVITE. */
  readonly call?: CallId
  readonly party: TracedParty
  readonly sipCallIds: readonly string[]
  /** Messages from the middle of a long leg that were not kept. */
  readonly omitted: number
}

/** What happened at the same time as something else, in one count over messages and notes. */
interface Happening {
  readonly number: number
  /** Milliseconds since 1970 UTC. */
  readonly at: number
}

export interface TraceMessage extends Happening {
  readonly sipCallId: string
  readonly direction: 'received' | 'sent'
  readonly transport: SipTransport
  readonly source: TracedAddress
  readonly destination: TracedAddress
  /** `INVITE`, or `180 Ringing`. */
  readonly summary: string
  /** The method of CSeq. */
  readonly method: string
  readonly hasSdp: boolean
  /** The same bytes went the same way before. */
  readonly repeated: boolean
  /** Secrets replaced by asterisks. */
  readonly text: string
}

/** Something that is no SIP message, about one leg or two. */
export interface TraceNote extends Happening {
  readonly calls: readonly CallId[]
  readonly what:
    | 'rtp-started'
    | 'rtp-lost'
    | 'rtp-back'
    | 'rtp-ended'
    | 'held'
    | 'unheld'
    | 'bridged'
    | 'parted'
    | 'ended'
  readonly detail?: string
}

export type TraceFound =
  | { readonly type: 'found'; readonly trace: CallTrace }
  /** A part of an id that fits more than one call; the ids of the latest. */
  | { readonly type: 'several'; readonly ids: readonly string[] }
  | { readonly type: 'none' }

/** Where people look into calls. */
export interface TraceReader {
  /** @param id contact id, call id, Call-ID header, or any part of one that fits a single call */
  find(id: string): TraceFound
  /** A capture file (pcap) that tshark and Wireshark read. */
  capture(trace: CallTrace): Uint8Array
}
