import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Cancel, Clock } from '../clock/clock.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import type { SynthesisDone, SynthesisJob } from './synthesis.ts'

/** A worker without work keeps about 60 MB; starting one takes about 0.1 s. */
const IDLE_MS = 20_000
/** Every utterance of Flite leaves about 10 MB that is collected late; a new worker begins clean. */
const JOBS_PER_WORKER = 16
/** The longest text takes about 3 s; whoever waits for one that hangs must be let go. */
const LONGEST_JOB_MS = 30_000

interface Waiting {
  readonly job: SynthesisJob
  readonly done: () => void
  readonly failed: (error: SwitchroomError) => void
}

/** Hands jobs to the speech worker, one after the other, and lets it go when there is nothing to do. */
export class Synthesizer {
  readonly #clock: Clock
  readonly #waiting: Waiting[] = []
  #working: Waiting | undefined
  #worker: Worker | undefined
  #performed = 0
  #stopped = false
  #next = 1
  /** Ends the worker when it has been idle, or at one job, for too long. */
  #patience: Cancel = () => {}

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @throws SwitchroomError SPEECH_FAILED */
  render(source: SynthesisJob['source'], target: string): Promise<void> {
    if (this.#stopped) return Promise.reject(failure('the server stops'))
    return new Promise((done, failed) => {
      this.#waiting.push({ job: { id: this.#next++, source, target }, done, failed })
      this.#proceed()
    })
  }

  /** Whether the worker is there, which costs memory. */
  get running(): boolean {
    return this.#worker !== undefined
  }

  /** Ends the worker, for good; what was not finished fails. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#patience()
    const worker = this.#worker
    this.#worker = undefined
    this.#failAll('the server stops')
    await worker?.terminate()
  }

  #proceed(): void {
    if (this.#working) return
    this.#patience()
    const next = this.#waiting.shift()
    if (!next) {
      if (this.#worker) this.#patience = this.#clock.after(IDLE_MS, () => this.#release())
      return
    }
    if (this.#performed >= JOBS_PER_WORKER) this.#release()
    const worker = (this.#worker ??= this.#begin())
    this.#working = next
    this.#performed++
    // Only work keeps the process alive, so that a command that has rendered its prompts may simply return.
    worker.ref()
    worker.postMessage(next.job)
    this.#patience = this.#clock.after(LONGEST_JOB_MS, () => {
      this.#lost(worker, `it took more than ${LONGEST_JOB_MS / 1000} s`)
      void worker.terminate()
    })
  }

  #begin(): Worker {
    // The checkout runs .ts, the package .js: the worker has the extension of this file. WASI is called experimental
    // with a warning on standard error, which would be the first thing that a newcomer sees.
    const file = new URL(`./speech-worker${extname(import.meta.url)}`, import.meta.url)
    const worker = new Worker(file, { execArgv: ['--disable-warning=ExperimentalWarning'] })
    worker.on('message', (answer: SynthesisDone) => this.#settle(worker, answer))
    worker.on('error', (error) => this.#lost(worker, messageOf(error)))
    worker.on('exit', (code) => this.#lost(worker, `its thread ended with code ${code}`))
    return worker
  }

  #settle(worker: Worker, answer: SynthesisDone): void {
    const waiting = this.#working
    if (worker !== this.#worker || waiting?.job.id !== answer.id) return
    this.#working = undefined
    worker.unref()
    if (answer.failed === undefined) waiting.done()
    else waiting.failed(failure(answer.failed))
    this.#proceed()
  }

  #lost(worker: Worker, reason: string): void {
    if (worker !== this.#worker) return
    this.#worker = undefined
    this.#performed = 0
    this.#working?.failed(failure(reason))
    this.#working = undefined
    this.#proceed()
  }

  #release(): void {
    const worker = this.#worker
    this.#worker = undefined
    this.#performed = 0
    void worker?.terminate()
  }

  #failAll(reason: string): void {
    const open = [...(this.#working ? [this.#working] : []), ...this.#waiting.splice(0)]
    this.#working = undefined
    for (const { failed } of open) failed(failure(reason))
  }
}

function failure(reason: string): SwitchroomError {
  return new SwitchroomError('SPEECH_FAILED', `text could not be rendered to speech: ${reason}`, {
    remedy: 'Look into the log; record the prompt as an audio file if it goes on.',
  })
}
