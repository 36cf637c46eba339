import { readFileSync } from 'node:fs'
import { durationMsOf, readTelephoneWav } from '../../audio/wav.ts'
import type { CallId, CommandId } from '../../call/call.ts'
import type { PlayItem } from '../../call/commands.ts'
import type { PlayEnd } from '../../call/events.ts'
import type { Cancel, Clock } from '../../clock/clock.ts'

/** What a party hears from `at` (milliseconds since 1970) on. */
export type Heard = { readonly at: number } & Sound

export type Sound =
  | { readonly what: 'file' | 'music'; readonly file: string }
  | { readonly what: 'party'; readonly call: CallId }
  | { readonly what: 'silence' }

interface Playing {
  readonly command: CommandId
  readonly interruptible: boolean
  cancel: Cancel
}

interface Piece {
  readonly sound: Sound
  readonly ms: number
}

/** The ear of a simulated party: a list of files goes before music, music before the other party. */
export class Hearing {
  readonly heard: Heard[] = []
  /** What was whispered beside that, and the silence after it. */
  readonly whispered: Heard[] = []
  readonly #clock: Clock
  readonly #played: (command: CommandId, reason: PlayEnd) => void
  #playing: Playing | undefined
  #whisper: Playing | undefined
  #music: string | undefined
  #hold: { readonly file: string | undefined } | undefined
  #other: CallId | undefined
  /** Nothing of the other one is to be heard: it is on hold. */
  #otherIsHeld = false

  /** @param played told at the end of every play */
  constructor(clock: Clock, played: (command: CommandId, reason: PlayEnd) => void) {
    this.#clock = clock
    this.#played = played
  }

  /** @throws Error when a file cannot be played; what played before has stopped all the same */
  play(command: CommandId, items: readonly PlayItem[], interruptible: boolean): void {
    this.stopAll()
    const pieces = timed(items)
    this.#playing = { command, interruptible, cancel: () => undefined }
    this.#run(
      this.#playing,
      pieces,
      (sound) => this.#hear(sound),
      () => this.endPlay('finished'),
    )
  }

  /** @throws Error when a file cannot be played; what was whispered before has stopped all the same */
  whisper(command: CommandId, items: readonly PlayItem[]): void {
    this.endWhisper('stopped')
    const pieces = timed(items)
    this.#whisper = { command, interruptible: false, cancel: () => undefined }
    this.#run(
      this.#whisper,
      pieces,
      (sound) => this.whispered.push({ at: this.#clock.now(), ...sound }),
      () => this.endWhisper('finished'),
    )
  }

  endWhisper(reason: PlayEnd): void {
    const whisper = this.#whisper
    if (!whisper) return
    this.#whisper = undefined
    whisper.cancel()
    this.whispered.push({ at: this.#clock.now(), what: 'silence' })
    this.#played(whisper.command, reason)
  }

  /** One piece after the other, then `over`. */
  #run(playing: Playing, pieces: readonly Piece[], hear: (sound: Sound) => void, over: () => void): void {
    const next = (index: number): void => {
      const piece = pieces[index]
      if (!piece) return over()
      hear(piece.sound)
      playing.cancel = this.#clock.after(piece.ms, () => next(index + 1))
    }
    next(0)
  }

  /** A key cuts a play that may be cut. */
  interrupt(): void {
    if (this.#playing?.interruptible) this.endPlay('interrupted')
  }

  endPlay(reason: PlayEnd): void {
    const playing = this.#playing
    if (!playing) return
    this.#playing = undefined
    playing.cancel()
    this.#played(playing.command, reason)
    this.#hearWhatIsLeft()
  }

  /** @throws Error when the file cannot be played */
  startMusic(file: string): void {
    this.stopAll()
    lengthMsOf(file)
    this.#music = file
    this.#hearWhatIsLeft()
  }

  stopMusic(): void {
    if (this.#music === undefined) return
    this.#music = undefined
    if (!this.#playing) this.#hearWhatIsLeft()
  }

  /** @throws Error when the file cannot be played; what played before has stopped all the same */
  hold(file: string | undefined): void {
    this.stopAll()
    this.endWhisper('stopped')
    if (file !== undefined) lengthMsOf(file)
    this.#hold = { file }
    this.#hearWhatIsLeft()
  }

  unhold(): void {
    this.#hold = undefined
    this.#hearWhatIsLeft()
  }

  /** The one that is heard in a bridge goes on hold, or comes back. */
  otherHeld(held: boolean): void {
    this.#otherIsHeld = held
    if (!this.#playing && this.#music === undefined) this.#hearWhatIsLeft()
  }

  /** Ends play and music. */
  stopAll(): void {
    this.stopMusic()
    this.endPlay('stopped')
  }

  join(other: CallId): void {
    this.stopAll()
    this.#other = other
    this.#hearWhatIsLeft()
  }

  part(): void {
    this.#other = undefined
    this.#otherIsHeld = false
    if (!this.#playing && this.#music === undefined) this.#hearWhatIsLeft()
  }

  #hearWhatIsLeft(): void {
    const music = this.#hold ? this.#hold.file : this.#music
    if (music !== undefined) this.#hear({ what: 'music', file: music })
    else if (this.#other !== undefined && !this.#otherIsHeld && !this.#hold)
      this.#hear({ what: 'party', call: this.#other })
    else this.#hear({ what: 'silence' })
  }

  /** What lasts no time at all is not heard. */
  #hear(sound: Sound): void {
    const at = this.#clock.now()
    if (this.heard.at(-1)?.at === at) this.heard.pop()
    this.heard.push({ at, ...sound })
  }
}

/** @throws Error when a file cannot be played */
function timed(items: readonly PlayItem[]): readonly Piece[] {
  return items.map((item) =>
    'file' in item
      ? { sound: { what: 'file', file: item.file }, ms: lengthMsOf(item.file) }
      : { sound: { what: 'silence' }, ms: item.silenceMs },
  )
}

/** @throws Error when the file cannot be read or is not a WAV file that we play */
function lengthMsOf(file: string): number {
  return durationMsOf(readTelephoneWav(readFileSync(file), file))
}
