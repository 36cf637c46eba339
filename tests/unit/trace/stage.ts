/** Calls as a backend would tell them, on a clock that stands still until it is moved. */
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import type { CallTrace } from '../../../src/telephony/call-trace.ts'
import { CallTraces, type CallTracesOptions } from '../../../src/telephony/trace/call-traces.ts'
import type { TracedAddress, TracedMessage } from '../../../src/telephony/trace.ts'

export const US: TracedAddress = { host: '192.0.2.1', port: 5060 }
export const CALLER: TracedAddress = { host: '198.51.100.7', port: 5070 }
export const ALICE: TracedAddress = { host: '192.0.2.21', port: 5060 }
export const BOB: TracedAddress = { host: '192.0.2.22', port: 40_000 }

/** Line, number and method of CSeq, and a body where there is SDP. */
export type Words = readonly [line: string, cseq: string, body?: string]

export class Stage {
  readonly clock = new SimulatedClock()
  readonly traces: CallTraces

  constructor(options: Partial<CallTracesOptions> = {}) {
    this.traces = new CallTraces({ clock: this.clock, bytes: 1024 * 1024, keepMs: 3_600_000, ...options })
  }

  received(sipCallId: string, source: TracedAddress, ...words: Words): void {
    this.#tell(sipCallId, words, { direction: 'received', source, destination: US })
  }

  sent(sipCallId: string, destination: TracedAddress, ...words: Words): void {
    this.#tell(sipCallId, words, { direction: 'sent', source: US, destination })
  }

  /** The trace of a call that must be there. */
  trace(id: string): CallTrace {
    const found = this.traces.find(id)
    if (found.type !== 'found') throw new Error(`${id}: ${JSON.stringify(found)}`)
    return found.trace
  }

  /** A caller who is answered; the contact is `contact-<name>`, the leg `call-<name>`, the Call-ID `<name>@far`. */
  caller(name: string): void {
    const id = `${name}@far`
    this.received(id, CALLER, 'INVITE sip:100@192.0.2.1 SIP/2.0', '1 INVITE', 'v=0')
    this.traces.leg(`call-${name}`, id)
    this.traces.contactLeg({ contact: `contact-${name}`, call: `call-${name}`, party: { kind: 'caller' } })
    this.clock.advance(3)
    this.sent(id, CALLER, 'SIP/2.0 200 OK', '1 INVITE', 'v=0')
    this.traces.happened({ type: 'call.answered', call: `call-${name}`, command: 'c' })
  }

  #tell(
    sipCallId: string,
    [line, cseq, body = '']: Words,
    way: Pick<TracedMessage, 'direction' | 'source' | 'destination'>,
  ): void {
    const type = body === '' ? '' : 'Content-Type: application/sdp\r\n'
    const text = `${line}\r\nCall-ID: ${sipCallId}\r\nCSeq: ${cseq}\r\n${type}\r\n${body}`
    this.traces.message({ sipCallId, transport: 'udp', at: this.clock.now(), text, ...way })
  }
}
