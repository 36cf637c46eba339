import { SAMPLES_PER_MS } from '../../../audio/sound.ts'
import type { RtpHeader } from './rtp.ts'

/** The keys by event number, RFC 4733 3.2; higher numbers (flash, tones) are no keys. */
export const EVENT_DIGITS = '0123456789*#ABCD'

/** Without packets for this long an event is over, though its end was lost. */
const GIVEN_UP_AFTER_MS = 200

export interface DigitListener {
  /** A key went down: said once per press, by the first packet of it that arrives. */
  digitBegun(digit: string): void
  /** It came up again. */
  digitEnded(digit: string, durationMs: number): void
}

/**
 * Turns telephone-event packets (RFC 4733 2.5.2) into key presses. All packets of a press carry the timestamp of
 * its beginning, so retransmitted ends and repeats are known by it, and an end that was lost is made up for by
 * the next press or by time. A press beyond 8 s arrives in segments (2.5.1.3), each beginning where the last
 * one ended; some senders wrongly count the timestamp on with every packet, which looks the same and is taken
 * the same way.
 */
export class TelephoneEventReceiver {
  readonly #listener: DigitListener
  #known = false
  #down = false
  #digit = ''
  #timestamp = 0
  #duration = 0
  /** Length of the segments before this one. */
  #before = 0
  #heardAt = 0

  constructor(listener: DigitListener) {
    this.#listener = listener
  }

  receive(packet: Buffer, header: RtpHeader, now: number): void {
    if (header.end - header.start < 4) return
    const digit = EVENT_DIGITS[packet.readUInt8(header.start)]
    if (digit === undefined) return
    const end = (packet.readUInt8(header.start + 1) & 0x80) !== 0
    const duration = packet.readUInt16BE(header.start + 2)
    if (!this.#isSame(header.timestamp)) {
      if (this.#isOlder(header.timestamp)) return
      if (this.#continues(digit, header)) this.#before += this.#duration
      else this.#begin(digit)
      this.#timestamp = header.timestamp
      this.#duration = 0
    }
    this.#heardAt = now
    this.#duration = Math.max(this.#duration, duration)
    if (end) this.finish()
  }

  /** Ends a press whose packets have ceased; to be called now and then. */
  expire(now: number): void {
    if (now - this.#heardAt > GIVEN_UP_AFTER_MS) this.finish()
  }

  /** Ends the press that is under way, if any: its source is over. */
  finish(): void {
    if (!this.#down) return
    this.#down = false
    this.#listener.digitEnded(this.#digit, Math.round((this.#before + this.#duration) / SAMPLES_PER_MS))
  }

  /** Another source follows: its timestamps have nothing to do with those before. */
  startSource(): void {
    this.finish()
    this.#known = false
  }

  #begin(digit: string): void {
    this.finish()
    this.#known = true
    this.#down = true
    this.#digit = digit
    this.#before = 0
    this.#listener.digitBegun(digit)
  }

  #isSame(timestamp: number): boolean {
    return this.#known && timestamp === this.#timestamp
  }

  #isOlder(timestamp: number): boolean {
    const age = (this.#timestamp - timestamp) | 0
    return this.#known && age > 0 && age < SAMPLES_PER_MS * 10_000
  }

  #continues(digit: string, header: RtpHeader): boolean {
    const gap = (header.timestamp - this.#timestamp - this.#duration) | 0
    return this.#down && digit === this.#digit && !header.marker && Math.abs(gap) < SAMPLES_PER_MS * 20
  }
}
