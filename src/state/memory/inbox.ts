import type { Away, Inbox, InboxEntry, InboxInput, StopFollowing } from '../journal.ts'
import type { MemoryStore } from './store.ts'

export class MemoryInbox implements Inbox {
  readonly #store: MemoryStore
  #lastId = 0

  constructor(store: MemoryStore) {
    this.#store = store
  }

  put(
    inputs: readonly InboxInput[],
  ): Promise<{ readonly outcome: 'put'; readonly duplicates: number } | Away> {
    const { state, clock } = this.#store
    return this.#store.inTurn('inbox.put', async () => {
      const fresh = new Map<string, InboxEntry>()
      for (const { key, input } of inputs) {
        if (!fresh.has(key) && !state.keys.has(key)) fresh.set(key, { id: this.#nextId(), key, input })
      }
      const entries = [...fresh.values()]
      if (entries.length > 0) await this.#store.change({ type: 'put', at: clock.now(), entries })
      return { outcome: 'put' as const, duplicates: inputs.length - entries.length }
    })
  }

  follow(receive: (entries: readonly InboxEntry[]) => void): StopFollowing {
    let last = 0
    return this.#store.follow(() => {
      const entries = this.#store.state.inbox.filter(({ id }) => Number(id) > last)
      last = Number(entries.at(-1)?.id ?? last)
      if (entries.length > 0) receive(entries)
      return false
    })
  }

  /** From the time, so that ids rise across restarts. */
  #nextId(): string {
    this.#lastId = Math.max(this.#lastId + 1, this.#store.clock.now())
    return String(this.#lastId)
  }
}
