/** Runs one thing after the other. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** Is something running or waiting? */
  get busy(): boolean {
    return this.#waiting > 0
  }

  /** Resolves or rejects as `run` does, once it had its turn. */
  run<T>(run: () => Promise<T>): Promise<T> {
    this.#waiting++
    const result = this.#last.then(run)
    this.#last = result.then(
      () => this.#waiting--,
      () => this.#waiting--,
    )
    return result
  }
}

/** Runs it when it is the turn in both lanes. */
export function runInBoth<T>(one: Lane, other: Lane, run: () => Promise<T>): Promise<T> {
  const { promise: isTurn, resolve: turn } = Promise.withResolvers<void>()
  const { promise: isOver, resolve: over } = Promise.withResolvers<void>()
  void other.run(() => {
    turn()
    return isOver
  })
  return one.run(async () => {
    try {
      await isTurn
      return await run()
    } finally {
      over()
    }
  })
}
