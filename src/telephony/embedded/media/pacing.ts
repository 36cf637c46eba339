/**
 * The one loop that gives every stream its turn, every 20 ms.
 *
 * The deadlines are absolute, `t0 + n * 20 ms`, so that lateness never adds up, and the streams are spread over
 * four phases of 5 ms, so that they do not all send in the same instant. A short stall (a garbage collection) is
 * made up for by a burst; after a longer one the turns that were missed are left out, because no jitter buffer
 * holds what we would send. Each turn carries its number, from which RTP timestamps are made: what is left out
 * is a gap in the timestamps too.
 *
 * With no stream the timer is not set again. This is the only file of the media worker that touches timers and the time.
 */

export const FRAME_MS = 20
const PHASES = 4
const PHASE_MS = FRAME_MS / PHASES
const LONGEST_BURST_MS = 3 * FRAME_MS
const SLOW_MS = 100
/** Timers have steps of a millisecond: what is due within half of one is due now. */
const EARLY_MS = 0.5

/** Something that has a turn every 20 ms while it is in the loop. */
export interface Paced {
  /** The phase that `Pacing.choosePhase` gave it, for its life. */
  readonly phase: number
  /** @param frame the number of this turn; it rises by one every 20 ms, stream or no stream */
  tick(frame: number): void
}

export class Pacing {
  readonly #t0 = performance.now()
  readonly #phases: Paced[][] = Array.from({ length: PHASES }, () => [])
  readonly #slow: (now: number) => void
  #nextPhase = 0
  #timer: NodeJS.Timeout | undefined
  #slowTimer: NodeJS.Timeout | undefined
  /** Number of the slot (5 ms) that comes next. */
  #slot = 0
  #streams = 0

  /** @param slow called every 100 ms between `startSlow` and `stopSlow`, for whatever is not urgent */
  constructor(slow: (now: number) => void) {
    this.#slow = slow
  }

  /** Milliseconds since the loop was made; monotonic. */
  now(): number {
    return performance.now() - this.#t0
  }

  /** The phase for a new stream: each in turn. */
  choosePhase(): number {
    this.#nextPhase = (this.#nextPhase + 1) % PHASES
    return this.#nextPhase
  }

  /** Gives `stream` its turns, from the next one on; harmless when it has them already. */
  join(stream: Paced): void {
    const phase = this.#phases[stream.phase]
    if (!phase || phase.includes(stream)) return
    phase.push(stream)
    this.#streams += 1
    if (this.#timer) return
    this.#slot = Math.floor(this.now() / PHASE_MS) + 1
    this.#arm()
  }

  /** Ends the turns of `stream`; harmless when it has none. May be called in its turn. */
  leave(stream: Paced): void {
    const phase = this.#phases[stream.phase]
    const at = phase?.indexOf(stream) ?? -1
    if (!phase || at < 0) return
    phase.splice(at, 1)
    this.#streams -= 1
  }

  startSlow(): void {
    this.#slowTimer ??= setInterval(() => this.#slow(this.now()), SLOW_MS)
  }

  stopSlow(): void {
    clearInterval(this.#slowTimer)
    this.#slowTimer = undefined
  }

  #arm(): void {
    this.#timer = setTimeout(this.#run, Math.max(0, this.#slot * PHASE_MS - this.now()))
  }

  readonly #run = (): void => {
    const due = Math.floor((this.now() + EARLY_MS) / PHASE_MS)
    this.#slot = Math.max(this.#slot, due - LONGEST_BURST_MS / PHASE_MS)
    while (this.#slot <= due) {
      const slot = this.#slot++
      this.#turn(slot % PHASES, Math.floor(slot / PHASES))
    }
    this.#timer = undefined
    if (this.#streams > 0) this.#arm()
  }

  /** Backwards, so that a stream may leave in its turn. */
  #turn(phase: number, frame: number): void {
    const streams = this.#phases[phase] ?? []
    for (let at = streams.length - 1; at >= 0; at--) streams[at]?.tick(frame)
  }
}
