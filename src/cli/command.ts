/** One command of the `switchroom` program; each has a file of its own in this folder. */
export interface Command {
  /** As it is typed, for example `phone call` or `flow check`. */
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Arguments and flags, one line each, as `--help` shows them. */
  readonly usage: string
  /** One line that works as it stands. */
  readonly example: string
  /**
   * @param args what follows the name
   * @returns the exit code
   * @throws SwitchroomError (shown in one line with its remedy; exit code 1, or 2 for USAGE)
   */
  run(args: readonly string[]): Promise<number>
}
