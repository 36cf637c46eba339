import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import type { Logger } from 'pino'
import type { PlayItem } from '../call/commands.ts'
import { SwitchroomError } from '../errors.ts'
import type { PromptPart } from '../flow/effects.ts'
import { digitPiece, spokenNumbers } from './numbers/languages.ts'
import { durationParts, isCardinal, isSpokenDuration } from './numbers/spoken-numbers.ts'

/** Between digits that are read one by one: without it they run together. */
const DIGIT_GAP_MS = 80

/** What the library needs of `Speech`. */
export interface Speaker {
  say(text: string, language: string): Promise<string>
}

export interface PromptLibraryOptions {
  /** The center's `media/` folder. */
  readonly mediaFolder: string
  readonly speech: Speaker
  readonly logger: Logger
  /** Language whose audio is played where a prompt is missing in the caller's. */
  readonly fallbackLanguage: string
}

/**
 * Finds the sound of prompts: recorded files under `media/prompts/<language>/`, speech from the cache, digits,
 * numbers and lengths of time from recorded pieces. `es-MX` looks into `es-MX`, then `es`, then the fallback language,
 * which is logged.
 */
export class PromptLibrary {
  readonly #media: string
  readonly #speech: Speaker
  readonly #logger: Logger
  readonly #fallback: string
  /** Files seen to be there, and fallbacks already complained of. */
  readonly #known = new Set<string>()
  readonly #complained = new Set<string>()

  constructor({ mediaFolder, speech, logger, fallbackLanguage }: PromptLibraryOptions) {
    this.#media = resolve(mediaFolder)
    this.#speech = speech
    this.#logger = logger
    this.#fallback = fallbackLanguage
  }

  /**
   * The files that make up a prompt, in order.
   * @param language BCP 47 tag of the caller's language; a part's own language goes before it
   * @throws SwitchroomError PROMPT_MISSING or SPEECH_FAILED
   */
  async resolve(parts: readonly PromptPart[], language: string): Promise<readonly PlayItem[]> {
    const items = await Promise.all(parts.map((part) => this.#itemsOf(part, part.language ?? language)))
    return items.flat()
  }

  /** Absolute path of `media/music/<name>.wav`. @throws SwitchroomError PROMPT_MISSING */
  musicFile(name: string): string {
    const file = this.#inside('music', `${name}.wav`)
    if (!this.#known.has(file)) {
      if (!existsSync(file)) throw missing(`the music "${name}"`, [file])
      this.#known.add(file)
    }
    return file
  }

  /**
   * Renders texts ahead, so that no caller waits for them. Nothing is thrown: a text that could not be rendered is
   * returned with its error, and whoever plays it gets the same error again.
   */
  async prerender(
    texts: readonly { readonly text: string; readonly language: string }[],
  ): Promise<readonly { readonly text: string; readonly language: string; readonly error: unknown }[]> {
    const failures = texts.map(async ({ text, language }) => {
      try {
        await this.#speech.say(text, language)
        return []
      } catch (error) {
        return [{ text, language, error }]
      }
    })
    return (await Promise.all(failures)).flat()
  }

  async #itemsOf(part: PromptPart, language: string): Promise<PlayItem[]> {
    if ('audio' in part) return [{ file: await this.#audio(part.audio, language) }]
    if ('say' in part) return await this.#say(part.say, language)
    if ('digits' in part) return await this.#digits(part.digits, language)
    if ('number' in part) return await this.#number(part.number, language)
    return await this.#duration(part.duration, language)
  }

  async #say(text: string, language: string): Promise<PlayItem[]> {
    return text.trim() === '' ? [] : [{ file: await this.#speech.say(text, language) }]
  }

  async #digits(digits: string, language: string): Promise<PlayItem[]> {
    const spoken = spokenNumbers(language)
    if (!spoken) return await this.#say(digits.split('').join(' '), language)
    const pieces = digits.split('').flatMap((digit) => digitPiece(digit) ?? [])
    const files = await Promise.all(pieces.map((piece) => this.#audio(`digits/${piece}`, language)))
    return files.flatMap((file, i) => (i === 0 ? [{ file }] : [{ silenceMs: DIGIT_GAP_MS }, { file }]))
  }

  async #number(value: number, language: string): Promise<PlayItem[]> {
    const spoken = spokenNumbers(language)
    if (!spoken || !isCardinal(value)) return await this.#say(String(value), language)
    const pieces = spoken.cardinal(value)
    return await Promise.all(
      pieces.map(async (piece) => ({ file: await this.#audio(`numbers/${piece}`, language) })),
    )
  }

  async #duration(seconds: number, language: string): Promise<PlayItem[]> {
    if (!isSpokenDuration(seconds)) return await this.#say(`${seconds} s`, language)
    const spoken = spokenNumbers(language)
    if (!spoken) return await this.#say(writtenDuration(seconds, language), language)
    const files = spoken.duration(seconds).map((piece) => this.#audio(piece, language))
    return (await Promise.all(files)).map((file) => ({ file }))
  }

  async #audio(name: string, language: string): Promise<string> {
    const base = language.split('-')[0] ?? language
    const languages = [...new Set([language, base, this.#fallback])]
    const files = languages.map((tag) => this.#inside('prompts', tag, `${name}.wav`))
    for (const [i, file] of files.entries()) {
      if (!(await this.#exists(file))) continue
      if (languages[i] !== language && languages[i] !== base) this.#complain(name, language)
      return file
    }
    throw missing(`the audio "${name}" in ${language}`, files)
  }

  async #exists(file: string): Promise<boolean> {
    if (this.#known.has(file)) return true
    const found = await stat(file).catch(() => undefined)
    if (found?.isFile()) this.#known.add(file)
    return found?.isFile() ?? false
  }

  #complain(name: string, language: string): void {
    const what = `${language}/${name}`
    if (this.#complained.has(what)) return
    this.#complained.add(what)
    this.#logger.warn({ audio: name, language, played: this.#fallback }, 'prompt missing in this language')
  }

  /** Names come from flow files and may hold values of variables: they must not lead out of the folder. */
  #inside(...path: readonly string[]): string {
    const file = join(this.#media, ...path)
    if (file.startsWith(join(this.#media, path[0] ?? '') + sep) && !file.includes('\0')) return file
    throw missing(`the audio "${path.join('/')}", which lies outside of the media folder`, [])
  }
}

/** For a language without recorded pieces: "4 Minuten". */
function writtenDuration(seconds: number, language: string): string {
  const parts = durationParts(seconds).map(([count, unit]) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
  )
  return new Intl.ListFormat(language, { type: 'unit' }).format(parts)
}

function missing(what: string, files: readonly string[]): SwitchroomError {
  return new SwitchroomError(
    'PROMPT_MISSING',
    `there is no file for ${what}${files.length > 0 ? `; looked for ${files.join(', ')}` : ''}`,
    {
      remedy: 'Put the WAV file there (8 kHz, mono, 16 bit), or render it with `switchroom prompts render`.',
    },
  )
}
