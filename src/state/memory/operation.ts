/** What changes a domain in memory, as it is written to the disk: reading it again does the same again. */
import { positionIn } from '../entry.ts'
import type { Effect, Group, InboxEntry, Position, StampedInput } from '../journal.ts'
import type { Term } from '../leadership.ts'
import { effectsIn, inboxEntriesIn } from '../records.ts'
import { damaged, type Fields, fieldsOf, isCount, listIn } from '../sealed.ts'

export type Operation =
  /** The whole domain but for the entries: the first record of every file. */
  | ({ readonly type: 'base'; readonly resumed: boolean } & Base)
  | { readonly type: 'term'; readonly term: Term }
  | { readonly type: 'group'; readonly group: Group }
  | { readonly type: 'put'; readonly at: number; readonly entries: readonly InboxEntry[] }
  | { readonly type: 'acknowledged'; readonly node: string; readonly through: number }

export interface Base {
  readonly term: Term
  /** Not where the file before it ends, when the journal was `resumed`. */
  /** Behind which position the entries are kept. */
  readonly start: Position
  readonly end: Position
  readonly inbox: readonly InboxEntry[]
  /** Inbox keys and when they were put, oldest first. */
  readonly keys: readonly (readonly [string, number])[]
  readonly outboxes: readonly (readonly [string, readonly Effect[]])[]
}

export function recordOf(operation: Operation): Fields {
  if (operation.type !== 'group') return { ...operation }
  const { group } = operation
  return { type: 'group', group: { ...group, effects: [...group.effects] } }
}

/** A group as it will be read from the disk, whatever its owner does with his own from now on. */
export function copyOf(group: Group): Group {
  const text = JSON.stringify({ ...group, effects: [...group.effects] })
  return groupIn(JSON.parse(text), 'a group')
}

/** @throws SwitchroomError STATE_DAMAGED */
export function operationIn(record: Fields, place: string): Operation {
  const { type, at, node, through } = record
  switch (type) {
    case 'base':
      return {
        type,
        resumed: record['resumed'] === true,
        term: termIn(record['term'], place),
        start: positionIn(record['start'], place),
        end: positionIn(record['end'], place),
        inbox: inboxEntriesIn(record['inbox'], place),
        keys: listIn(record['keys'], place).map((pair) => keyIn(pair, place)),
        outboxes: outboxesIn(record['outboxes'], place),
      }
    case 'term':
      return { type, term: termIn(record['term'], place) }
    case 'group':
      return { type, group: groupIn(record['group'], place) }
    case 'put':
      if (!isCount(at)) throw damaged(`${place} does not say when it was put`)
      return { type, at, entries: inboxEntriesIn(record['entries'], place) }
    case 'acknowledged':
      if (typeof node !== 'string' || !isCount(through)) throw damaged(`${place} acknowledges nothing`)
      return { type, node, through }
    default:
      throw damaged(`${place} is a record of an unknown type, ${JSON.stringify(type)}`)
  }
}

function termIn(value: unknown, place: string): Term {
  const { epoch, owner } = fieldsOf(value, place)
  if (!isCount(epoch) || typeof owner !== 'string') throw damaged(`${place} has no term`)
  return { epoch, owner }
}

function groupIn(value: unknown, place: string): Group {
  const fields = fieldsOf(value, place)
  const { performed } = fields
  return {
    after: positionIn(fields['after'], place),
    inputs: listIn(fields['inputs'], place).map((input) => stampedIn(input, place)),
    effects: new Map(outboxesIn(fields['effects'], place)),
    taken: listIn(fields['taken'], place).map((id) => textIn(id, place)),
    ...(performed !== undefined && { performed: performedIn(performed, place) }),
  }
}

function stampedIn(value: unknown, place: string): StampedInput {
  const { at, decided, input } = fieldsOf(value, place)
  if (!isCount(at)) throw damaged(`${place} has an input without its time`)
  return { at, ...(typeof decided === 'string' && { decided }), input }
}

function performedIn(value: unknown, place: string): { node: string; through: number } {
  const { node, through } = fieldsOf(value, place)
  if (!isCount(through)) throw damaged(`${place} acknowledges nothing`)
  return { node: textIn(node, place), through }
}

function outboxesIn(value: unknown, place: string): [string, Effect[]][] {
  return listIn(value, place).map((item) => {
    const [node, effects] = listIn(item, place)
    return [textIn(node, place), effectsIn(effects, place)]
  })
}

function keyIn(value: unknown, place: string): [string, number] {
  const [key, at] = listIn(value, place)
  if (!isCount(at)) throw damaged(`${place} has a key without its time`)
  return [textIn(key, place), at]
}

function textIn(value: unknown, place: string): string {
  if (typeof value !== 'string')
    throw damaged(`${place} has ${JSON.stringify(value)} where a text was written`)
  return value
}
