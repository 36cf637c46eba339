import { silenceCode } from '../../../audio/g711.ts'
import type { PlayItem } from '../../../call/commands.ts'
import { FRAME_MS } from './pacing.ts'
import type { Frames } from './prompts.ts'
import type { Codec } from './protocol.ts'
import { FRAME_SAMPLES } from './rtp.ts'

/** One piece of what plays: cut audio, or so many packets of silence. */
export type Piece = Frames | number

/** Audio that is sent a packet at a time. */
export interface Playable {
  readonly codec: Codec
  /** Writes the next packet's payload into `target` at `at`; false at the end. */
  next(target: Buffer, at: number): boolean
}

/** A list of pieces played one after the other, a packet (20 ms) at a time, once or round and round. */
export class Playback implements Playable {
  readonly codec: Codec
  readonly #pieces: readonly Piece[]
  readonly #again: boolean
  #piece = 0
  #frame = 0

  constructor(codec: Codec, pieces: readonly Piece[], again: boolean) {
    this.codec = codec
    this.#pieces = pieces.filter((piece) => lengthOf(piece) > 0)
    this.#again = again && this.#pieces.length > 0
  }

  next(target: Buffer, at: number): boolean {
    const piece = this.#pieces[this.#piece]
    if (piece === undefined) return false
    if (typeof piece === 'number') target.fill(silenceCode[this.codec], at, at + FRAME_SAMPLES)
    else piece.copy(target, at, this.#frame * FRAME_SAMPLES, (this.#frame + 1) * FRAME_SAMPLES)
    this.#frame += 1
    if (this.#frame >= lengthOf(piece)) this.#advance()
    return true
  }

  #advance(): void {
    this.#frame = 0
    this.#piece += 1
    if (this.#again && this.#piece === this.#pieces.length) this.#piece = 0
  }
}

/** A pause as a number of packets. */
export function silence(item: Extract<PlayItem, { silenceMs: number }>): Piece {
  return Math.round(item.silenceMs / FRAME_MS)
}

function lengthOf(piece: Piece): number {
  return typeof piece === 'number' ? piece : piece.length / FRAME_SAMPLES
}
