import { decodeTable, encodeTable } from '../../../audio/g711.ts'
import type { Playable } from './playback.ts'
import type { Sink } from './player.ts'
import type { Codec } from './protocol.ts'
import { FRAME_SAMPLES, type RtpHeader } from './rtp.ts'

/** What comes in bursts is kept for so long, in samples; of more than that the oldest goes. */
const KEPT_SAMPLES = 3 * FRAME_SAMPLES
/** What is whispered must be understood while somebody speaks: everything else is 6 dB softer meanwhile. */
const SOFTER = 0.5

/**
 * A whisper on top of what the far end hears otherwise. The other side of a bridge comes in the rhythm of the network
 * and a whisper in that of our loop: what comes is kept until the next turn, and both go out as one packet. Nothing is
 * allocated per packet.
 */
export class WhisperMix implements Playable, Sink {
  codec: Codec = 'PCMU'
  readonly #below: (sink: Sink) => void
  readonly #kept = new Int16Array(KEPT_SAMPLES)
  readonly #coded = Buffer.alloc(FRAME_SAMPLES)
  readonly #other = new Int16Array(FRAME_SAMPLES)
  #length = 0
  #hasOther = false
  #whisper: Playable | undefined

  /** @param below gives the next packet of what else plays on the leg, if anything does */
  constructor(below: (sink: Sink) => void) {
    this.#below = below
  }

  /** The whisper that the next packets are of. */
  over(whisper: Playable): Playable {
    this.#whisper = whisper
    this.codec = whisper.codec
    return this
  }

  /** The other side of the bridge says something. */
  hear(packet: Buffer, { start, end }: RtpHeader, law: Codec): void {
    const from = Math.max(start, end - KEPT_SAMPLES)
    this.#drop(this.#length + (end - from) - KEPT_SAMPLES)
    const table = decodeTable[law]
    for (let at = from; at < end; at++) this.#kept[this.#length++] = table[packet[at] ?? 0] ?? 0
  }

  /** What has come and was not heard yet is not heard later. */
  clear(): void {
    this.#length = 0
  }

  play(playback: Playable): boolean {
    if (!playback.next(this.#coded, 0)) return false
    const table = decodeTable[playback.codec]
    for (let at = 0; at < FRAME_SAMPLES; at++) this.#other[at] = table[this.#coded[at] ?? 0] ?? 0
    this.#hasOther = true
    return true
  }

  next(target: Buffer, at: number): boolean {
    if (!this.#whisper?.next(target, at)) return false
    this.#hasOther = false
    this.#below(this)
    if (!this.#hasOther) this.#takeKept()
    if (this.#hasOther) this.#add(target, at)
    return true
  }

  #takeKept(): void {
    if (this.#length < FRAME_SAMPLES) return
    this.#other.set(this.#kept.subarray(0, FRAME_SAMPLES))
    this.#drop(FRAME_SAMPLES)
    this.#hasOther = true
  }

  #add(target: Buffer, at: number): void {
    const decode = decodeTable[this.codec]
    const encode = encodeTable[this.codec]
    for (let sample = 0; sample < FRAME_SAMPLES; sample++) {
      const sum = (decode[target[at + sample] ?? 0] ?? 0) + SOFTER * (this.#other[sample] ?? 0)
      target[at + sample] = encode[Math.max(-32_768, Math.min(32_767, Math.round(sum))) & 0xffff] ?? 0
    }
  }

  #drop(samples: number): void {
    if (samples <= 0) return
    this.#kept.copyWithin(0, samples, this.#length)
    this.#length = Math.max(0, this.#length - samples)
  }
}
