import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { samePlace } from '../entry.ts'
import type { Position } from '../journal.ts'
import { unsealSnapshot } from '../records.ts'
import { damaged } from '../sealed.ts'
import { writeWhole } from '../whole-file.ts'
import { DiskLog } from './disk-log.ts'
import type { DomainState } from './domain-state.ts'
import { type Base, type Operation, operationIn, recordOf } from './operation.ts'

const SNAPSHOT = 'snapshot.json'
const LOG = /^journal-(\d{6,})\.log$/

/** A snapshot as it is written. */
export interface KeptSnapshot {
  readonly position: Position
  readonly text: string
}

interface LogFile {
  readonly file: string
  readonly number: number
  /** Where the journal ended when the file was begun. */
  readonly start: Position
}

/**
 * The files of a domain: `journal-000001.log` and on, each of which begins with all there was but the entries, and
 * `snapshot.json`. A new file is begun with each snapshot; those whose entries nobody needs any more are removed.
 */
export class DomainFiles {
  readonly #folder: string
  #files: readonly LogFile[]
  #log: DiskLog
  /** As it was found at the start. */
  readonly snapshot: KeptSnapshot | undefined

  private constructor(
    folder: string,
    files: readonly LogFile[],
    log: DiskLog,
    snapshot: KeptSnapshot | undefined,
  ) {
    this.#folder = folder
    this.#files = files
    this.#log = log
    this.snapshot = snapshot
  }

  /**
   * Reads the files of a folder into `state`, or begins the first one.
   * @throws SwitchroomError STATE_DAMAGED
   */
  static async open(folder: string, state: DomainState, logger: Logger): Promise<DomainFiles> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const names = (await readdir(folder)).flatMap((name) => {
      const number = LOG.exec(name)?.[1]
      return number === undefined ? [] : [{ file: join(folder, name), number: Number(number) }]
    })
    const files: LogFile[] = []
    for (const { file, number } of names.toSorted((a, b) => a.number - b.number)) {
      files.push({ file, number, start: await restore(file, state, files.length === 0, logger) })
    }
    const [oldest] = files
    if (oldest && oldest.start.sequence > state.start.sequence) state.start = oldest.start
    const snapshot = await readSnapshot(join(folder, SNAPSHOT))
    const last = files.at(-1)
    if (last) return new DomainFiles(folder, files, await DiskLog.continue(last.file), snapshot)
    const first = { file: join(folder, fileName(1)), number: 1, start: state.end }
    const log = await DiskLog.create(first.file, recordOf({ type: 'base', resumed: false, ...state.base() }))
    return new DomainFiles(folder, [first], log, snapshot)
  }

  /** The latest file, for people. */
  get place(): string {
    return `the file ${this.#log.file}`
  }

  async append(operation: Operation): Promise<void> {
    await this.#log.append(recordOf(operation))
  }

  async saveSnapshot({ text }: KeptSnapshot): Promise<void> {
    await writeWhole(join(this.#folder, SNAPSHOT), `${text}\n`)
  }

  /** Begins a new file with what there is now. @param resumed it does not continue the one before */
  async rotate(base: Base, resumed: boolean): Promise<void> {
    const number = (this.#files.at(-1)?.number ?? 0) + 1
    const next = { file: join(this.#folder, fileName(number)), number, start: base.end }
    const log = await DiskLog.create(next.file, recordOf({ type: 'base', resumed, ...base }))
    const old = this.#log
    this.#log = log
    this.#files = [...this.#files, next]
    await old.close()
  }

  /** Removes the files that only have entries up to this sequence. */
  async trim(through: number): Promise<void> {
    const firstKept = this.#files.findLastIndex(({ start }) => start.sequence <= through)
    const old = this.#files.slice(0, Math.max(firstKept, 0))
    for (const { file } of old) await rm(file, { force: true })
    this.#files = this.#files.slice(old.length)
  }

  async close(): Promise<void> {
    await this.#log.close()
  }
}

/** Reads one file into the state; where the journal ended when it was begun. */
async function restore(
  file: string,
  state: DomainState,
  isFirst: boolean,
  logger: Logger,
): Promise<Position> {
  const { records, cut } = await DiskLog.read(file)
  if (cut > 0) logger.warn({ file, bytes: cut }, 'a torn last record was cut off')
  const [base, ...rest] = records.map((record, index) =>
    operationIn(record, `record ${index + 1} of the file ${file}`),
  )
  if (base?.type !== 'base') throw damaged(`the file ${file} does not say what it continues`)
  if (!isFirst && !base.resumed && !samePlace(base.end, state.end)) {
    throw damaged(
      `the file ${file} continues entry ${base.end.sequence}, and the one before it ends at ${state.end.sequence}`,
    )
  }
  state.apply(base)
  for (const [index, operation] of rest.entries()) {
    if (operation.type === 'base') throw damaged(`record ${index + 2} of the file ${file} begins a file`)
    if (operation.type === 'group' && !samePlace(operation.group.after, state.end)) {
      throw damaged(`record ${index + 2} of the file ${file} does not continue entry ${state.end.sequence}`)
    }
    state.apply(operation)
  }
  return base.end
}

async function readSnapshot(file: string): Promise<KeptSnapshot | undefined> {
  try {
    const text = (await readFile(file, 'utf8')).trimEnd()
    const { position } = unsealSnapshot(text, `the file ${file}`)
    return { position, text }
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw thrown
  }
}

function fileName(number: number): string {
  return `journal-${String(number).padStart(6, '0')}.log`
}
