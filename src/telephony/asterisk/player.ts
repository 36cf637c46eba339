import type { CommandId } from '../../call/call.ts'
import type { PlayItem } from '../../call/commands.ts'
import type { PlayEnd } from '../../call/events.ts'
import { messageOf } from '../../errors.ts'
import type { Line } from './line.ts'
import { Playback } from './playback.ts'

interface Play {
  readonly command: CommandId
  readonly interruptible: boolean
  /** Absent while its files are being read. */
  playback?: Playback
  /** Why it was cut. */
  reason?: PlayEnd
  isOver: boolean
  /** Commands that end when it has ended. */
  readonly waiting: (() => void)[]
}

/** A file that is played round and round. */
interface Loop {
  playback?: Playback
  isOver: boolean
}

/** What one leg hears of ours: a play, music, or the music of a hold. */
export class Player {
  readonly #leg: Line
  #play: Play | undefined
  #music: Loop | undefined
  #hold: Loop | undefined

  constructor(leg: Line) {
    this.#leg = leg
  }

  play(command: CommandId, items: readonly PlayItem[], interruptible: boolean): void {
    this.cut()
    const play: Play = { command, interruptible, isOver: false, waiting: [] }
    this.#play = play
    void this.#begin(play, items)
  }

  /** Cuts the running play; `then` runs when it has ended, at once where nothing plays. */
  stopPlay(then: () => void): void {
    const play = this.#play
    if (!play) return then()
    play.waiting.push(then)
    this.#cutPlay(play, 'stopped')
  }

  /** A digit came. */
  interrupt(): void {
    if (this.#play?.interruptible) this.#cutPlay(this.#play, 'interrupted')
  }

  startMusic(command: CommandId, file: string): void {
    this.cut()
    this.#music = this.#loop(file, {
      begun: () => this.#leg.done(command),
      failed: (reason, detail) => this.#leg.fail(command, reason, detail),
    })
  }

  stopMusic(): void {
    this.#endLoop(this.#music)
    this.#music = undefined
  }

  /** @param file silence without one */
  startHold(command: CommandId, file: string | undefined, failed: () => void): void {
    this.cut()
    if (file === undefined) return void this.#leg.idle().then(() => this.#leg.done(command))
    this.#hold = this.#loop(file, {
      begun: () => this.#leg.done(command),
      failed: (reason, detail) => {
        this.#leg.fail(command, reason, detail)
        failed()
      },
    })
  }

  stopHold(): void {
    this.#endLoop(this.#hold)
    this.#hold = undefined
  }

  /** Cuts what plays: another play, music, a bridge or a hold takes its place. */
  cut(): void {
    if (this.#play) this.#cutPlay(this.#play, 'stopped')
    this.stopMusic()
  }

  /** What happened while the connection was lost was not told. */
  async reconcile(): Promise<void> {
    for (const { playback } of [this.#play, this.#music, this.#hold].flatMap((each) => each ?? [])) {
      await playback?.reconcile()
    }
  }

  /** The leg is over, and with it what plays. */
  end(): void {
    for (const each of [this.#play, this.#music, this.#hold]) {
      if (!each) continue
      each.isOver = true
      each.playback?.forget()
    }
  }

  async #begin(play: Play, items: readonly PlayItem[]): Promise<void> {
    let media: string[]
    try {
      media = await Promise.all(items.map((item) => this.#leg.media.mediaOf(item)))
    } catch (error) {
      if (play.isOver) return
      this.#close(play)
      this.#leg.fail(play.command, 'missing-file', messageOf(error))
      return
    }
    if (play.isOver) return
    if (media.length === 0) return this.#endPlay(play, 'finished')
    play.playback = new Playback(this.#leg, media, {
      over: (failure) => {
        if (failure === undefined) return this.#endPlay(play, play.reason ?? 'finished')
        this.#close(play)
        this.#leg.fail(play.command, 'failed', failure)
      },
    })
  }

  #cutPlay(play: Play, reason: PlayEnd): void {
    play.reason ??= reason
    if (this.#play === play && reason === 'stopped') this.#play = undefined
    if (play.playback) play.playback.stop()
    else this.#endPlay(play, play.reason)
  }

  #endPlay(play: Play, reason: PlayEnd): void {
    if (play.isOver) return
    const { command, waiting } = play
    play.isOver = true
    if (this.#play === play) this.#play = undefined
    this.#leg.emit({ type: 'call.played', call: this.#leg.call, command, reason })
    for (const run of waiting) run()
  }

  #close(play: Play): void {
    play.isOver = true
    if (this.#play === play) this.#play = undefined
    for (const run of play.waiting) run()
  }

  #loop(
    file: string,
    told: { begun: () => void; failed: (reason: 'missing-file' | 'failed', detail: string) => void },
  ): Loop {
    const loop: Loop = { isOver: false }
    let hasBegun = false
    const begun = (): void => {
      if (!hasBegun) told.begun()
      hasBegun = true
    }
    const around = (media: string): void => {
      loop.playback = new Playback(this.#leg, [media], {
        begun,
        over: (failure) => {
          if (loop.isOver) begun()
          else if (failure === undefined) around(media)
          else if (!hasBegun) told.failed('failed', failure)
          else this.#leg.logger.error({ call: this.#leg.call, file, failure }, 'music has stopped')
        },
      })
    }
    this.#leg.media.loopOf(file).then(
      (media) => (loop.isOver ? begun() : around(media)),
      (error: unknown) => told.failed('missing-file', messageOf(error)),
    )
    return loop
  }

  #endLoop(loop: Loop | undefined): void {
    if (!loop) return
    loop.isOver = true
    loop.playback?.stop()
  }
}
