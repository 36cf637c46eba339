/**
 * An append-only file of sealed records, one per line, forced onto the disk before `append` resolves.
 *
 * A process that dies in the middle of a write leaves a last line without its end: nobody was told that it is there,
 * so it is cut off. Anything else that is not a sound record is damage, and refused by file and offset: an entry that was
 * confirmed must not vanish silently.
 */
import { type FileHandle, open, readFile, truncate } from 'node:fs/promises'
import { damaged, type Fields, seal, unseal } from '../sealed.ts'
import { writeWhole } from '../whole-file.ts'

export interface DiskRecords {
  readonly records: readonly Fields[]
  /** Bytes of a torn last record, which do not count. */
  readonly cut: number
}

const LINE_END = 0x0a

export class DiskLog {
  readonly file: string
  readonly #handle: FileHandle
  /** Bytes that are confirmed. */
  #length: number

  private constructor(file: string, handle: FileHandle, length: number) {
    this.file = file
    this.#handle = handle
    this.#length = length
  }

  /** A new file that begins with this record; there from one moment to the next, or not at all. */
  static async create(file: string, first: Fields): Promise<DiskLog> {
    await writeWhole(file, `${seal(first)}\n`)
    return DiskLog.continue(file)
  }

  /** Appends to a file that was read. */
  static async continue(file: string): Promise<DiskLog> {
    const handle = await open(file, 'r+')
    const { size } = await handle.stat()
    return new DiskLog(file, handle, size)
  }

  /**
   * Reads everything, and cuts off a torn last record.
   * @throws SwitchroomError STATE_DAMAGED, with the file and the offset
   */
  static async read(file: string): Promise<DiskRecords> {
    const found = await DiskLog.look(file)
    if (found.cut > 0) await truncate(file, found.length)
    return found
  }

  /** As `read`, and leaves the file as it is: it may be another process that writes there. */
  static async look(file: string): Promise<DiskRecords & { readonly length: number }> {
    const bytes = await readFile(file)
    const records: Fields[] = []
    let offset = 0
    for (let end = bytes.indexOf(LINE_END); end !== -1; end = bytes.indexOf(LINE_END, offset)) {
      const line = bytes.toString('utf8', offset, end)
      records.push(unseal(line, `the file ${file}, at byte ${offset},`))
      offset = end + 1
    }
    if (records.length === 0) throw damaged(`the file ${file} has no first record`)
    return { records, cut: bytes.length - offset, length: offset }
  }

  /** @throws the system's error when the disk is full or gone; what was written of the record is taken back first */
  async append(record: Fields): Promise<void> {
    const bytes = Buffer.from(`${seal(record)}\n`)
    try {
      await this.#write(bytes)
      await this.#force()
    } catch (thrown) {
      await this.#handle.truncate(this.#length)
      throw thrown
    }
    this.#length += bytes.length
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async #write(bytes: Buffer): Promise<void> {
    let written = 0
    while (written < bytes.length) {
      const left = bytes.length - written
      written += (await this.#handle.write(bytes, written, left, this.#length + written)).bytesWritten
    }
  }

  async #force(): Promise<void> {
    await this.#handle.datasync()
  }
}
