/** What a phone hears: that sound began, that it has gone on without a pause for long, that it ended. */
export type Heard =
  | { readonly what: 'began' }
  /** Four seconds without any pause. Speech pauses, music on hold hardly does. */
  | { readonly what: 'unbroken' }
  /** A pause, as between sentences, after a second of sound or more; the sound may go on. */
  | { readonly what: 'paused' }
  /** Silence again. `soundMs`: from the beginning to the last sound. */
  | { readonly what: 'ended'; readonly soundMs: number }

/** Louder than this is sound, dBov. */
const SOUND_DBOV = -45
const UNBROKEN_MS = 4000
/** A word or two is no sentence. */
const SENTENCE_MS = 1000
/** Pauses between sentences are shorter. */
const ENDED_AFTER_MS = 700

/** Makes sense of the loudness of what is heard, window by window (RFC 6465 levels, `level` of the media worker). */
export class Hearing {
  readonly #heard: (heard: Heard) => void
  #began: number | undefined
  #lastSound = 0
  #unbrokenSince = 0
  #isUnbrokenSaid = false
  /** When the sound began that the next pause ends. */
  #sentenceSince = 0
  #isPausing = false

  constructor(heard: (heard: Heard) => void) {
    this.#heard = heard
  }

  get isSounding(): boolean {
    return this.#began !== undefined
  }

  /** @param dbov loudness of a window. @param now its end, milliseconds */
  add(dbov: number, now: number): void {
    if (dbov > SOUND_DBOV) this.#sound(now)
    else this.#silence(now)
  }

  #sound(now: number): void {
    this.#lastSound = now
    if (this.#isPausing) this.#sentenceSince = now
    this.#isPausing = false
    if (this.#began === undefined) {
      this.#began = now
      this.#sentenceSince = now
      this.#unbrokenSince = now
      this.#isUnbrokenSaid = false
      this.#heard({ what: 'began' })
    }
    if (this.#isUnbrokenSaid || now - this.#unbrokenSince < UNBROKEN_MS) return
    this.#isUnbrokenSaid = true
    this.#heard({ what: 'unbroken' })
  }

  #silence(now: number): void {
    this.#unbrokenSince = now
    if (this.#began === undefined) return
    if (!this.#isPausing) this.#pause()
    if (now - this.#lastSound < ENDED_AFTER_MS) return
    const soundMs = this.#lastSound - this.#began
    this.#began = undefined
    this.#heard({ what: 'ended', soundMs })
  }

  #pause(): void {
    this.#isPausing = true
    if (this.#lastSound - this.#sentenceSince >= SENTENCE_MS) this.#heard({ what: 'paused' })
  }
}
