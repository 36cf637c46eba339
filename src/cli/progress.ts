import { bar } from '../simulation/terminal-chart.ts'

/** A bar on a terminal while it runs; nothing where nobody looks. */
export class Progress {
  readonly #out: NodeJS.WriteStream
  #shown = -1

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  show(share: number): void {
    const percent = Math.floor(100 * share)
    if (!this.#out.isTTY || percent === this.#shown) return
    this.#shown = percent
    this.#out.write(`\r${bar(share, 40).padEnd(40, '·')} ${percent} %`)
  }

  clear(): void {
    if (this.#shown >= 0) this.#out.write('\r\u001b[K')
  }
}
