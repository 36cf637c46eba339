/**
 * How state is written: one line of JSON per record, with the CRC-32 of everything behind it as first field. So a person
 * can read it with any tool, and a damaged record is told from a sound one wherever it is kept.
 */
import { crc32 } from 'node:zlib'
import { SwitchroomError } from '../errors.ts'

/** `{"check":"0123abcd",` */
const SEAL_LENGTH = 20

export type Fields = Readonly<Record<string, unknown>>

/** @param fields at least one */
export function seal(fields: Fields): string {
  const content = JSON.stringify(fields).slice(1)
  return `{"check":"${hex(crc32(content))}",${content}`
}

/**
 * @param place names the record for people, for example `the file /data/journal.log at byte 120`
 * @throws SwitchroomError STATE_DAMAGED
 */
export function unseal(line: string, place: string): Fields {
  const expected = `{"check":"${hex(crc32(line.slice(SEAL_LENGTH)))}",`
  if (line.slice(0, SEAL_LENGTH) !== expected) {
    throw damaged(`${place} starts with ${shown(line)}; its checksum says ${expected}`)
  }
  return fieldsOf(parseJson(line, place), place)
}

/** @throws SwitchroomError STATE_DAMAGED */
export function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    throw damaged(`${place} is not JSON: ${shown(text)}`, thrown)
  }
}

/** @throws SwitchroomError STATE_DAMAGED */
export function fieldsOf(value: unknown, place: string): Fields {
  if (isFields(value)) return value
  throw damaged(`${place} is not an object`)
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** @throws SwitchroomError STATE_DAMAGED */
export function listIn(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw damaged(`${place} has no list where one was written`)
}

/** Eight digits. */
export function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0')
}

export function damaged(what: string, cause?: unknown): SwitchroomError {
  return new SwitchroomError('STATE_DAMAGED', `What was kept of routing is damaged: ${what}.`, {
    remedy: 'Restore it from a backup, or move it aside to start with an empty queue.',
    cause,
  })
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)
}
