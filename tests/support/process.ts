/** Programs that a test starts: their output line by line, and their end by process id. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'

const LINES_SHOWN = 40

/** Linux ends a program so started when the tests that started it are killed and can clean up nothing. */
const SETPRIV = '/usr/bin/setpriv'
const TIED = process.platform === 'linux' && existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'TERM'] : []

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ProgramOptions {
  readonly cwd?: string
  /** Added to the environment of the tests; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Written to its standard input, which is then closed. Without it, there is no standard input. */
  readonly input?: string
  /** A process group of its own, which `stop` and `kill` end as a whole: for a program that starts others. */
  readonly group?: boolean
}

const running = new Set<RunningProgram>()

/** A test that dies leaves nothing behind. */
process.on('exit', () => {
  for (const program of running) program.signal('SIGKILL')
})

/** A program that runs. Both of its output streams are collected, line by line. */
export class RunningProgram {
  readonly name: string
  readonly lines: string[] = []
  /** Resolves when it has ended and all of its output has been read. */
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  readonly #group: boolean
  readonly #listeners = new Set<(line: string) => void>()
  #over = false

  constructor(command: string, args: readonly string[], options: ProgramOptions = {}) {
    this.name = command.split('/').at(-1) ?? command
    this.#group = options.group === true
    const spawnOptions: SpawnOptions = {
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      detached: this.#group,
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    }
    const [first = command, ...rest] = [...TIED, command, ...args]
    this.#child = spawn(first, rest, spawnOptions)
    this.#child.stdin?.end(options.input)
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#read(line))
    }
    running.add(this)
    this.ended = this.#untilEnd()
    // Whoever waits sees the failure; a program that nobody waits for must not end the test run.
    this.ended.catch(() => {})
  }

  /** @throws when it could not be started */
  get pid(): number {
    const { pid } = this.#child
    if (pid === undefined) throw new Error(`${this.name} could not be started`)
    return pid
  }

  get isOver(): boolean {
    return this.#over
  }

  get output(): string {
    return this.lines.join('\n')
  }

  /**
   * The first line, past or to come, that fits `pattern`.
   * @throws when it ends or `timeoutMs` passes before, with the end of its output
   */
  line(pattern: RegExp, timeoutMs = 20_000): Promise<string> {
    const found = this.lines.find((line) => pattern.test(line))
    if (found !== undefined) return Promise.resolve(found)
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer)
        this.#listeners.delete(listener)
        finish()
      }
      const fail = (what: string): void =>
        settle(() => reject(new Error(`${this.name} ${what} before it wrote ${pattern}:\n${this.#tail()}`)))
      const listener = (line: string): void => {
        if (pattern.test(line)) settle(() => resolve(line))
      }
      const timer = setTimeout(() => fail(`was given ${timeoutMs} ms`), timeoutMs)
      this.#listeners.add(listener)
      this.ended.then(
        ({ code, signal }) => fail(`ended (${signal ?? code})`),
        (error: unknown) => fail(`could not be started (${String(error)})`),
      )
    })
  }

  /** Asks it to end, and makes it end after `patienceMs`. Harmless when it is over. */
  async stop(patienceMs = 10_000): Promise<Ended> {
    this.signal('SIGTERM')
    const timer = setTimeout(() => this.signal('SIGKILL'), patienceMs)
    try {
      return await this.ended
    } finally {
      clearTimeout(timer)
    }
  }

  /** Ends it as a crash would. */
  kill(): Promise<Ended> {
    this.signal('SIGKILL')
    return this.ended
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#over || this.#child.pid === undefined) return
    try {
      process.kill(this.#group ? -this.#child.pid : this.#child.pid, signal)
    } catch {
      // It has ended in this very moment.
    }
  }

  #read(line: string): void {
    this.lines.push(line)
    for (const listener of this.#listeners) listener(line)
  }

  #tail(): string {
    return this.lines.slice(-LINES_SHOWN).join('\n')
  }

  async #untilEnd(): Promise<Ended> {
    try {
      const [code, signal] = (await once(this.#child, 'close')) as [number | null, NodeJS.Signals | null]
      return { code, signal }
    } finally {
      this.#over = true
      running.delete(this)
    }
  }
}

/** Starts a program. */
export function start(command: string, args: readonly string[], options?: ProgramOptions): RunningProgram {
  return new RunningProgram(command, args, options)
}

/** Starts a program through another one that becomes it, for example `taskset -c 0`. */
export function launch(
  launcher: readonly string[] | undefined,
  command: string,
  args: readonly string[],
  options?: ProgramOptions,
): RunningProgram {
  const [first, ...rest] = launcher ?? []
  return first === undefined
    ? start(command, args, options)
    : start(first, [...rest, command, ...args], options)
}

export interface Finished extends Ended {
  readonly output: string
}

/** Runs a program to its end. @throws when it takes longer than `timeoutMs`, with the end of its output */
export async function finish(
  command: string,
  args: readonly string[],
  options: ProgramOptions & { readonly timeoutMs?: number } = {},
): Promise<Finished> {
  const program = start(command, args, options)
  const timeoutMs = options.timeoutMs ?? 60_000
  let late = false
  const timer = setTimeout(() => {
    late = true
    program.signal('SIGKILL')
  }, timeoutMs)
  const ended = await program.ended.finally(() => clearTimeout(timer))
  const { output } = program
  if (late) throw new Error(`${program.name} took longer than ${timeoutMs} ms:\n${output.slice(-4_000)}`)
  return { ...ended, output }
}
