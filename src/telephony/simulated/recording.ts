import { writeFileSync } from 'node:fs'
import { SAMPLES_PER_MS, TELEPHONE_RATE } from '../../audio/sound.ts'
import { tone } from '../../audio/tone.ts'
import { encodeWav } from '../../audio/wav.ts'
import type { CommandId } from '../../call/call.ts'
import type { CallCommand } from '../../call/commands.ts'
import type { RecordingEnd } from '../../call/events.ts'
import type { Cancel, Clock } from '../../clock/clock.ts'

/** A stretch of a recording in which the far end spoke, in milliseconds from its start. */
interface Speech {
  readonly fromMs: number
  readonly toMs: number
}

/** One recording of what a simulated party says. Ends by itself after its longest time, or after silence. */
export class Recording {
  readonly command: CommandId
  readonly file: string
  readonly stopDigits: string
  readonly #clock: Clock
  readonly #beganAt: number
  readonly #silenceMs: number | undefined
  readonly #over: (reason: RecordingEnd) => void
  readonly #spoken: Speech[] = []
  readonly #cancelLimit: Cancel
  #cancelSilence: Cancel = () => undefined

  /** @throws Error when the file cannot be written */
  constructor(
    clock: Clock,
    request: Extract<CallCommand, { type: 'record.start' }>,
    over: (reason: RecordingEnd) => void,
  ) {
    this.command = request.id
    this.file = request.file
    this.stopDigits = request.stopDigits ?? ''
    this.#clock = clock
    this.#beganAt = clock.now()
    this.#silenceMs = request.silenceMs
    this.#over = over
    writeRecording(this.file, 0, [])
    this.#cancelLimit = clock.after(request.maxMs, () => over('max-length'))
    this.#awaitSilence(this.#beganAt)
  }

  /** The party speaks from now until that time. */
  speech(until: number): void {
    const fromMs = this.#clock.now() - this.#beganAt
    this.#spoken.push({ fromMs, toMs: until - this.#beganAt })
    this.#awaitSilence(until)
  }

  /** Writes the file. Returns how long the recording is, milliseconds. */
  finish(): number {
    this.#cancelLimit()
    this.#cancelSilence()
    const durationMs = this.#clock.now() - this.#beganAt
    writeRecording(this.file, durationMs, this.#spoken)
    return Math.round(durationMs)
  }

  #awaitSilence(since: number): void {
    this.#cancelSilence()
    if (this.#silenceMs === undefined) return
    this.#cancelSilence = this.#clock.at(since + this.#silenceMs, () => this.#over('silence'))
  }
}

/** A 440 Hz tone where the far end spoke, silence elsewhere. */
function writeRecording(file: string, durationMs: number, spoken: readonly Speech[]): void {
  const samples = new Int16Array(Math.round(durationMs * SAMPLES_PER_MS))
  for (const { fromMs, toMs } of spoken) {
    const part = samples.subarray(Math.round(fromMs * SAMPLES_PER_MS), Math.round(toMs * SAMPLES_PER_MS))
    part.set(tone(440, part.length / SAMPLES_PER_MS, 8000))
  }
  writeFileSync(file, encodeWav({ rate: TELEPHONE_RATE, samples }))
}
