import { type FileHandle, open } from 'node:fs/promises'
import { SAMPLES_PER_MS, TELEPHONE_RATE } from './sound.ts'
import { pcm16Of, UNKNOWN_LENGTH, WAV_HEADER_BYTES, wavHeader } from './wav.ts'

/**
 * Writes a WAV file (8 kHz, mono, 16-bit PCM) as it comes. The lengths in the header are patched by `close`;
 * after a crash they still say "unknown", and the file reads up to where it ends.
 *
 * Writes are queued and never waited for, so that a slow disk does not hold up audio; the first failure is
 * thrown by `close`.
 */
export class WavWriter {
  readonly #file: FileHandle
  #written: Promise<unknown>
  #bytes = 0

  private constructor(file: FileHandle) {
    this.#file = file
    this.#written = file.write(wavHeader(TELEPHONE_RATE, UNKNOWN_LENGTH))
    this.#written.catch(() => undefined)
  }

  /** @throws the file system's error when the file cannot be made */
  static async create(path: string): Promise<WavWriter> {
    return new WavWriter(await open(path, 'w'))
  }

  /** How much has been given to it, milliseconds. */
  get durationMs(): number {
    return this.#bytes / 2 / SAMPLES_PER_MS
  }

  /** Appends a copy of `samples`. */
  append(samples: Int16Array): void {
    if (samples.length === 0) return
    const bytes = pcm16Of(samples)
    this.#bytes += bytes.length
    this.#written = this.#written.then(() => this.#file.write(bytes))
    this.#written.catch(() => undefined)
  }

  /** Patches the header and closes the file. @throws the first error that a write met */
  async close(): Promise<void> {
    try {
      await this.#written
      await this.#file.write(wavHeader(TELEPHONE_RATE, this.#bytes), 0, WAV_HEADER_BYTES, 0)
    } finally {
      await this.#file.close()
    }
  }
}
