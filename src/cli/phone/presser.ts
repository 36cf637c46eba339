import type { Cancel, Clock } from '../../clock/clock.ts'
import type { Heard } from './hearing.ts'

/** When keys are pressed: at a pause of each prompt, or so many milliseconds after the answer and after one another. */
export type PressAfter = 'prompt' | number

/** Sound without a pause is no prompt: keys that wait for one are pressed all the same after so long. */
const NO_LONGER_MS = 10_000

/** Presses one group of keys after the other, each at its time. */
export class Presser {
  readonly #clock: Clock
  readonly #press: (keys: string) => void
  readonly #groups: string[]
  readonly #after: PressAfter
  #timer: Cancel = () => undefined

  constructor(groups: readonly string[], after: PressAfter, clock: Clock, press: (keys: string) => void) {
    this.#groups = [...groups]
    this.#after = after
    this.#clock = clock
    this.#press = press
  }

  get isDone(): boolean {
    return this.#groups.length === 0
  }

  answered(): void {
    this.#wait()
  }

  heard({ what }: Heard): void {
    if (this.#after === 'prompt' && what === 'paused') this.#next()
  }

  /** Presses nothing any more. */
  stop(): void {
    this.#timer()
    this.#groups.length = 0
  }

  #wait(): void {
    this.#timer()
    if (this.isDone) return
    const delay = this.#after === 'prompt' ? NO_LONGER_MS : this.#after
    this.#timer = this.#clock.after(delay, () => this.#next())
  }

  #next(): void {
    const keys = this.#groups.shift()
    if (keys !== undefined) this.#press(keys)
    this.#wait()
  }
}
