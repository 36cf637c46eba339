/** What Redis answers, checked: it is a program of others, and anybody may write into it. */
import type { Position, WriteResult } from '../journal.ts'
import { damaged, isCount, listIn } from '../sealed.ts'

/** One entry of a stream, with its only field. */
export interface StreamEntry {
  readonly id: string
  readonly text: string
}

/** What a writer's script found. @throws SwitchroomError STATE_DAMAGED */
export function writeResultIn(reply: unknown, place: string): WriteResult {
  const [outcome, epoch, ...position] = textsIn(reply, place)
  const end = headIn(position, place)
  switch (outcome) {
    case 'committed':
    case 'rolled-back':
      return { outcome, end }
    case 'fenced':
      return { outcome, epoch: countIn(epoch, place) }
    default:
      throw damaged(`${place} answers ${String(outcome)}`)
  }
}

/** The position in `head`: [sequence, at, link], null where nothing was written yet. @throws SwitchroomError STATE_DAMAGED */
export function headIn(reply: unknown, place: string): Position {
  const [sequence, at, link] = listIn(reply, place).map((text) => countIn(text ?? '0', place))
  if (sequence === undefined || at === undefined || link === undefined) throw damaged(`${place} has no end`)
  return { sequence, at, link }
}

/** @throws SwitchroomError STATE_DAMAGED */
export function streamIn(reply: unknown, place: string): StreamEntry[] {
  return listIn(reply, place).map((item) => {
    const [id, fields] = listIn(item, place)
    const [, text] = listIn(fields ?? [], place)
    if (typeof id !== 'string' || typeof text !== 'string')
      throw damaged(`${place} has an entry without text`)
    return { id, text }
  })
}

/** @throws SwitchroomError STATE_DAMAGED */
export function countIn(value: unknown, place: string): number {
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  if (!isCount(count)) throw damaged(`${place} has ${JSON.stringify(value)} where a number was written`)
  return count
}

function textsIn(reply: unknown, place: string): string[] {
  return listIn(reply, place).map((item) => {
    if (typeof item !== 'string') throw damaged(`${place} answers ${JSON.stringify(item)}`)
    return item
  })
}
