import type { AriEvent } from './events.ts'
import type { Line } from './line.ts'

export interface PlaybackListener {
  /** It is heard. */
  begun?(): void
  /** It is over. @param failure why it failed; undefined when it did not */
  over(failure: string | undefined): void
}

/** One playback at Asterisk: a list of files on one channel. */
export class Playback {
  readonly #leg: Line
  readonly #id: string
  readonly #listener: PlaybackListener
  #over = false
  #stopping = false

  constructor(leg: Line, media: readonly string[], listener: PlaybackListener) {
    this.#leg = leg
    this.#id = leg.server.newId('play')
    this.#listener = listener
    leg.server.own(this.#id, (event) => this.#receive(event))
    void leg.ask(
      async (channel) => {
        if (this.#stopping) return this.#end(undefined)
        await leg.server.ari.play(channel, this.#id, media)
      },
      (error) => this.#end(error.message),
    )
  }

  /** Cuts it; `over` follows. */
  stop(): void {
    if (this.#stopping || this.#over) return
    this.#stopping = true
    void this.#leg.ask(
      async () => {
        if (!this.#over) await this.#leg.server.ari.stopPlayback(this.#id)
      },
      // It has come to its end by itself.
      (error) => this.#end(error.kind === 'gone' ? undefined : error.message),
    )
  }

  /** The connection is back: what happened meanwhile was not told. */
  async reconcile(): Promise<void> {
    if (!this.#over && !(await this.#leg.server.ari.isPlaying(this.#id))) this.#end(undefined)
  }

  /** The leg is over: nothing more is said. */
  forget(): void {
    this.#over = true
    this.#leg.server.disown(this.#id)
  }

  #receive(event: AriEvent): void {
    if (event.type === 'playing') this.#listener.begun?.()
    if (event.type === 'played') this.#end(event.failed ? 'Asterisk could not play it' : undefined)
  }

  #end(failure: string | undefined): void {
    if (this.#over) return
    this.forget()
    this.#listener.over(this.#stopping ? undefined : failure)
  }
}
