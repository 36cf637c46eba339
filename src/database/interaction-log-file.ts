import { closeSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Interaction } from '../call/interaction.ts'
import type { OfferExplanation } from './interactions.ts'

/** One line of the log: a contact as it was at `at`. It is over where `explanations` are there. */
export interface LogEntry {
  readonly at: number
  readonly interaction: Interaction
  readonly explanations?: readonly OfferExplanation[]
}

const FILE = 'interactions.log'
const REFUSED_FILE = 'interactions.refused.log'

/**
 * The file of the interaction log: one JSON object per line, handed to the kernel before `append` returns, so
 * that it outlives the process. It is not forced onto the disk: a power cut may take the last seconds.
 */
export class InteractionLogFile {
  readonly #folder: string
  #descriptor: number
  #bytes = 0
  /** A write was cut short: the next line must not continue it. */
  #torn = false

  constructor(folder: string) {
    this.#folder = folder
    this.#descriptor = openSync(join(folder, FILE), 'a', 0o600)
  }

  /** Everything in the file; lines that are no entry come apart, as text. */
  static read(folder: string): { entries: LogEntry[]; damaged: string[] } {
    const entries: LogEntry[] = []
    const damaged: string[] = []
    for (const line of textOf(join(folder, FILE)).split('\n')) {
      const entry = parse(line)
      if (entry) entries.push(entry)
      else if (line !== '') damaged.push(line)
    }
    return { entries, damaged }
  }

  /** Bytes in the file. */
  get bytes(): number {
    return this.#bytes
  }

  /** @throws the system's error when the disk is full or gone */
  append(line: string): void {
    const text = this.#torn ? `\n${line}\n` : `${line}\n`
    const bytes = Buffer.from(text)
    this.#torn = true
    const written = writeSync(this.#descriptor, bytes)
    this.#bytes += written
    if (written < bytes.length) throw new Error(`wrote ${written} of ${bytes.length} bytes: the disk is full`)
    this.#torn = false
  }

  /** Leaves only these lines; a process that dies in the middle leaves the file as it was. */
  rewrite(lines: Iterable<string>): void {
    const file = join(this.#folder, FILE)
    const fresh = openSync(`${file}.new`, 'w', 0o600)
    let bytes = 0
    try {
      const text = Buffer.from([...lines, ''].join('\n'))
      while (bytes < text.length) bytes += writeSync(fresh, text, bytes)
      renameSync(`${file}.new`, file)
    } finally {
      closeSync(fresh)
    }
    closeSync(this.#descriptor)
    this.#descriptor = openSync(file, 'a', 0o600)
    this.#bytes = bytes
    this.#torn = false
  }

  empty(): void {
    ftruncateSync(this.#descriptor)
    this.#bytes = 0
    this.#torn = false
  }

  /** Puts lines aside that the database or this program cannot read, for a person to look at. */
  setAside(lines: readonly string[]): void {
    const aside = openSync(join(this.#folder, REFUSED_FILE), 'a', 0o600)
    try {
      writeSync(aside, [...lines, ''].join('\n'))
    } finally {
      closeSync(aside)
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return ''
    throw thrown
  }
}

function parse(line: string): LogEntry | undefined {
  try {
    const entry: unknown = JSON.parse(line)
    return isEntry(entry) ? entry : undefined
  } catch {
    // The last line of a process that died while writing it, or damage: both are reported by the caller.
    return undefined
  }
}

/** As much as the replay relies on; the database checks the rest. */
function isEntry(value: unknown): value is LogEntry {
  if (typeof value !== 'object' || value === null) return false
  const { at, interaction, explanations } = value as Readonly<Record<string, unknown>>
  if (typeof at !== 'number' || typeof interaction !== 'object' || interaction === null) return false
  const { id, startedAt } = interaction as Readonly<Record<string, unknown>>
  const isList = explanations === undefined || Array.isArray(explanations)
  return typeof id === 'string' && typeof startedAt === 'number' && isList
}
