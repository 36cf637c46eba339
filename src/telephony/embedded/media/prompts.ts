import { open } from 'node:fs/promises'
import { silenceCode } from '../../../audio/g711.ts'
import { codesOf, readTelephoneWav } from '../../../audio/wav.ts'
import { messageOf, SwitchroomError } from '../../../errors.ts'
import type { Codec } from './protocol.ts'
import { FRAME_SAMPLES } from './rtp.ts'

/** Whole packets of audio, one after the other: `FRAME_SAMPLES` bytes each, the last one filled with silence. */
export type Frames = Buffer

interface Entry {
  readonly frames: Frames
  readonly modifiedMs: number
  readonly bytes: number
  checkedAt: number
}

/** A file that was looked at this recently is taken to be the same. */
const FRESH_MS = 1000
/** About two hours of audio. */
const DEFAULT_LIMIT_BYTES = 64 * 1024 * 1024

/**
 * Audio files cut into packets, once per file and law. An entry lives until the file changes or, the one that
 * was not used for longest first, until the limit is reached. What plays keeps its frames either way.
 */
export class Prompts {
  readonly #now: () => number
  readonly #limitBytes: number
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>()
  readonly #loading = new Map<string, Promise<Frames>>()
  #bytes = 0

  /** @param now milliseconds on a monotonic clock */
  constructor(now: () => number, limitBytes = DEFAULT_LIMIT_BYTES) {
    this.#now = now
    this.#limitBytes = limitBytes
  }

  /** The frames of `file` when they are here and the file was looked at within the last second. */
  ready(file: string, codec: Codec): Frames | undefined {
    const key = `${codec} ${file}`
    const entry = this.#entries.get(key)
    if (!entry || this.#now() - entry.checkedAt > FRESH_MS) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.frames
  }

  /** @throws SwitchroomError PROMPT_MISSING when it cannot be read or is not a WAV file that we play */
  load(file: string, codec: Codec): Promise<Frames> {
    const key = `${codec} ${file}`
    let loading = this.#loading.get(key)
    if (!loading) {
      loading = this.#read(file, codec, key).finally(() => this.#loading.delete(key))
      this.#loading.set(key, loading)
    }
    return loading
  }

  async #read(file: string, codec: Codec, key: string): Promise<Frames> {
    const { wav, modifiedMs, bytes } = await this.#readChanged(file, this.#entries.get(key))
    const known = this.#entries.get(key)
    if (!wav && known) {
      known.checkedAt = this.#now()
      return known.frames
    }
    const frames = cut(codesOf(readTelephoneWav(wav ?? Buffer.alloc(0), file), codec), codec)
    this.#forget(key)
    this.#entries.set(key, { frames, modifiedMs, bytes, checkedAt: this.#now() })
    this.#bytes += frames.length
    this.#shrink()
    return frames
  }

  /** Reads the file unless it is as `known` has it. */
  async #readChanged(
    file: string,
    known: Entry | undefined,
  ): Promise<{ wav: Buffer | undefined; modifiedMs: number; bytes: number }> {
    try {
      const handle = await open(file, 'r')
      try {
        const { mtimeMs: modifiedMs, size: bytes } = await handle.stat()
        const same = known?.modifiedMs === modifiedMs && known.bytes === bytes
        if (bytes > this.#limitBytes)
          throw new Error(`it has ${bytes} bytes, the most is ${this.#limitBytes}`)
        return { wav: same ? undefined : await handle.readFile(), modifiedMs, bytes }
      } finally {
        await handle.close()
      }
    } catch (error) {
      throw new SwitchroomError('PROMPT_MISSING', `${file} cannot be played: ${messageOf(error)}`, {
        cause: error,
      })
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#entries.get(key)?.frames.length ?? 0
    this.#entries.delete(key)
  }

  #shrink(): void {
    for (const key of this.#entries.keys()) {
      if (this.#bytes <= this.#limitBytes || this.#entries.size === 1) return
      this.#forget(key)
    }
  }
}

/** In memory of its own: `coded` may be a view of a whole file. */
function cut(coded: Buffer, codec: Codec): Frames {
  const frames = Buffer.alloc(Math.ceil(coded.length / FRAME_SAMPLES) * FRAME_SAMPLES, silenceCode[codec])
  coded.copy(frames)
  return frames
}
