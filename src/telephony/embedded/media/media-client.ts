import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import { Batch } from '../../../clock/batch.ts'
import type { Cancel, Clock } from '../../../clock/clock.ts'
import { messageOf } from '../../../errors.ts'
import type {
  MediaEvent,
  MediaOptions,
  MediaRequest,
  RequestOf,
  WorkerEvent,
  WorkerMessage,
  WorkerRequest,
} from './protocol.ts'
import { RestedPorts } from './rested-ports.ts'

export interface MediaClientOptions extends Partial<MediaOptions> {
  readonly clock: Clock
  readonly logger: Logger
}

const DEFAULTS: MediaOptions = { ports: { min: 0, max: 0 }, lostAfterMs: 5000, idle: 'keep-alive' }
/** A worker that dies is started again after this long, so that a fault at its start does not spin. */
const RESTART_AFTER_MS = 200
/** Recordings on a disk that does not answer are given up after this long. */
const STOP_WITHIN_MS = 3000

/** The ports of sessions that never came to anything go back together: nobody waits for that. */
const RELEASE_AFTER_MS = 500

/** From a checkout the worker is a .ts file, from a package a .js file: the same as this one. */
const WORKER_FILE = new URL(`./media-worker${extname(new URL(import.meta.url).pathname)}`, import.meta.url)

/**
 * The main thread's end of the media worker. If the worker dies, every session that it had is reported closed
 * (those being opened as failed), without a report of their audio, and a new worker takes over for new sessions.
 */
export class MediaClient {
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #options: MediaOptions
  #receive: (event: MediaEvent) => void = () => undefined
  #changed: (up: boolean) => void = () => undefined
  #worker: Worker | undefined
  /** A message that wakes the worker costs both threads more than what it says. */
  #requests: Batch<WorkerRequest> | undefined
  /** Sessions that the worker has, and whether their ports are open yet. */
  readonly #sessions = new Map<number, 'opening' | 'open'>()
  readonly #rested = new RestedPorts()
  #released: number[] = []
  #cancelRelease: Cancel | undefined
  #stopping = false
  #emptied: (() => void) | undefined

  constructor({ clock, logger, ...options }: MediaClientOptions) {
    this.#clock = clock
    this.#logger = logger
    this.#options = { ...DEFAULTS, ...options }
  }

  /**
   * Starts the worker; every event goes to `receive` until `stop` resolves.
   * @param changed told when the worker has died, before its sessions are reported closed, and when another one works
   * @throws when it cannot start
   */
  async start(receive: (event: MediaEvent) => void, changed?: (up: boolean) => void): Promise<void> {
    this.#receive = receive
    this.#changed = changed ?? (() => undefined)
    this.#stopping = false
    await this.#startWorker()
  }

  /** Never throws. While a new worker is being started, only what opens a session is answered: it fails. */
  send(request: MediaRequest): void {
    if (request.type === 'open') this.#openSession(request)
    else if (request.type === 'close') this.#closeSession(request)
    else this.#requests?.add(request)
  }

  /** Closes all sessions, waits until recordings are on disk, and ends the worker. */
  async stop(): Promise<void> {
    this.#stopping = true
    const worker = this.#worker
    if (!worker) return
    if (this.#sessions.size > 0) {
      const empty = new Promise<void>((resolve) => {
        this.#emptied = resolve
      })
      for (const session of this.#sessions.keys()) this.send({ type: 'close', session })
      const cancel = this.#clock.after(STOP_WITHIN_MS, () => this.#emptied?.())
      await empty
      cancel()
    }
    this.#worker = undefined
    this.#requests = undefined
    this.#forgetReleased()
    await worker.terminate()
  }

  #startWorker(): Promise<void> {
    const worker = new Worker(WORKER_FILE, { workerData: this.#options, name: 'media' })
    return new Promise((resolve, reject) => {
      let died = 'it ended'
      worker.on('message', (message: WorkerMessage) => {
        if (message === 'ready') {
          this.#worker = worker
          this.#requests = new Batch((requests) => worker.postMessage(requests))
          resolve()
        } else {
          for (const event of message) this.#hear(event)
        }
      })
      worker.on('error', (error) => {
        died = messageOf(error)
        this.#logger.error({ err: error }, 'the media worker failed')
      })
      worker.on('exit', () => {
        reject(new Error(`the media worker did not start: ${died}`))
        if (this.#worker === worker) this.#replaceWorker()
      })
    })
  }

  #openSession(request: RequestOf<'open'>): void {
    const { session, host } = request
    const requests = this.#requests
    if (!requests) return this.#refuse(session)
    const port = this.#rested.take(host)
    if (port === undefined) {
      this.#sessions.set(session, 'opening')
      return requests.add(request)
    }
    this.#sessions.set(session, 'open')
    requests.add({ ...request, port })
    // Not before `send` has returned, as with a port that the worker was asked for.
    queueMicrotask(() => this.#receive({ type: 'opened', session, port }))
  }

  /** A call that is refused, or over, in the turn in which it came has no audio: the worker need not be woken. */
  #closeSession(request: RequestOf<'close'>): void {
    const requests = this.#requests
    const { session } = request
    const port = unusedPort(session, requests?.waiting ?? [])
    if (port === undefined) return requests?.add(request)
    requests?.remove((each) => 'session' in each && each.session === session)
    this.#released.push(port)
    this.#cancelRelease ??= this.#clock.after(RELEASE_AFTER_MS, () => this.#release())
    queueMicrotask(() => this.#hear({ type: 'closed', session, report: undefined }))
  }

  #release(): void {
    for (const port of this.#released) this.#requests?.add({ type: 'release', port })
    this.#forgetReleased()
  }

  #forgetReleased(): void {
    this.#cancelRelease?.()
    this.#cancelRelease = undefined
    this.#released = []
  }

  #hear(event: WorkerEvent): void {
    if (event.type === 'rested') return this.#rested.add(event.host, event.port)
    if (event.type === 'recall') {
      if (this.#rested.giveBack(event.port)) this.#requests?.add({ type: 'discard', port: event.port })
      return
    }
    if (event.type === 'opened') this.#sessions.set(event.session, 'open')
    if (event.type === 'closed' || event.type === 'open-failed') this.#sessions.delete(event.session)
    this.#receive(event)
    if (this.#sessions.size === 0) this.#emptied?.()
  }

  #replaceWorker(): void {
    this.#worker = undefined
    this.#requests = undefined
    this.#rested.clear()
    this.#forgetReleased()
    if (!this.#stopping) {
      this.#logger.error(
        { sessions: this.#sessions.size },
        'the media worker died; its calls lose their audio',
      )
      this.#changed(false)
      this.#clock.after(RESTART_AFTER_MS, () => this.#restart())
    }
    for (const [session, state] of this.#sessions) {
      if (state === 'opening') this.#refuse(session)
      else this.#receive({ type: 'closed', session, report: undefined })
    }
    this.#sessions.clear()
    this.#emptied?.()
  }

  #restart(): void {
    if (this.#stopping) return
    this.#startWorker().then(
      () => {
        this.#logger.info('the media worker runs again')
        this.#changed(true)
      },
      (error: unknown) => {
        this.#logger.error({ err: error }, 'the media worker cannot be restarted; trying again')
        this.#clock.after(RESTART_AFTER_MS, () => this.#restart())
      },
    )
  }

  #refuse(session: number): void {
    this.#receive({ type: 'open-failed', session, detail: 'the media worker is being restarted' })
  }
}

/** The port of a session that was given one in this turn, and nothing to do; undefined for any other. */
function unusedPort(session: number, waiting: readonly WorkerRequest[]): number | undefined {
  let port: number | undefined
  for (const request of waiting) {
    if (!('session' in request) || request.session !== session) continue
    if (request.type === 'open') port = request.port
    else if (request.type !== 'remote') return undefined
  }
  return port
}
