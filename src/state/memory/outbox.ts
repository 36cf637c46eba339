import type { Effect, Outbox, StopFollowing } from '../journal.ts'
import type { MemoryStore } from './store.ts'

export class MemoryOutbox implements Outbox {
  readonly #store: MemoryStore
  readonly #node: string

  constructor(store: MemoryStore, node: string) {
    this.#store = store
    this.#node = node
  }

  async pending(): Promise<readonly Effect[]> {
    return [...this.#effects()]
  }

  follow(receive: (effects: readonly Effect[]) => void): StopFollowing {
    let seen = 0
    return this.#store.follow(() => {
      const effects = this.#effects().filter(({ sequence }) => sequence > seen)
      seen = effects.at(-1)?.sequence ?? seen
      if (effects.length > 0) receive(effects)
      return false
    })
  }

  async acknowledge(through: number): Promise<boolean> {
    const result = await this.#store.inTurn('outbox.acknowledge', () =>
      this.#store.change({ type: 'acknowledged', node: this.#node, through }),
    )
    return result === undefined
  }

  #effects(): readonly Effect[] {
    return this.#store.state.outboxes.get(this.#node) ?? []
  }
}
