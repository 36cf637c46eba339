import type { Clock } from '../../../clock/clock.ts'
import type { Trace, TracedAddress } from '../../trace.ts'
import type { Hop } from './message.ts'

/** As our own writer spells it; what we repeat or answer has passed through that. */
const CALL_ID = '\r\nCall-ID: '

/** Tells the trace what passes one endpoint. */
export class WireTrace {
  readonly #trace: Trace
  readonly #clock: Clock
  /** One object for all messages. */
  #here: TracedAddress = { host: '0.0.0.0', port: 0 }

  constructor(trace: Trace, clock: Clock) {
    this.#trace = trace
    this.#clock = clock
  }

  /** Our own address, before the first message. */
  listensAt(here: TracedAddress): void {
    this.#here = here
  }

  received(sipCallId: string, data: Buffer, { transport, host, port }: Hop): void {
    this.#trace.message({
      sipCallId,
      direction: 'received',
      transport,
      source: { host, port },
      destination: this.#here,
      at: this.#clock.now(),
      text: data.toString(),
    })
  }

  sent(text: string, { transport, host, port }: Hop): void {
    const start = text.indexOf(CALL_ID) + CALL_ID.length
    this.#trace.message({
      sipCallId: text.slice(start, text.indexOf('\r', start)),
      direction: 'sent',
      transport,
      source: this.#here,
      destination: { host, port },
      at: this.#clock.now(),
      text,
    })
  }
}
