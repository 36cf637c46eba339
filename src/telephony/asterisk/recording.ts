import { access, constants, open, writeFile } from 'node:fs/promises'
import { durationMsOf, encodeWav, readWav, soundOf } from '../../audio/wav.ts'
import type { CallCommand } from '../../call/commands.ts'
import type { RecordingEnd } from '../../call/events.ts'
import type { Cancel } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import type { AriEvent } from './events.ts'
import type { Line } from './line.ts'

/**
 * One recording of what the far end says. A snoop channel listens, so that prompts, bridges and holds go on beside
 * it; Asterisk writes the file, which is fetched when it is complete. `maxMs` and stop digits are kept here, to the
 * millisecond; silence is Asterisk's to hear, in whole seconds rounded up.
 */
export class Recording {
  readonly #leg: Line
  readonly #request: Extract<CallCommand, { type: 'record.start' }>
  readonly #over: () => void
  readonly #name: string
  readonly #snoop: string
  readonly #ended = Promise.withResolvers<void>()
  readonly #waiting: (() => void)[] = []
  #state: 'opening' | 'recording' | 'fetching' | 'over' = 'opening'
  #reason: RecordingEnd | undefined
  #limit: Cancel | undefined

  /** @param over it has ended, and another one may begin */
  constructor(leg: Line, request: Extract<CallCommand, { type: 'record.start' }>, over: () => void) {
    this.#leg = leg
    this.#request = request
    this.#over = over
    this.#name = leg.server.newId('recording')
    this.#snoop = leg.server.newId('snoop')
    leg.server.own(this.#snoop, (event) => this.#snoopSays(event))
    leg.server.own(this.#name, (event) => this.#recordingSays(event))
    void this.#open()
  }

  /** Resolves when it has ended and has been told. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  /** Ends it; `then` runs when it has ended. */
  stop(reason: RecordingEnd, then?: () => void): void {
    if (this.#state === 'over') return then?.()
    if (then) this.#waiting.push(then)
    this.#reason ??= reason
    if (this.#state === 'recording') this.#ask(() => this.#leg.server.ari.stopRecording(this.#name))
  }

  digit(digit: string): void {
    if (this.#request.stopDigits?.includes(digit)) this.stop('digit')
  }

  /** The call is over: the file is fetched where there is one. */
  callEnded(): void {
    this.#reason ??= 'hangup'
    if (this.#state === 'opening') this.#close()
  }

  /** The connection is back: what happened meanwhile was not told. */
  async reconcile(): Promise<void> {
    if (this.#state === 'recording' && !(await this.#leg.server.ari.isRecording(this.#name))) this.#fetch()
  }

  /** A folder that is not there or may not be written is told before anybody has spoken. */
  async #open(): Promise<void> {
    const { file } = this.#request
    try {
      const handle = await open(file, 'w')
      await handle.close()
      await access(file, constants.W_OK)
    } catch (error) {
      return this.#fail(`${file} cannot be written: ${messageOf(error)}`)
    }
    if (this.#state !== 'opening') return
    await this.#leg.ask(
      (channel) => this.#leg.server.ari.listenTo(channel, this.#snoop),
      (error) => this.#fail(error.message),
    )
  }

  #snoopSays(event: AriEvent): void {
    if (event.type === 'left' && this.#state === 'opening') this.#close()
    if (event.type !== 'entered' || this.#state !== 'opening') return
    const { maxMs, silenceMs } = this.#request
    this.#ask(async () => {
      await this.#leg.server.ari.record({
        channel: this.#snoop,
        name: this.#name,
        // Only for the case that we cannot end it.
        maxSeconds: Math.ceil(maxMs / 1000) + 5,
        maxSilenceSeconds: silenceMs === undefined ? 0 : Math.ceil(silenceMs / 1000),
      })
    })
  }

  #recordingSays(event: AriEvent): void {
    if (event.type === 'recording' && this.#state === 'opening') {
      this.#state = 'recording'
      this.#limit = this.#leg.clock.after(this.#request.maxMs, () => this.stop('max-length'))
      if (this.#reason !== undefined) this.stop(this.#reason)
    }
    if (event.type !== 'recorded') return
    if (event.failure === undefined) this.#fetch()
    else this.#fail(`Asterisk could not record: ${event.failure}`)
  }

  #fetch(): void {
    if (this.#state !== 'recording') return
    this.#state = 'fetching'
    this.#limit?.()
    void this.#store().then(
      (durationMs) => this.#told(durationMs),
      (error: unknown) => this.#fail(`the recording could not be fetched: ${messageOf(error)}`),
    )
  }

  /** @returns length, milliseconds */
  async #store(): Promise<number> {
    const { ari } = this.#leg.server
    const wav = readWav(await ari.storedRecording(this.#name))
    await writeFile(this.#request.file, encodeWav(soundOf(wav)))
    await ari.deleteRecording(this.#name)
    return durationMsOf(wav)
  }

  #told(durationMs: number): void {
    const { id, file, silenceMs } = this.#request
    const reason = this.#reason ?? (silenceMs === undefined ? 'max-length' : 'silence')
    this.#leg.emit({
      type: 'call.recorded',
      call: this.#leg.call,
      command: id,
      file,
      durationMs: Math.round(durationMs),
      reason,
    })
    this.#close()
  }

  #ask(send: () => Promise<void>): void {
    void this.#leg.ask(send, (error) => {
      // The call was hung up meanwhile: the recording ends by itself.
      if (error.kind !== 'gone') this.#fail(error.message)
    })
  }

  #fail(detail: string): void {
    if (this.#state === 'over') return
    this.#leg.fail(this.#request.id, 'failed', detail)
    this.#close()
  }

  #close(): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.#limit?.()
    const { server } = this.#leg
    server.disown(this.#name)
    server.disown(this.#snoop)
    // With the call it has gone already.
    server.ari.hangUp(this.#snoop).catch(() => undefined)
    this.#over()
    this.#ended.resolve()
    for (const run of this.#waiting) run()
  }
}
