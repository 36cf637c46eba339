import { type FileHandle, open } from 'node:fs/promises'

const HEADER_BYTES = 44
/** The customary length of a stream whose end is not known yet; readers take what is there. */
const UNKNOWN_LENGTH = 0xffffffff

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
    this.#written = file.write(header(UNKNOWN_LENGTH))
    this.#written.catch(() => undefined)
  }

  /** @throws the file system's error when the file cannot be made */
  static async create(path: string): Promise<WavWriter> {
    return new WavWriter(await open(path, 'w'))
  }

  /** How much has been given to it, milliseconds. */
  get durationMs(): number {
    return this.#bytes / 16
  }

  /** Appends a copy of `samples`. */
  append(samples: Int16Array): void {
    if (samples.length === 0) return
    const bytes = Buffer.allocUnsafe(samples.length * 2)
    for (let at = 0; at < samples.length; at++) bytes.writeInt16LE(samples[at] ?? 0, at * 2)
    this.#bytes += bytes.length
    this.#written = this.#written.then(() => this.#file.write(bytes))
    this.#written.catch(() => undefined)
  }

  /** Patches the header and closes the file. @throws the first error that a write met */
  async close(): Promise<void> {
    try {
      await this.#written
      await this.#file.write(header(this.#bytes), 0, HEADER_BYTES, 0)
    } finally {
      await this.#file.close()
    }
  }
}

/** The canonical header of 16-bit PCM, 8 kHz, mono. */
function header(dataBytes: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  bytes.write('RIFF', 0, 'latin1')
  bytes.writeUInt32LE(Math.min(dataBytes + HEADER_BYTES - 8, UNKNOWN_LENGTH), 4)
  bytes.write('WAVEfmt ', 8, 'latin1')
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(8000, 24)
  bytes.writeUInt32LE(16000, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(dataBytes, 40)
  return bytes
}
