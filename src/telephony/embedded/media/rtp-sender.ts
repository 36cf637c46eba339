import { randomInt } from 'node:crypto'
import { silenceCode, transcodeTable } from '../../../audio/g711.ts'
import { SAMPLES_PER_MS } from '../../../audio/sound.ts'
import type { Playable } from './playback.ts'
import type { Codec, RemoteMedia } from './protocol.ts'
import {
  FRAME_SAMPLES,
  PAYLOAD_PCMA,
  PAYLOAD_PCMU,
  RTP_HEADER_BYTES,
  type RtpHeader,
  writeRtpHeader,
} from './rtp.ts'
import type { EventPacket } from './telephone-event-sender.ts'

/** The longest payload that is relayed: 120 ms. */
const LONGEST_PAYLOAD = 6 * FRAME_SAMPLES
/** A relayed timestamp this far from our own has jumped or drifted away. */
const ADRIFT_SAMPLES = 1000 * SAMPLES_PER_MS
/** Audio after a pause this long begins a talkspurt (RFC 3551 4.1). */
const TALKSPURT_AFTER_MS = 100

/** What a sender needs of its surroundings. */
export interface SenderOutlet {
  /** Puts a packet on the wire; the packet is used again afterwards. */
  send(packet: Buffer): void
  /** Milliseconds, the same scale as frame numbers: frame n begins at n * 20 ms. */
  now(): number
}

/**
 * Everything that we send to one peer: one SSRC, one sequence, one timestamp line, whether it is played, relayed
 * or a key. Timestamps follow the clock (frame number times 160), so a pause is a gap in them as it should be.
 */
export class RtpSender {
  readonly ssrc = randomInt(2 ** 32)
  readonly #outlet: SenderOutlet
  readonly #timestampBase = randomInt(2 ** 32)
  #pressedAt = 0
  readonly #frame = Buffer.alloc(RTP_HEADER_BYTES + FRAME_SAMPLES)
  readonly #event = Buffer.alloc(RTP_HEADER_BYTES + 4)
  /** For relayed packets of another length than ours. */
  #odd: Buffer | undefined
  #sequence = randomInt(2 ** 16)
  #codec: Codec = 'PCMU'
  #telephoneEvent: number | undefined
  #active = false
  #sentAt = Number.NEGATIVE_INFINITY
  #relayedSsrc: number | undefined
  #relayShift = 0
  packetsSent = 0
  payloadBytesSent = 0

  constructor(outlet: SenderOutlet) {
    this.#outlet = outlet
  }

  setRemote(remote: RemoteMedia): void {
    this.#codec = remote.codec
    this.#telephoneEvent = remote.telephoneEvent
    this.#active = remote.send
  }

  get codec(): Codec {
    return this.#codec
  }

  get sentAt(): number {
    return this.#sentAt
  }

  /** The timestamp of this moment. */
  get timestampNow(): number {
    return (this.#timestampBase + Math.floor(this.#outlet.now() * SAMPLES_PER_MS)) >>> 0
  }

  /** Sends the next packet of `playback`; false when it has come to its end. */
  play(playback: Playable, frame: number): boolean {
    if (!playback.next(this.#frame, RTP_HEADER_BYTES)) return false
    if (playback.codec !== this.#codec)
      transcode(this.#frame, RTP_HEADER_BYTES, transcodeTable[playback.codec])
    this.#sendFrame(this.#timestampOf(frame))
    return true
  }

  /** Sends one packet of silence. @param frame number of the turn, or undefined outside of the pacing loop */
  silence(frame?: number): void {
    this.#frame.fill(silenceCode[this.#codec], RTP_HEADER_BYTES)
    this.#sendFrame(frame === undefined ? this.timestampNow : this.#timestampOf(frame))
  }

  event(event: EventPacket, frame: number): void {
    if (this.#telephoneEvent === undefined) return
    event.payload.copy(this.#event, RTP_HEADER_BYTES)
    // Kept for the whole press: turns may be skipped after a stall, and another timestamp is another press.
    if (event.marker) this.#pressedAt = this.#timestampOf(frame)
    this.#send(this.#event, this.#telephoneEvent, event.marker, this.#pressedAt)
  }

  /** Passes on audio of the other side of a bridge, in its rhythm, in our law. */
  relayAudio(packet: Buffer, header: RtpHeader, law: Codec): void {
    const length = header.end - header.start
    if (length > LONGEST_PAYLOAD) return
    const copy = length === FRAME_SAMPLES ? this.#frame : this.#oddFrame(length)
    packet.copy(copy, RTP_HEADER_BYTES, header.start, header.end)
    if (law !== this.#codec) transcode(copy, RTP_HEADER_BYTES, transcodeTable[law])
    const timestamp = this.#relayTimestamp(header)
    this.#send(copy, payloadTypeOf(this.#codec), header.marker || this.#isTalkspurt(), timestamp)
  }

  /** Passes on a key; a peer that did not agree to telephone-event hears nothing of it. */
  relayEvent(packet: Buffer, header: RtpHeader): void {
    if (this.#telephoneEvent === undefined || header.end - header.start !== 4) return
    packet.copy(this.#event, RTP_HEADER_BYTES, header.start, header.end)
    this.#send(this.#event, this.#telephoneEvent, header.marker, this.#relayTimestamp(header))
  }

  #timestampOf(frame: number): number {
    return (this.#timestampBase + frame * FRAME_SAMPLES) >>> 0
  }

  /** The far side's timestamp, shifted onto our line; the shift is found anew for a new source or after a jump. */
  #relayTimestamp(header: RtpHeader): number {
    const now = this.timestampNow
    const shifted = (header.timestamp + this.#relayShift) >>> 0
    const isKnown = this.#relayedSsrc === header.ssrc
    if (isKnown && Math.abs((shifted - now) | 0) < ADRIFT_SAMPLES) return shifted
    this.#relayedSsrc = header.ssrc
    this.#relayShift = (now - header.timestamp) | 0
    return now
  }

  #oddFrame(length: number): Buffer {
    this.#odd ??= Buffer.alloc(RTP_HEADER_BYTES + LONGEST_PAYLOAD)
    return this.#odd.subarray(0, RTP_HEADER_BYTES + length)
  }

  #sendFrame(timestamp: number): void {
    this.#send(this.#frame, payloadTypeOf(this.#codec), this.#isTalkspurt(), timestamp)
  }

  #isTalkspurt(): boolean {
    return this.#outlet.now() - this.#sentAt > TALKSPURT_AFTER_MS
  }

  #send(packet: Buffer, payloadType: number, marker: boolean, timestamp: number): void {
    if (!this.#active) return
    this.#sequence = (this.#sequence + 1) & 0xffff
    writeRtpHeader(packet, payloadType, marker, this.#sequence, timestamp, this.ssrc)
    this.#sentAt = this.#outlet.now()
    this.packetsSent += 1
    this.payloadBytesSent += packet.length - RTP_HEADER_BYTES
    this.#outlet.send(packet)
  }
}

function payloadTypeOf(codec: Codec): number {
  return codec === 'PCMU' ? PAYLOAD_PCMU : PAYLOAD_PCMA
}

function transcode(packet: Buffer, start: number, table: Uint8Array): void {
  for (let at = start; at < packet.length; at++) packet[at] = table[packet[at] ?? 0] ?? 0
}
