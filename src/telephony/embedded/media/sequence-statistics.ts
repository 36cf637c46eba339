import { SAMPLES_PER_MS } from '../../../audio/sound.ts'
import { timestampDifference } from './rtp.ts'

const SEQUENCES = 0x10000
/** RFC 3550 A.1: a gap larger than this is a restart of the sender, not loss. */
const MAX_DROPOUT = 3000
/** RFC 3550 A.1: a packet that is late by more than this belongs to something else. */
const MAX_MISORDER = 100

/** What a reception report says of one source since the last one (RFC 3550 6.4.1). */
export interface ReceptionBlock {
  /** In 1/256 of the packets expected since the last report. */
  readonly fractionLost: number
  readonly packetsLost: number
  readonly highestSequence: number
  /** In timestamp units. */
  readonly jitter: number
}

/**
 * Counts the packets of one leg as RFC 3550 does: expected and lost by sequence number (A.1, A.3), interarrival
 * jitter (A.8). A new source, or a source that starts again, keeps what was counted before.
 */
export class SequenceStatistics {
  #received = 0
  /** Packets expected from sources that are over. */
  #expectedBefore = 0
  #base = -1
  #highest = 0
  #cycles = 0
  /** The sequence number that would make a jump a restart: the one after the jump's first packet. */
  #restart = -1
  #transit: number | undefined
  #jitter = 0
  #expectedAtReport = 0
  #receivedAtReport = 0

  /**
   * @param timestamp undefined where it is not the time of sampling: the packets of a key all carry its beginning
   * @param arrivalMs when it came, on any monotonic clock
   */
  receive(sequence: number, timestamp: number | undefined, arrivalMs: number): void {
    this.#received += 1
    if (this.#base < 0) this.#begin(sequence)
    else this.#follow(sequence)
    if (timestamp !== undefined) this.#measureJitter(timestamp, arrivalMs)
  }

  /** Another source follows (a new SSRC). */
  startSource(): void {
    this.#expectedBefore = this.#expected
    this.#base = -1
    this.#transit = undefined
  }

  get packetsReceived(): number {
    return this.#received
  }

  /** Never negative: duplicates do not make up for loss beyond nothing lost. */
  get packetsLost(): number {
    return Math.max(0, this.#expected - this.#received)
  }

  get jitterMs(): number {
    return this.#jitter / SAMPLES_PER_MS
  }

  /** The figures for a report, and the start of the next interval (RFC 3550 A.3). */
  report(): ReceptionBlock {
    const expected = this.#expected - this.#expectedAtReport
    const lost = expected - (this.#received - this.#receivedAtReport)
    this.#expectedAtReport = this.#expected
    this.#receivedAtReport = this.#received
    return {
      fractionLost: expected > 0 && lost > 0 ? Math.floor((lost * 256) / expected) : 0,
      packetsLost: this.packetsLost,
      highestSequence: this.#cycles + this.#highest,
      jitter: Math.floor(this.#jitter),
    }
  }

  get #expected(): number {
    const here = this.#base < 0 ? 0 : this.#cycles + this.#highest - this.#base + 1
    return this.#expectedBefore + here
  }

  #begin(sequence: number): void {
    this.#base = sequence
    this.#highest = sequence
    this.#cycles = 0
    this.#restart = -1
  }

  #follow(sequence: number): void {
    const ahead = (sequence - this.#highest) & 0xffff
    if (ahead < MAX_DROPOUT) {
      if (sequence < this.#highest) this.#cycles += SEQUENCES
      this.#highest = sequence
      this.#restart = -1
    } else if (ahead <= SEQUENCES - MAX_MISORDER) {
      this.#jump(sequence)
    }
  }

  /** Two packets in sequence after a jump: the sender has started again. One alone is a stray. */
  #jump(sequence: number): void {
    if (sequence !== this.#restart) {
      this.#restart = (sequence + 1) & 0xffff
      this.#received -= 1
      return
    }
    this.startSource()
    this.#begin((sequence - 1) & 0xffff)
    this.#highest = sequence
    this.#received += 1
  }

  #measureJitter(timestamp: number, arrivalMs: number): void {
    const transit = (Math.round(arrivalMs * SAMPLES_PER_MS) - timestamp) | 0
    if (this.#transit !== undefined) {
      const change = Math.abs(timestampDifference(transit, this.#transit))
      if (change < SAMPLES_PER_MS * 1000) this.#jitter += (change - this.#jitter) / 16
    }
    this.#transit = transit
  }
}
