import { decodeTable } from '../../../audio/g711.ts'
import { energyOfCodes, wholeDbovOf } from '../../../audio/loudness.ts'
import { SAMPLES_PER_MS } from '../../../audio/sound.ts'
import type { WavWriter } from '../../../audio/wav-writer.ts'
import type { Codec } from './protocol.ts'
import { type RtpHeader, timestampDifference } from './rtp.ts'

export interface RecordingLimits {
  readonly maxMs: number
  /** Ends the recording after so much silence, counted from its start or from the last sound. */
  readonly silenceMs?: number
}

/** Half a second waits in memory before it is written, so that a late packet still finds its place. */
const WINDOW_SAMPLES = 4000
/** A packet this far from where the clock says it belongs has jumped: the line of timestamps begins anew. */
const ADRIFT_SAMPLES = 500 * SAMPLES_PER_MS
/** Quieter than this is silence: room noise on a telephone lies below, low speech above. */
const SILENCE_DBOV = -45

/**
 * One recording of what a leg sends. Its time is the clock's: it is as long as the recording lasted, each packet
 * lies where its timestamp puts it, and what was lost, or never sent, is silence.
 */
export class Recording {
  readonly #writer: WavWriter
  readonly #limits: RecordingLimits
  readonly #startedAt: number
  readonly #window = new Int16Array(2 * WINDOW_SAMPLES)
  /** Position in the file, in samples, of the window's first sample. */
  #windowStart = 0
  #ssrc: number | undefined
  /** The timestamp of position 0. */
  #shift = 0
  #soundAt: number

  /** @param now milliseconds on a monotonic clock; the start */
  constructor(writer: WavWriter, limits: RecordingLimits, now: number) {
    this.#writer = writer
    this.#limits = limits
    this.#startedAt = now
    this.#soundAt = now
  }

  add(packet: Buffer, header: RtpHeader, law: Codec, now: number): void {
    const { start, end } = header
    const position = this.#positionOf(header, now)
    if (wholeDbovOf(energyOfCodes(packet, start, end, law), end - start) > SILENCE_DBOV) this.#soundAt = now
    const last = Math.min(position + end - start, this.#limits.maxMs * SAMPLES_PER_MS)
    this.#makeRoom(last)
    const values = decodeTable[law]
    for (let at = start; position + at - start < last; at++) {
      const offset = position + at - start - this.#windowStart
      if (offset >= 0) this.#window[offset] = values[packet[at] ?? 0] ?? 0
    }
  }

  /** Why it is over by itself, if it is; to be asked now and then. */
  isOver(now: number): 'max-length' | 'silence' | undefined {
    if (now - this.#startedAt >= this.#limits.maxMs) return 'max-length'
    const { silenceMs } = this.#limits
    return silenceMs !== undefined && now - this.#soundAt >= silenceMs ? 'silence' : undefined
  }

  /** Fills up to this moment with silence and closes the file. @returns its length in milliseconds */
  async finish(now: number): Promise<number> {
    const length = Math.round(Math.min(now - this.#startedAt, this.#limits.maxMs) * SAMPLES_PER_MS)
    this.#makeRoom(length)
    const left = length - this.#windowStart
    if (left > 0) this.#writer.append(this.#window.subarray(0, left))
    const { durationMs } = this.#writer
    await this.#writer.close()
    return durationMs
  }

  #positionOf(header: RtpHeader, now: number): number {
    const elapsed = Math.round((now - this.#startedAt) * SAMPLES_PER_MS)
    const position = timestampDifference(header.timestamp, this.#shift)
    if (header.ssrc === this.#ssrc && Math.abs(position - elapsed) < ADRIFT_SAMPLES) return position
    this.#ssrc = header.ssrc
    this.#shift = (header.timestamp - elapsed) >>> 0
    return elapsed
  }

  /** Writes what lies before the window that ends at `end`. */
  #makeRoom(end: number): void {
    while (end > this.#windowStart + this.#window.length) {
      this.#writer.append(this.#window.subarray(0, WINDOW_SAMPLES))
      this.#window.copyWithin(0, WINDOW_SAMPLES)
      this.#window.fill(0, WINDOW_SAMPLES)
      this.#windowStart += WINDOW_SAMPLES
    }
  }
}
