import type { PlayItem } from '../../../call/commands.ts'
import type { PlayEnd } from '../../../call/events.ts'
import { messageOf } from '../../../errors.ts'
import { type Piece, type Playable, Playback, silence } from './playback.ts'
import type { Prompts } from './prompts.ts'
import type { Codec, SessionEvent } from './protocol.ts'

/** One `play` or `music` request: at first its files are read, then it has a playback. */
interface Running {
  readonly command: string
  readonly kind: 'play' | 'music'
  readonly interruptible: boolean
  playback: Playback | undefined
}

/** Where the packets of what plays go. */
export interface Sink {
  /** Takes the next packet of `playback`; false when it has come to its end. */
  play(playback: Playable, frame: number): boolean
}

/** What plays to one leg: one list of prompts or one piece of music, until it ends, is cut or is replaced. */
export class Player {
  readonly #prompts: Prompts
  readonly #report: (event: SessionEvent) => void
  readonly #begun: () => void
  #running: Running | undefined

  /** @param begun asks for turns: there is something to send from now on */
  constructor(prompts: Prompts, report: (event: SessionEvent) => void, begun: () => void) {
    this.#prompts = prompts
    this.#report = report
    this.#begun = begun
  }

  /** True while it has something to send. */
  get isPlaying(): boolean {
    return this.#running?.playback !== undefined
  }

  /** True while it has, or will have once its files are read. */
  get isBusy(): boolean {
    return this.#running !== undefined
  }

  play(command: string, items: readonly PlayItem[], codec: Codec, interruptible: boolean): void {
    this.#start({ command, kind: 'play', interruptible, playback: undefined }, items, codec)
  }

  music(command: string, file: string, codec: Codec): void {
    this.#start({ command, kind: 'music', interruptible: false, playback: undefined }, [{ file }], codec)
  }

  /** Gives away the next packet; false when there is none. */
  next(sink: Sink, frame: number): boolean {
    const playback = this.#running?.playback
    if (!playback) return false
    if (sink.play(playback, frame)) return true
    this.end('finished')
    return false
  }

  /** A key was pressed: cuts what may be cut, also what has not begun yet. */
  interrupt(): void {
    if (this.#running?.interruptible) this.end('interrupted')
  }

  /** Cuts the play, or the music, if that is what plays. */
  stop(what: 'play' | 'music'): void {
    if (this.#running?.kind === what) this.end('stopped')
  }

  /** Ends what plays, if anything; music ends without a word. */
  end(reason: PlayEnd): void {
    const running = this.#running
    this.#running = undefined
    if (running?.kind === 'play') this.#report({ type: 'played', command: running.command, reason })
    else if (running && !running.playback) this.#report({ type: 'done', command: running.command })
  }

  #start(running: Running, items: readonly PlayItem[], codec: Codec): void {
    this.end('stopped')
    this.#running = running
    const ready = items.map((item) =>
      'file' in item ? this.#prompts.ready(item.file, codec) : silence(item),
    )
    if (ready.every((piece) => piece !== undefined)) return this.#begin(running, ready, codec)
    Promise.all(items.map((item) => this.#load(item, codec))).then(
      (pieces) => this.#begin(running, pieces, codec),
      (error: unknown) => this.#fail(running, error),
    )
  }

  async #load(item: PlayItem, codec: Codec): Promise<Piece> {
    return 'file' in item ? this.#prompts.load(item.file, codec) : silence(item)
  }

  #begin(running: Running, pieces: readonly Piece[], codec: Codec): void {
    if (this.#running !== running) return
    running.playback = new Playback(codec, pieces, running.kind === 'music')
    if (running.kind === 'music') this.#report({ type: 'done', command: running.command })
    this.#begun()
  }

  #fail(running: Running, error: unknown): void {
    if (this.#running !== running) return
    this.#running = undefined
    const { command } = running
    this.#report({ type: 'failed', command, reason: 'missing-file', detail: messageOf(error) })
  }
}
