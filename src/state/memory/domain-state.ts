import type { Clock } from '../../clock/clock.ts'
import { chain, readEntries } from '../entry.ts'
import { BEGINNING, type Effect, type Entry, type Group, type InboxEntry, type Position } from '../journal.ts'
import type { Term } from '../leadership.ts'
import { RecentKeys } from '../recent-keys.ts'
import type { Base, Operation } from './operation.ts'

const NOBODY: Term = { epoch: 0, owner: '' }

/** A domain in memory: what its operations have made of it. */
export class DomainState {
  readonly #clock: Clock
  term = NOBODY
  /** Behind which position the entries are kept. */
  start: Position = BEGINNING
  end: Position = BEGINNING
  /** Those not trimmed, in order; with a gap where the journal was resumed without what lay before. */
  entries: Entry[] = []
  inbox: InboxEntry[] = []
  keys: RecentKeys
  readonly outboxes = new Map<string, Effect[]>()

  constructor(clock: Clock) {
    this.#clock = clock
    this.keys = new RecentKeys(clock)
  }

  apply(operation: Operation): void {
    switch (operation.type) {
      case 'base':
        return this.#replace(operation)
      case 'term':
        this.term = operation.term
        return
      case 'group':
        return this.#append(operation.group)
      case 'put':
        this.inbox.push(...operation.entries)
        for (const { key } of operation.entries) this.keys.add(key, operation.at)
        return
      case 'acknowledged':
        return this.#acknowledge(operation.node, operation.through)
    }
  }

  trim(through: Position): void {
    if (through.sequence <= this.start.sequence) return
    this.start = through
    this.entries = this.entries.filter(({ sequence }) => sequence > through.sequence)
  }

  base(): Base {
    const { term, start, end, inbox, keys } = this
    return { term, start, end, inbox, keys: keys.entries(), outboxes: [...this.outboxes] }
  }

  #replace({ term, start, end, inbox, keys, outboxes }: Base): void {
    this.term = term
    this.start = start
    this.end = end
    this.inbox = [...inbox]
    this.keys = new RecentKeys(this.#clock, keys)
    this.outboxes.clear()
    for (const [node, effects] of outboxes) this.outboxes.set(node, [...effects])
  }

  #append({ after, inputs, effects, taken, performed }: Group): void {
    const { lines, end } = chain(after, this.term.epoch, inputs)
    this.entries.push(...readEntries(lines, after, 'a group'))
    this.end = end
    if (taken.length > 0) {
      const gone = new Set(taken)
      this.inbox = this.inbox.filter(({ id }) => !gone.has(id))
    }
    for (const [node, list] of effects) {
      const outbox = this.outboxes.get(node) ?? []
      outbox.push(...list)
      this.outboxes.set(node, outbox)
    }
    if (performed) this.#acknowledge(performed.node, performed.through)
  }

  #acknowledge(node: string, through: number): void {
    const left = (this.outboxes.get(node) ?? []).filter(({ sequence }) => sequence > through)
    this.outboxes.set(node, left)
  }
}
