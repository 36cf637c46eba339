import { WavWriter } from '../../../audio/wav-writer.ts'
import type { RecordingEnd } from '../../../call/events.ts'
import { messageOf } from '../../../errors.ts'
import type { Codec, RequestOf, SessionEvent } from './protocol.ts'
import { Recording } from './recording.ts'
import type { RtpHeader } from './rtp.ts'

interface Running {
  readonly request: RequestOf<'record'>
  readonly starting: Promise<Recording>
  /** Absent while its file is being made. */
  recording: Recording | undefined
}

/** The recording of one leg: one at a time, from `record` until it is stopped or ends by itself. */
export class Recorder {
  readonly #now: () => number
  readonly #report: (event: SessionEvent) => void
  #running: Running | undefined
  /** Resolves when the file of the last one is closed and reported. */
  #ended: Promise<void> = Promise.resolve()

  constructor(now: () => number, report: (event: SessionEvent) => void) {
    this.#now = now
    this.#report = report
  }

  start(request: RequestOf<'record'>): void {
    if (this.#running) {
      const detail = 'a recording is running already'
      return this.#report({ type: 'failed', command: request.command, reason: 'wrong-state', detail })
    }
    const starting = WavWriter.create(request.file).then(
      (writer) => new Recording(writer, request, this.#now()),
    )
    const running: Running = { request, starting, recording: undefined }
    this.#running = running
    starting.then(
      (recording) => (running.recording = recording),
      () => {
        if (this.#running === running) void this.stop('stopped')
      },
    )
  }

  add(packet: Buffer, header: RtpHeader, law: Codec): void {
    this.#running?.recording?.add(packet, header, law, this.#now())
  }

  /** A key was pressed. */
  digit(digit: string): void {
    if (this.#running?.request.stopDigits?.includes(digit)) void this.stop('digit')
  }

  /** Ends a recording that has reached a limit; to be called now and then. */
  tick(now: number): void {
    const over = this.#running?.recording?.isOver(now)
    if (over) void this.stop(over)
  }

  /** Ends the recording, if one runs; resolves when everything is on disk and reported. */
  stop(reason: RecordingEnd): Promise<void> {
    const running = this.#running
    this.#running = undefined
    if (running) this.#ended = this.#finish(running, reason, this.#now())
    return this.#ended
  }

  async #finish({ starting, request }: Running, reason: RecordingEnd, now: number): Promise<void> {
    const { command, file } = request
    try {
      const durationMs = Math.round(await (await starting).finish(now))
      this.#report({ type: 'recorded', command, file, durationMs, reason })
    } catch (error) {
      const detail = `${file} cannot be written: ${messageOf(error)}`
      this.#report({ type: 'failed', command, reason: 'failed', detail })
    }
  }
}
