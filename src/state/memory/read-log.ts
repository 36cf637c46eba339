import { chain, readEntries, samePlace } from '../entry.ts'
import type { Entry, Position } from '../journal.ts'
import { damaged } from '../sealed.ts'
import { DiskLog } from './disk-log.ts'
import { operationIn } from './operation.ts'

/** What a file of a disk journal has. */
export interface LogContent {
  /** What it continues. */
  readonly after: Position
  readonly entries: readonly Entry[]
  readonly end: Position
}

/**
 * Reads one file for whoever looks back, also while a server writes it: a torn last record does not count.
 * @throws SwitchroomError STATE_DAMAGED, naming the file and the place
 */
export async function readLog(file: string): Promise<LogContent> {
  const { records } = await DiskLog.look(file)
  const [base, ...operations] = records.map((record, index) =>
    operationIn(record, `record ${index + 1} of the file ${file}`),
  )
  if (base?.type !== 'base') throw damaged(`the file ${file} does not say what it continues`)
  let { end, term } = base
  const entries: Entry[] = []
  for (const [index, operation] of operations.entries()) {
    if (operation.type === 'term') term = operation.term
    if (operation.type !== 'group') continue
    const { after, inputs } = operation.group
    if (!samePlace(after, end)) {
      throw damaged(`record ${index + 2} of the file ${file} does not continue entry ${end.sequence}`)
    }
    const written = chain(after, term.epoch, inputs)
    entries.push(...readEntries(written.lines, after, `the file ${file}`))
    end = written.end
  }
  return { after: base.end, entries, end }
}
