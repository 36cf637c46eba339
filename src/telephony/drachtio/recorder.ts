import { writeFile } from 'node:fs/promises'
import { TELEPHONE_RATE } from '../../audio/sound.ts'
import { encodeWav } from '../../audio/wav.ts'
import type { CallId } from '../../call/call.ts'
import type { CallCommand } from '../../call/commands.ts'
import type { CallEvent, RecordingEnd } from '../../call/events.ts'
import type { Cancel, Clock } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import type { Recorded } from './events.ts'
import type { MediaEndpoint } from './media-endpoint.ts'

/** FreeSWITCH closes a file within moments; a leg ends without word of it rather than never. */
const CLOSE_MS = 2_000

interface Running {
  readonly command: string
  readonly file: string
  readonly stopDigits: string
  readonly endpoint: MediaEndpoint
  readonly limit: Cancel
  readonly over: Promise<void>
  readonly settle: () => void
  /** Why we ended it. */
  reason: RecordingEnd | undefined
}

/** The recording of one leg; one at a time. FreeSWITCH writes the file, at the path that the command names. */
export class Recorder {
  readonly #call: CallId
  readonly #clock: Clock
  readonly #emit: (event: CallEvent) => void
  #starting = false
  #running: Running | undefined

  constructor(call: CallId, clock: Clock, emit: (event: CallEvent) => void) {
    this.#call = call
    this.#clock = clock
    this.#emit = emit
  }

  get busy(): boolean {
    return this.#starting || this.#running !== undefined
  }

  /** The next recording is being prepared. */
  reserve(): void {
    this.#starting = true
  }

  /** It comes to nothing. */
  release(): void {
    this.#starting = false
  }

  async start(
    endpoint: MediaEndpoint,
    command: Extract<CallCommand, { type: 'record.start' }>,
  ): Promise<void> {
    const { id, file, maxMs, silenceMs, stopDigits = '' } = command
    try {
      const { promise: over, resolve: settle } = Promise.withResolvers<void>()
      const limit = this.#clock.after(maxMs, () => this.#stop('max-length'))
      this.#running = { command: id, file, stopDigits, endpoint, limit, over, settle, reason: undefined }
      this.#starting = false
      await endpoint.record(file, { maxMs, ...(silenceMs !== undefined && { silenceMs }) })
    } catch (error) {
      this.#fail(messageOf(error))
    }
  }

  /** Ends it; resolves when its ending has been told, at once where nothing is recorded. */
  async stop(): Promise<void> {
    const running = this.#running
    if (!running) return
    this.#stop('stopped')
    await running.over
  }

  pressed(key: string): void {
    if (this.#running?.stopDigits.includes(key)) this.#stop('digit')
  }

  /** FreeSWITCH has closed a file. */
  ended({ file, durationMs, reason, discarded }: Recorded): void {
    const running = this.#running
    if (!running || running.file !== file) return
    this.#running = undefined
    running.limit()
    const tell = (): void => {
      const why = running.reason ?? reason ?? 'stopped'
      this.#emit({
        type: 'call.recorded',
        call: this.#call,
        command: running.command,
        file,
        durationMs,
        reason: why,
      })
      running.settle()
    }
    if (!discarded) return tell()
    const nothing = encodeWav({ rate: TELEPHONE_RATE, samples: new Int16Array(0) })
    writeFile(file, nothing).then(tell, (error: unknown) => {
      this.#running = running
      this.#fail(messageOf(error))
    })
  }

  /** The media server is gone, and the file with it, perhaps in part. */
  lost(): void {
    this.#fail('the media server went away during the recording')
  }

  /** The call ends: so does the recording, and it is told before. */
  async close(endpoint: MediaEndpoint | undefined): Promise<void> {
    const running = this.#running
    if (!running) return
    if (endpoint?.gone !== false) return this.#drop()
    this.#stop('hangup')
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const cancel = this.#clock.after(CLOSE_MS, resolve)
    await Promise.race([running.over, late])
    cancel()
    this.#drop()
  }

  #stop(reason: RecordingEnd): void {
    const running = this.#running
    if (!running || running.reason) return
    running.reason = reason
    running.endpoint.stopRecording(running.file)
  }

  /** Its command ends with the call. */
  #drop(): void {
    this.#running?.limit()
    this.#running?.settle()
    this.#running = undefined
  }

  #fail(detail: string): void {
    const running = this.#running
    if (!running) return
    this.#drop()
    const { command } = running
    this.#emit({ type: 'command.failed', call: this.#call, command, reason: 'failed', detail })
  }
}
