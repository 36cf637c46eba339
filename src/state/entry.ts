/**
 * Entries as they are written, one line each:
 *
 *     {"link":"5d0b1c3e","sequence":17,"at":1790000000000,"epoch":3,"decided":"acd 2 0f3c","input":{"type":"contact.left"}}
 *
 * The link is the CRC-32 of everything behind it in the line, continued from the link of the entry before: so each
 * vouches for all before it. It finds damage, lost and foreign entries; it is no protection against forgery.
 */
import { crc32 } from 'node:zlib'
import type { Entry, Position, StampedInput } from './journal.ts'
import { damaged, fieldsOf, hex, isCount, parseJson } from './sealed.ts'

/** `{"link":"0123abcd",` */
const LINK_LENGTH = 19

/** Entries ready to be written, and where the journal ends with them. */
export interface Chain {
  /** Without line ends. */
  readonly lines: readonly string[]
  readonly end: Position
}

/** @throws RangeError when time would go backwards */
export function chain(after: Position, epoch: number, inputs: readonly StampedInput[]): Chain {
  let end = after
  const lines = inputs.map(({ at, decided, input }) => {
    if (!isCount(at) || at < end.at) throw new RangeError(`input at ${at} after one at ${end.at}`)
    const sequence = end.sequence + 1
    const by = decided === undefined ? '' : `"decided":${JSON.stringify(decided)},`
    const content = `"sequence":${sequence},"at":${at},"epoch":${epoch},${by}"input":${JSON.stringify(input)}}`
    const link = crc32(content, end.link)
    end = { sequence, at, link }
    return `{"link":"${hex(link)}",${content}`
  })
  return { lines, end }
}

/** The lines of entries that were read. @throws SwitchroomError STATE_DAMAGED when they do not continue `after` */
export function writeEntries(after: Position, entries: readonly Entry[]): string[] {
  let last = after
  return entries.map((entry) => {
    const { lines, end } = chain(last, entry.epoch, [entry])
    if (!samePlace(end, entry)) throw foreign('what is to be archived', entry.sequence)
    last = entry
    return lines[0] ?? ''
  })
}

/**
 * Reads lines that should continue `after`. Lines that lie before it are passed over: what was written as one piece is
 * read as one.
 * @param place names where they are for people
 * @throws SwitchroomError STATE_DAMAGED, with the sequence at which they do not continue
 */
export function readEntries(lines: readonly string[], after: Position, place: string): Entry[] {
  const entries: Entry[] = []
  let last = after
  for (const line of lines) {
    const fields = fieldsOf(parseJson(line, `${place}, behind entry ${last.sequence},`), place)
    const { sequence, at, epoch, decided } = fields
    if (!isCount(sequence) || !isCount(at) || !isCount(epoch)) {
      throw damaged(`${place} has a line without sequence, time and epoch behind entry ${last.sequence}`)
    }
    if (sequence < last.sequence) continue
    if (sequence === last.sequence) {
      if (fields['link'] !== hex(last.link)) throw foreign(place, sequence)
      continue
    }
    if (sequence !== last.sequence + 1) {
      throw damaged(`${place} has a gap: entry ${last.sequence} is followed by ${sequence}`)
    }
    const link = crc32(line.slice(LINK_LENGTH), last.link)
    if (line.slice(0, LINK_LENGTH) !== `{"link":"${hex(link)}",`) throw foreign(place, sequence)
    const entry: Entry = {
      sequence,
      at,
      link,
      epoch,
      ...(typeof decided === 'string' && { decided }),
      input: fields['input'],
    }
    entries.push(entry)
    last = entry
  }
  return entries
}

/** @throws SwitchroomError STATE_DAMAGED */
export function positionIn(value: unknown, place: string): Position {
  const { sequence, at, link } = fieldsOf(value, place)
  if (!isCount(sequence) || !isCount(at) || !isCount(link)) throw damaged(`${place} has no position`)
  return { sequence, at, link }
}

export function samePlace(one: Position, other: Position): boolean {
  return one.sequence === other.sequence && one.link === other.link
}

/** Entries that were there are not there any more. */
export function gap(place: string, after: Position, end: Position): Error {
  return damaged(
    `${place} ends at entry ${end.sequence}, and those behind entry ${after.sequence} are missing`,
  )
}

function foreign(place: string, sequence: number): Error {
  return damaged(`entry ${sequence} of ${place} is not what was written there, or belongs to another history`)
}
