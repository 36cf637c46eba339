import type { Clock } from '../../clock/clock.ts'

/** Tells what happens, line by line, each with the seconds since the beginning. */
export class Story {
  readonly #clock: Clock
  readonly #write: (text: string) => void
  readonly #beganAt: number

  constructor(clock: Clock, write: (text: string) => void = (text) => process.stdout.write(text)) {
    this.#clock = clock
    this.#write = write
    this.#beganAt = clock.now()
  }

  tell(line: string): void {
    this.#write(`${seconds(this.#clock.now() - this.#beganAt).padStart(9)}  ${line}\n`)
  }
}

/** For people: `3.2 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
