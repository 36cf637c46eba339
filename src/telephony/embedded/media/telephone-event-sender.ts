import { FRAME_SAMPLES } from './rtp.ts'
import { EVENT_DIGITS } from './telephone-event-receiver.ts'

/** 100 ms on. */
const FRAMES_ON = 5
/** The end is sent three times (RFC 4733 2.5.1.4). */
const END_PACKETS = 3
/** 70 ms off, rounded up to whole packets; the ends that are sent again lie in it. */
const FRAMES_OFF = 4
const FRAMES_PER_DIGIT = FRAMES_ON + FRAMES_OFF

/** Power of the tone that a gateway is to make of it: -10 dBm0, as telephones have it. */
const VOLUME = 10

/** What to send in one turn. */
export interface EventPacket {
  /** The four bytes of the payload. */
  readonly payload: Buffer
  /** The first packet of a press: its timestamp is that of all the others (RFC 4733 2.5.1.2). */
  marker: boolean
}

/** Makes the packets of one string of keys, a turn (20 ms) at a time. Nothing is allocated per packet. */
export class TelephoneEventSender {
  readonly #events: readonly number[]
  readonly #packet: EventPacket = { payload: Buffer.alloc(4), marker: false }
  #frame = 0

  /** @throws RangeError when a character is no key; ask `isDialable` before */
  constructor(digits: string) {
    if (!isDialable(digits)) throw new RangeError('expected keys 0-9, *, #, A-D')
    this.#events = Array.from(digits.toUpperCase(), (digit) => EVENT_DIGITS.indexOf(digit))
  }

  /** True when every key and the pause after it have been sent. */
  get done(): boolean {
    return this.#frame >= this.#events.length * FRAMES_PER_DIGIT
  }

  /** The packet of this turn; undefined in the pause between two keys. */
  next(): EventPacket | undefined {
    const event = this.#events[Math.floor(this.#frame / FRAMES_PER_DIGIT)] ?? 0
    const at = this.#frame % FRAMES_PER_DIGIT
    this.#frame += 1
    if (at >= FRAMES_ON - 1 + END_PACKETS) return undefined
    const ending = at >= FRAMES_ON - 1
    this.#packet.payload[0] = event
    this.#packet.payload[1] = ending ? VOLUME | 0x80 : VOLUME
    this.#packet.payload.writeUInt16BE(Math.min(at + 1, FRAMES_ON) * FRAME_SAMPLES, 2)
    this.#packet.marker = at === 0
    return this.#packet
  }
}

/** True when every character is a key: 0-9, *, #, A-D. */
export function isDialable(digits: string): boolean {
  return /^[0-9*#A-Da-d]+$/.test(digits)
}
