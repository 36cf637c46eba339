/**
 * A journal as it was written down, for whoever looks back: an archive's segments, the files of a disk journal, or one
 * of either. Nothing is written, and a server may run meanwhile.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { messageOf, SwitchroomError } from '../errors.ts'
import { readSegment, readSnapshot, segmentsIn, snapshotsIn } from './archive.ts'
import { samePlace } from './entry.ts'
import type { Entry, Position, Snapshot } from './journal.ts'
import { readLog } from './memory/read-log.ts'
import { unsealSnapshot } from './records.ts'
import { damaged } from './sealed.ts'

const LOG = /^journal-\d{6,}\.log$/
const LOG_SNAPSHOT = 'snapshot.json'

/** Entries of one file that continue a position. */
export interface Piece {
  readonly file: string
  readonly after: Position
  readonly entries: readonly Entry[]
  readonly end: Position
  /** Share of all bytes that is read with it. */
  readonly progress: number
}

interface Source {
  readonly file: string
  readonly read: () => Promise<Omit<Piece, 'file' | 'progress'>>
}

interface SnapshotSource {
  readonly file: string
  readonly read: () => Promise<Snapshot>
}

export interface KeptSnapshot extends Snapshot {
  readonly file: string
}

export class History {
  readonly #sources: readonly Source[]
  readonly #snapshots: readonly SnapshotSource[]

  private constructor(sources: readonly Source[], snapshots: readonly SnapshotSource[]) {
    this.#sources = sources
    this.#snapshots = snapshots
  }

  /**
   * @param path a folder of an archive or of a disk journal, or one file of it
   * @throws SwitchroomError NOT_FOUND when there is no journal
   */
  static async open(path: string): Promise<History> {
    const isFolder = await isDirectory(path)
    const folder = isFolder ? path : dirname(path)
    const wanted = (file: string): boolean => isFolder || basename(file) === basename(path)
    const names = (await readdir(folder)).toSorted()
    const segments = (await segmentsIn(folder)).map((segment) => ({
      file: segment.file,
      read: () => readSegment(segment),
    }))
    const logs = names
      .filter((name) => LOG.test(name))
      .map((name) => ({ file: join(folder, name), read: () => readLog(join(folder, name)) }))
    const sources = [...segments, ...logs].filter(({ file }) => wanted(file))
    if (sources.length === 0)
      throw noJournal(path, 'it has neither archived segments nor files of a disk journal')
    const archived = (await snapshotsIn(folder)).map((snapshot) => ({
      file: snapshot.file,
      read: () => readSnapshot(snapshot),
    }))
    const latest = join(folder, LOG_SNAPSHOT)
    const own = names.includes(LOG_SNAPSHOT) ? [{ file: latest, read: () => readSnapshotFile(latest) }] : []
    return new History(sources, [...archived, ...own])
  }

  /** @throws SwitchroomError STATE_DAMAGED */
  async snapshots(): Promise<KeptSnapshot[]> {
    const found: KeptSnapshot[] = []
    for (const { file, read } of this.#snapshots) found.push({ ...(await read()), file })
    return found
  }

  /**
   * File by file. Where one does not continue the one before it, `after` says so; what two of them have, is handed over
   * once.
   * @throws SwitchroomError STATE_DAMAGED, naming the file and the entry
   */
  async *pieces(): AsyncGenerator<Piece> {
    let last: Position | undefined
    for (const [index, { file, read }] of this.#sources.entries()) {
      const { after, entries, end } = await read()
      const progress = (index + 1) / this.#sources.length
      if (last && after.sequence < last.sequence) {
        const known = last
        const twice = [after, ...entries].find(({ sequence }) => sequence === known.sequence)
        if (twice && !samePlace(twice, known)) {
          throw damaged(`entry ${known.sequence} of the file ${file} is not the one of the file before it`)
        }
        if (end.sequence <= known.sequence) continue
        const fresh = entries.filter(({ sequence }) => sequence > known.sequence)
        yield { file, after: known, entries: fresh, end, progress }
      } else {
        yield { file, after, entries, end, progress }
      }
      last = end
    }
  }
}

async function readSnapshotFile(file: string): Promise<Snapshot> {
  return unsealSnapshot((await readFile(file, 'utf8')).trimEnd(), `the file ${file}`)
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (thrown) {
    throw noJournal(path, messageOf(thrown))
  }
}

function noJournal(path: string, why: string): SwitchroomError {
  return new SwitchroomError('NOT_FOUND', `There is no journal in ${path}: ${why}.`, {
    remedy: "Name the folder of an archive, or routing/<domain> of a server's data folder.",
  })
}
