/**
 * Gathers what is said during one turn of the event loop and hands it on at the end of that turn: for receivers
 * whom each message costs more than its content, such as another thread that has to be woken.
 */
export class Batch<Item> {
  readonly #deliver: (items: readonly Item[]) => void
  #items: Item[] = []

  constructor(deliver: (items: readonly Item[]) => void) {
    this.#deliver = deliver
  }

  add(item: Item): void {
    this.#items.push(item)
    if (this.#items.length === 1) setImmediate(() => this.#flush())
  }

  #flush(): void {
    const items = this.#items
    this.#items = []
    this.#deliver(items)
  }
}
