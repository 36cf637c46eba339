/**
 * Hands inputs to a core one at a time, in order: what a core's effects put in while they are performed waits
 * for its turn, so a core is never entered twice at once. An input that fails does not hold up those after it.
 * While it is held, inputs wait in it.
 */
export class Mailbox<Input> {
  readonly #handle: (input: Input) => void
  readonly #failed: (error: unknown, input: Input) => void
  readonly #waiting: Input[] = []
  #busy = false
  #isHeld = false

  /** @param failed is told what `handle` threw: a defect, which must not end more than it concerns */
  constructor(handle: (input: Input) => void, failed: (error: unknown, input: Input) => void) {
    this.#handle = handle
    this.#failed = failed
  }

  put(input: Input): void {
    this.#waiting.push(input)
    this.#work()
  }

  /** Hands over nothing more until `go`. */
  hold(): void {
    this.#isHeld = true
  }

  go(): void {
    this.#isHeld = false
    this.#work()
  }

  #work(): void {
    if (this.#busy) return
    this.#busy = true
    while (!this.#isHeld) {
      const next = this.#waiting.shift()
      if (next === undefined) break
      try {
        this.#handle(next)
      } catch (error) {
        this.#failed(error, next)
      }
    }
    this.#busy = false
  }
}
