import { messageOf, SwitchroomError } from '../../errors.ts'
import { chain, gap, samePlace } from '../entry.ts'
import type {
  Entry,
  Fenced,
  Follower,
  Group,
  Inbox,
  Journal,
  Outbox,
  Position,
  Snapshot,
  StopFollowing,
  WriteResult,
} from '../journal.ts'
import type { Term } from '../leadership.ts'
import { sealSnapshot, unsealSnapshot } from '../records.ts'
import type { KeptSnapshot } from './files.ts'
import { MemoryInbox } from './inbox.ts'
import { copyOf } from './operation.ts'
import { MemoryOutbox } from './outbox.ts'
import type { MemoryStore } from './store.ts'

/** Entries read in one go. */
const BATCH = 1_000

/** A journal in the memory of one process, and on its disk. */
export class MemoryJournal implements Journal {
  readonly inbox: Inbox
  readonly #store: MemoryStore

  constructor(store: MemoryStore) {
    this.#store = store
    this.inbox = new MemoryInbox(store)
  }

  async start(): Promise<Position> {
    return this.#store.state.start
  }

  async end(): Promise<Position> {
    return this.#store.state.end
  }

  async read(after: Position, limit = BATCH): Promise<readonly Entry[]> {
    return this.#entriesAfter(after, limit)
  }

  follow(after: Position, follower: Follower): StopFollowing {
    let last = after
    const stop = this.#store.follow(() => {
      try {
        const entries = this.#entriesAfter(last, BATCH)
        const end = entries.at(-1)
        if (!end) return false
        last = end
        follower.receive(entries)
        return true
      } catch (thrown) {
        stop()
        follower.interrupted(thrown instanceof Error ? thrown : new Error(messageOf(thrown)))
        return false
      }
    })
    return stop
  }

  async append(term: Term, group: Group): Promise<WriteResult> {
    chain(group.after, term.epoch, group.inputs)
    const copy = copyOf(group)
    return this.#write('journal.append', term, () => this.#append(copy))
  }

  async latestSnapshot(): Promise<Snapshot | undefined> {
    const { snapshot } = this.#store
    return snapshot && unsealSnapshot(snapshot.text, 'the snapshot in memory')
  }

  saveSnapshot(term: Term, snapshot: Snapshot): Promise<WriteResult> {
    const store = this.#store
    const kept = keptOf(snapshot)
    return this.#write('snapshot.save', term, async () => {
      const { sequence } = kept.position
      if (store.state.end.sequence < sequence) return { outcome: 'rolled-back', end: store.state.end }
      if ((store.snapshot?.position.sequence ?? 0) <= sequence) {
        await store.keepSnapshot(kept)
        await store.files?.rotate(store.state.base(), false)
      }
      return this.#committed()
    })
  }

  resume(term: Term, snapshot: Snapshot, groups: readonly Group[]): Promise<WriteResult> {
    const store = this.#store
    const kept = keptOf(snapshot)
    const copies = groups.map(copyOf)
    return store.inTurn('journal.resume', async (): Promise<WriteResult> => {
      const { state } = store
      if (state.term.epoch >= term.epoch && !this.#isOurs(term)) return this.#fenced()
      await store.change({ type: 'term', term })
      const lacking = copies.findIndex(({ after }) => samePlace(after, state.end))
      for (const group of lacking === -1 ? [] : copies.slice(lacking)) await this.#append(group)
      if (state.end.sequence > kept.position.sequence) return this.#fenced()
      await store.keepSnapshot(kept)
      const start = samePlace(state.end, kept.position) ? state.start : kept.position
      await store.files?.rotate({ ...state.base(), start, end: kept.position }, true)
      state.start = start
      state.end = kept.position
      store.tell()
      return this.#committed()
    })
  }

  trim(term: Term, through: Position): Promise<WriteResult> {
    const store = this.#store
    return this.#write('journal.trim', term, async () => {
      if (through.sequence <= (store.snapshot?.position.sequence ?? 0)) {
        await store.files?.trim(through.sequence)
        store.state.trim(through)
      }
      return this.#committed()
    })
  }

  outbox(node: string): Outbox {
    return new MemoryOutbox(this.#store, node)
  }

  /** A term begins: those before it are refused from here on. @throws SwitchroomError STATE_UNREACHABLE */
  async begin(owner: string): Promise<Term> {
    const store = this.#store
    const result = await store.inTurn('term.begin', async () => {
      const term = { epoch: store.state.term.epoch + 1, owner }
      await store.change({ type: 'term', term })
      return { outcome: 'begun' as const, term }
    })
    if (result.outcome === 'begun') return result.term
    throw new SwitchroomError('STATE_UNREACHABLE', `The journal cannot be written: ${result.reason}.`, {
      remedy: 'Make room on the disk, and see that this user may write there.',
    })
  }

  #write(step: string, term: Term, work: () => Promise<WriteResult>): Promise<WriteResult> {
    return this.#store.inTurn(step, async () => {
      if (this.#isOurs(term)) return work()
      const { state } = this.#store
      return state.term.epoch < term.epoch ? { outcome: 'rolled-back', end: state.end } : this.#fenced()
    })
  }

  async #append(group: Group): Promise<WriteResult> {
    const { end, term } = this.#store.state
    if (!samePlace(group.after, end)) {
      if (samePlace(chain(group.after, term.epoch, group.inputs).end, end)) return this.#committed()
      return end.sequence < group.after.sequence ? { outcome: 'rolled-back', end } : this.#fenced()
    }
    await this.#store.change({ type: 'group', group })
    return this.#committed()
  }

  #entriesAfter(after: Position, limit: number): Entry[] {
    const { entries, end } = this.#store.state
    if (end.sequence <= after.sequence) return []
    const from = firstAfter(entries, after.sequence)
    const place = this.#store.files?.place ?? 'the journal in memory'
    const before = entries[from - 1]
    const isForeign = before?.sequence === after.sequence && before.link !== after.link
    if (isForeign || entries[from]?.sequence !== after.sequence + 1) throw gap(place, after, end)
    const found = entries.slice(from, from + limit)
    const hole = found.findIndex(({ sequence }, index) => sequence !== after.sequence + 1 + index)
    return hole === -1 ? found : found.slice(0, hole)
  }

  #isOurs(term: Term): boolean {
    const { epoch, owner } = this.#store.state.term
    return epoch === term.epoch && owner === term.owner
  }

  #committed(): WriteResult {
    return { outcome: 'committed', end: this.#store.state.end }
  }

  #fenced(): Fenced {
    return { outcome: 'fenced', epoch: this.#store.state.term.epoch }
  }
}

function keptOf(snapshot: Snapshot): KeptSnapshot {
  return { position: snapshot.position, text: sealSnapshot(snapshot) }
}

/** Index of the first entry behind a sequence. */
function firstAfter(entries: readonly Entry[], sequence: number): number {
  let [low, high] = [0, entries.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((entries[middle]?.sequence ?? 0) <= sequence) low = middle + 1
    else high = middle
  }
  return low
}
