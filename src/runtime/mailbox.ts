/**
 * Hands inputs to a core one at a time, in order: what a core's effects put in while they are performed waits
 * for its turn, so a core is never entered twice at once.
 */
export class Mailbox<Input> {
  readonly #handle: (input: Input) => void
  readonly #waiting: Input[] = []
  #busy = false

  constructor(handle: (input: Input) => void) {
    this.#handle = handle
  }

  put(input: Input): void {
    this.#waiting.push(input)
    if (this.#busy) return
    this.#busy = true
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
        this.#handle(next)
    } finally {
      this.#busy = false
    }
  }
}
