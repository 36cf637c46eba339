import type { CallId } from '../call/call.ts'

/**
 * Where a backend tells what it says and hears in SIP, so that people can look into a call. Every adapter takes one
 * as its option `trace`; one that has none tells nothing.
 *
 * Nothing given here is kept as it came: secrets are masked first. Both methods cost little and never throw.
 */
export interface Trace {
  /** Is told every message that has to do with calls, the repeated ones too, in the order of the wire. */
  message(message: TracedMessage): void
  /**
   * Says which leg the messages with this Call-ID belong to: before, between or after them, and as often as it is
   * convenient. Messages that no leg claims (scanners, registrations) are soon forgotten.
   * @param sipCallId value of the Call-ID header
   */
  leg(call: CallId, sipCallId: string): void
}

/** One SIP message as it was on the wire. */
export interface TracedMessage {
  /** Value of the Call-ID header. */
  readonly sipCallId: string
  /** Seen from the SIP server whose message it is: ours, Asterisk's, drachtio's. */
  readonly direction: 'received' | 'sent'
  readonly transport: SipTransport
  readonly source: TracedAddress
  readonly destination: TracedAddress
  /** Milliseconds since 1970 UTC; fractions where the backend knows them. */
  readonly at: number
  /** All of it: first line, headers, body. */
  readonly text: string
}

export type SipTransport = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss'

export interface TracedAddress {
  /** IPv4 or IPv6 address, without brackets. */
  readonly host: string
  readonly port: number
}
