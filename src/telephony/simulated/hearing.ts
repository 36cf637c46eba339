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

/** The ear of a simulated party: a list of files goes before music, music before the other party. */
export class Hearing {
  readonly heard: Heard[] = []
  readonly #clock: Clock
  readonly #played: (command: CommandId, reason: PlayEnd) => void
  #playing: Playing | undefined
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
    const lengths = items.map((item) => ('file' in item ? lengthMsOf(item.file) : item.silenceMs))
    const playing: Playing = { command, interruptible, cancel: () => undefined }
    this.#playing = playing
    const next = (index: number): void => {
      const item = items[index]
      if (!item) return this.endPlay('finished')
      this.#hear('file' in item ? { what: 'file', file: item.file } : { what: 'silence' })
      playing.cancel = this.#clock.after(lengths[index] ?? 0, () => next(index + 1))
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

/** @throws Error when the file cannot be read or is not a WAV file that we play */
function lengthMsOf(file: string): number {
  return durationMsOf(readTelephoneWav(readFileSync(file), file))
}
