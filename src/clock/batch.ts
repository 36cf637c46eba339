/**
 * Gathers what is said during one turn of the event loop and hands it on at the end of that turn: for receivers
 * whom each message costs more than its content, such as another thread that has to be woken.
 */
export class Batch<Item> {
  readonly #deliver: (items: readonly Item[]) => void
  #items: Item[] = []

  /** @param deliver given at least one item */
  constructor(deliver: (items: readonly Item[]) => void) {
    this.#deliver = deliver
  }

  /** What has been said in this turn. */
  get waiting(): readonly Item[] {
    return this.#items
  }

  add(item: Item): void {
    this.#items.push(item)
    if (this.#items.length === 1) setImmediate(() => this.#flush())
  }

  /** Takes back what waits and fits. */
  remove(fits: (item: Item) => boolean): void {
    this.#items = this.#items.filter((item) => !fits(item))
  }

  #flush(): void {
    if (this.#items.length === 0) return
    const items = this.#items
    this.#items = []
    this.#deliver(items)
  }
}
