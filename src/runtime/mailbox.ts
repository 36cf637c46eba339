/**
 * Hands inputs to a core one at a time, in order: what a core's effects put in while they are performed waits
 * for its turn, so a core is never entered twice at once. An input that fails does not hold up those after it.
 */
export class Mailbox<Input> {
  readonly #handle: (input: Input) => void
  readonly #failed: (error: unknown, input: Input) => void
  readonly #waiting: Input[] = []
  #busy = false

  /** @param failed is told what `handle` threw: a defect, which must not end more than it concerns */
  constructor(handle: (input: Input) => void, failed: (error: unknown, input: Input) => void) {
    this.#handle = handle
    this.#failed = failed
  }

  put(input: Input): void {
    this.#waiting.push(input)
    if (this.#busy) return
    this.#busy = true
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        this.#handle(next)
      } catch (error) {
        this.#failed(error, next)
      }
    }
    this.#busy = false
  }
}
