/**
 * What a journal forgets, kept on disk: for replays, for what-if, for looking into an incident.
 *
 * A segment is a gzip file of JSON lines, named by the first and last sequence that it has, so that a folder listing tells
 * what there is: a header (domain, and the position that it continues), then the entries as the journal has them, each
 * with its link. The links continue from segment to segment; an entry that was changed, lost or added is named
 * by file and sequence. A journal that was resumed behind a gap leaves the gap in the archive as well.
 *
 * Beside the segments stand the snapshots at which they were taken, so that a replay can begin behind each of them.
 */
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createGunzip, gunzip, gzip } from 'node:zlib'
import { messageOf, SwitchroomError } from '../errors.ts'
import { positionIn, readEntries, samePlace, writeEntries } from './entry.ts'
import { BEGINNING, type Entry, type Journal, type Position, type Snapshot } from './journal.ts'
import { sealSnapshot, unsealSnapshot } from './records.ts'
import { damaged, fieldsOf, parseJson } from './sealed.ts'
import { writeWhole } from './whole-file.ts'

const NAME = /^(\d{12})-(\d{12})\.jsonl\.gz$/

const SNAPSHOT_NAME = /^(\d{12})\.snapshot\.json\.gz$/

const compress = promisify(gzip)
const expand = promisify(gunzip)

export interface Segment {
  readonly file: string
  readonly first: number
  readonly last: number
}

/** A snapshot in an archive, at a position with this sequence. */
export interface ArchivedSnapshot {
  readonly file: string
  readonly sequence: number
}

/** What a segment has. */
export interface SegmentContent {
  readonly domain: unknown
  /** What it continues. */
  readonly after: Position
  readonly entries: readonly Entry[]
  readonly end: Position
}

/** The archive of one domain: a folder of its own. */
export class Archive {
  readonly #folder: string
  readonly #domain: string

  constructor(folder: string, domain: string) {
    this.#folder = folder
    this.#domain = domain
  }

  /** Oldest first. */
  async segments(): Promise<Segment[]> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    return segmentsIn(this.#folder)
  }

  /**
   * Writes what the journal has and the archive has not, up to a sequence; after that, the journal may be trimmed up to
   * there. What lies before a gap in the journal makes a segment of its own.
   * @throws SwitchroomError STATE_DAMAGED, STATE_UNREACHABLE, or the system's error
   */
  async take(journal: Journal, through: number): Promise<Segment[]> {
    const last = (await this.segments()).at(-1)
    const [start, end] = [await journal.start(), last ? (await this.#read(last)).end : BEGINNING]
    const written: Segment[] = []
    if (end.sequence < start.sequence) {
      // Another node may have archived it, or it may be lost: what is there is taken.
      const before = await entriesTo(journal, end, start.sequence, 'or a gap')
      if (before.length > 0) written.push(await this.#write(end, before))
    }
    const after = end.sequence < start.sequence ? start : end
    const entries = await entriesTo(journal, after, through)
    if (entries.length > 0) written.push(await this.#write(after, entries))
    const snapshot = await journal.latestSnapshot()
    if (snapshot && snapshot.position.sequence === written.at(-1)?.last) await this.#keep(snapshot)
    return written
  }

  /**
   * Entries from a sequence on, segment by segment.
   * @param gap is told when a segment does not continue the one before it; without it, that is an error
   * @throws SwitchroomError STATE_DAMAGED, naming the file and the entry
   */
  async *read(from = 1, gap?: (before: Position, after: Position) => void): AsyncGenerator<readonly Entry[]> {
    let end: Position | undefined
    for (const segment of await this.segments()) {
      if (segment.last < from) continue
      const content = await this.#read(segment)
      if (end && !samePlace(end, content.after)) {
        if (!gap) {
          throw damaged(
            `the file ${segment.file} continues entry ${content.after.sequence}, and the one before it ends at ${end.sequence}`,
          )
        }
        gap(end, content.after)
      }
      end = content.end
      yield content.entries.filter(({ sequence }) => sequence >= from)
    }
  }

  /** Removes segments whose files are older than this, oldest first. @param before milliseconds since 1970 */
  async expire(before: number): Promise<Segment[]> {
    const gone: Segment[] = []
    for (const segment of await this.segments()) {
      if ((await stat(segment.file)).mtimeMs >= before) break
      await rm(segment.file)
      gone.push(segment)
    }
    // The one at which the oldest segment begins stays.
    const end = gone.at(-1)?.last ?? 0
    for (const { file, sequence } of await snapshotsIn(this.#folder)) if (sequence < end) await rm(file)
    return gone
  }

  async #write(after: Position, entries: readonly Entry[]): Promise<Segment> {
    const [first, last] = [after.sequence + 1, entries.at(-1)?.sequence ?? after.sequence]
    const name = [first, last].map((sequence) => String(sequence).padStart(12, '0')).join('-')
    const file = join(this.#folder, `${name}.jsonl.gz`)
    const header = JSON.stringify({ domain: this.#domain, after })
    await this.#save(file, [header, ...writeEntries(after, entries), ''].join('\n'))
    return { file, first, last }
  }

  async #keep(snapshot: Snapshot): Promise<void> {
    const name = `${String(snapshot.position.sequence).padStart(12, '0')}.snapshot.json.gz`
    await this.#save(join(this.#folder, name), `${sealSnapshot(snapshot)}\n`)
  }

  async #save(file: string, text: string): Promise<void> {
    // Forced onto the disk with its name: the journal is trimmed next, and then this is the only copy.
    await writeWhole(file, await compress(text))
  }

  async #read(segment: Segment): Promise<SegmentContent> {
    const content = await readSegment(segment)
    if (content.domain === this.#domain) return content
    throw damaged(
      `the file ${segment.file} is of the domain ${JSON.stringify(content.domain)}, not of ${this.#domain}`,
    )
  }
}

/** The segments in a folder, oldest first. */
export async function segmentsIn(folder: string): Promise<Segment[]> {
  return (await readdir(folder)).toSorted().flatMap((name) => {
    const [, first, last] = NAME.exec(name) ?? []
    return first === undefined ? [] : [{ file: join(folder, name), first: Number(first), last: Number(last) }]
  })
}

/** The snapshots in a folder, oldest first. */
export async function snapshotsIn(folder: string): Promise<ArchivedSnapshot[]> {
  return (await readdir(folder)).toSorted().flatMap((name) => {
    const sequence = SNAPSHOT_NAME.exec(name)?.[1]
    return sequence === undefined ? [] : [{ file: join(folder, name), sequence: Number(sequence) }]
  })
}

/** @throws SwitchroomError STATE_DAMAGED, naming the file and the entry */
export async function readSegment({ file, last }: Segment): Promise<SegmentContent> {
  const place = `the file ${file}`
  const { lines: all, fault } = await linesOf(file)
  const [header = '', ...lines] = all
  const { domain, after: continues } = fieldsOf(parseJson(header, place), place)
  const after = positionIn(continues, place)
  const entries = readEntries(lines, after, place)
  const end = entries.at(-1) ?? after
  if (fault !== undefined) throw damaged(`${place} cannot be expanded behind entry ${end.sequence}: ${fault}`)
  if (end.sequence !== last) throw damaged(`${place} ends at entry ${end.sequence}`)
  return { domain, after, entries, end }
}

/** @throws SwitchroomError STATE_DAMAGED */
export async function readSnapshot({ file }: ArchivedSnapshot): Promise<Snapshot> {
  const place = `the file ${file}`
  try {
    return unsealSnapshot((await expand(await readFile(file))).toString('utf8').trimEnd(), place)
  } catch (thrown) {
    if (thrown instanceof SwitchroomError) throw thrown
    throw damaged(`${place} cannot be expanded: ${messageOf(thrown)}`, thrown)
  }
}

/** The entries of the journal up to a sequence, or only up to where it does not go on. */
async function entriesTo(
  journal: Journal,
  after: Position,
  through: number,
  orGap?: 'or a gap',
): Promise<Entry[]> {
  const entries: Entry[] = []
  for (let place = after; place.sequence < through; ) {
    const read = await journal.read(place).catch((error: unknown) => {
      if (orGap && error instanceof SwitchroomError && error.code === 'STATE_DAMAGED') return []
      throw error
    })
    const more = read.filter(({ sequence }) => sequence <= through)
    const next = more.at(-1)
    if (!next) break
    entries.push(...more)
    place = next
  }
  return entries
}

/** What can be read of a file: a damaged one is read as far as possible, so that the place of the damage can be told. */
async function linesOf(file: string): Promise<{ lines: string[]; fault: string | undefined }> {
  const chunks: Buffer[] = []
  const expanding = createGunzip()
  expanding.on('data', (chunk: Buffer) => chunks.push(chunk))
  const over = new Promise<string | undefined>((resolve) => {
    expanding.on('end', () => resolve(undefined))
    expanding.on('error', (error) => resolve(error.message))
  })
  expanding.end(await readFile(file))
  const fault = await over
  const lines = Buffer.concat(chunks).toString('utf8').split('\n')
  // What stands behind the last line end: nothing, or a line that was cut.
  lines.pop()
  return { lines, fault }
}
