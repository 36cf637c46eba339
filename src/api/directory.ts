/** The names of people, in memory, because live events cannot wait for a database. */
export class Directory {
  readonly #read: () => Promise<readonly { readonly id: string; readonly name: string }[]>
  #names: ReadonlyMap<string, string> = new Map()

  constructor(read: () => Promise<readonly { readonly id: string; readonly name: string }[]>) {
    this.#read = read
  }

  /** Reads the names again: at the start, and after people were added or renamed. */
  async refresh(): Promise<void> {
    this.#names = new Map((await this.#read()).map(({ id, name }) => [id, name]))
  }

  /** The name; for somebody who is not known (any more) the id. */
  nameOf(id: string): string {
    return this.#names.get(id) ?? id
  }

  person(id: string): { id: string; name: string } {
    return { id, name: this.nameOf(id) }
  }
}
