/** Closes what was opened, the last first. */
export class OpenParts {
  readonly #closers: (() => Promise<void> | void)[] = []

  push(close: () => Promise<void> | void): void {
    this.#closers.push(close)
  }

  /** All of them, also after one that failed. @throws the first failure */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      try {
        await close()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
