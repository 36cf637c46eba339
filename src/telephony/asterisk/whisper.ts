import type { CommandId } from '../../call/call.ts'
import type { PlayItem } from '../../call/commands.ts'
import type { PlayEnd } from '../../call/events.ts'
import { messageOf } from '../../errors.ts'
import type { AriEvent } from './events.ts'
import type { Line } from './line.ts'
import { Playback } from './playback.ts'

/**
 * One whisper to a leg: a snoop channel whose sound Asterisk mixes into what the far end hears, bridged or not, and
 * that lives as long as the whisper.
 */
export class Whisper {
  readonly #leg: Line
  readonly #command: CommandId
  readonly #snoop: string
  readonly #over: () => void
  #playback: Playback | undefined
  #isOver = false

  /** @param over it has ended, by itself or by `stop` */
  constructor(leg: Line, command: CommandId, items: readonly PlayItem[], over: () => void) {
    this.#leg = leg
    this.#command = command
    this.#over = over
    this.#snoop = leg.server.newId('snoop')
    void this.#begin(items)
  }

  stop(): void {
    this.#end('stopped')
  }

  /** The leg is over: nothing more is said. */
  forget(): void {
    this.#close()
  }

  async #begin(items: readonly PlayItem[]): Promise<void> {
    const { media, server } = this.#leg
    let files: string[]
    try {
      files = await Promise.all(items.map((item) => media.mediaOf(item)))
    } catch (error) {
      return this.#fail('missing-file', messageOf(error))
    }
    if (this.#isOver) return
    if (files.length === 0) return this.#end('finished')
    server.own(this.#snoop, (event) => this.#snoopSays(event, files))
    await this.#leg.ask(
      (channel) => (this.#isOver ? Promise.resolve() : server.ari.whisperTo(channel, this.#snoop)),
      (error) => this.#fail('failed', error.message),
    )
  }

  #snoopSays(event: AriEvent, files: readonly string[]): void {
    if (event.type === 'left') return this.#end('stopped')
    if (event.type !== 'entered' || this.#isOver || this.#playback) return
    this.#playback = new Playback(this.#speaker(), files, {
      over: (failure) => (failure === undefined ? this.#end('finished') : this.#fail('failed', failure)),
    })
  }

  /** The leg, with what is played to it going to the snoop channel. */
  #speaker(): Line {
    const { call, server, clock, logger, media } = this.#leg
    const leg = this.#leg
    const snoop = this.#snoop
    return {
      call,
      channel: snoop,
      server,
      clock,
      logger,
      media,
      emit: (event) => leg.emit(event),
      done: (command) => leg.done(command),
      fail: (command, reason, detail) => leg.fail(command, reason, detail),
      after: (ms, run) => leg.after(ms, run),
      ask: (send, failed) => leg.ask(() => send(snoop), failed),
      idle: () => leg.idle(),
    }
  }

  #end(reason: PlayEnd): void {
    if (this.#isOver) return
    this.#close()
    this.#leg.emit({ type: 'call.played', call: this.#leg.call, command: this.#command, reason })
    this.#over()
  }

  #fail(reason: 'missing-file' | 'failed', detail: string): void {
    if (this.#isOver) return
    this.#close()
    this.#leg.fail(this.#command, reason, detail)
    this.#over()
  }

  #close(): void {
    if (this.#isOver) return
    this.#isOver = true
    const { server } = this.#leg
    this.#playback?.forget()
    server.disown(this.#snoop)
    // With the call it has gone already.
    server.ari.hangUp(this.#snoop).catch(() => undefined)
  }
}
