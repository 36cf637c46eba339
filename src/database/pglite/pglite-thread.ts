import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import { messageOf, SwitchroomError } from '../../errors.ts'
import type { QueryFault, Reply, Request, ThreadData } from './messages.ts'

type Result = Extract<Reply, { type: 'result' }>

interface Waiting {
  readonly resolve: (reply: Result | undefined) => void
  readonly reject: (error: Error) => void
}

/** The checkout runs TypeScript; the package runs what was compiled from it. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/** A refused query, with PostgreSQL's fields; as `pg` would throw it. */
export class QueryError extends Error implements QueryFault {
  override readonly name = 'QueryError'
  declare readonly code?: string
  declare readonly detail?: string
  declare readonly constraint?: string
  declare readonly table?: string
  declare readonly column?: string

  constructor(fault: QueryFault) {
    super(fault.message)
    Object.assign(this, fault)
  }
}

/** Our end of the embedded database's thread. */
export class PgliteThread {
  readonly #worker: Worker
  readonly #logger: Logger
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 1
  #gone: Error | undefined
  #closing = false

  private constructor(worker: Worker, logger: Logger) {
    this.#worker = worker
    this.#logger = logger
    worker.on('message', (reply: Reply) => this.#receive(reply))
    worker.on('error', (error) => this.#lose(`The embedded database failed: ${error.message}`))
    worker.on('exit', () => this.#lose('The embedded database is closed.'))
  }

  /**
   * Opens the database in a folder (made when it is not there), or in memory.
   * @throws SwitchroomError DATABASE_UNAVAILABLE
   */
  static async open(folder: string, logger: Logger): Promise<PgliteThread> {
    const workerData: ThreadData = { folder }
    const worker = new Worker(new URL(`./thread${extension}`, import.meta.url), {
      name: 'database',
      workerData,
    })
    const problem = await firstReply(worker)
    if (problem !== undefined) {
      await worker.terminate()
      throw new SwitchroomError(
        'DATABASE_UNAVAILABLE',
        `The embedded database in ${folder} could not be opened: ${problem}`,
        {
          remedy: 'Is the disk full, or the folder not readable and writable? Else restore it from a backup.',
        },
      )
    }
    return new PgliteThread(worker, logger)
  }

  /** @throws QueryError when PostgreSQL refuses; SwitchroomError DATABASE_UNAVAILABLE when the thread is gone */
  async query(sql: string, parameters: readonly unknown[]): Promise<Result> {
    const result = await this.#ask((id) => ({ id, type: 'query', sql, parameters }))
    if (!result) throw new SwitchroomError('DATABASE_UNAVAILABLE', 'The embedded database is closing.')
    return result
  }

  async close(): Promise<void> {
    if (this.#gone) return
    this.#closing = true
    const exited = once(this.#worker, 'exit')
    await this.#ask((id) => ({ id, type: 'close' }))
    await exited
  }

  #ask(request: (id: number) => Request): Promise<Result | undefined> {
    if (this.#gone) return Promise.reject(this.#gone)
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage(request(id))
    })
  }

  #receive(reply: Reply): void {
    if (reply.type === 'warning') this.#logger.warn({ reason: reply.message }, 'embedded database')
    if (reply.type !== 'result' && reply.type !== 'error' && reply.type !== 'closed') return
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (reply.type === 'error') waiting?.reject(new QueryError(reply.error))
    else waiting?.resolve(reply.type === 'result' ? reply : undefined)
  }

  #lose(message: string): void {
    if (this.#gone) return
    this.#gone = new SwitchroomError('DATABASE_UNAVAILABLE', message, {
      remedy: 'Restart the server; finished contacts are kept in the data folder until then.',
    })
    if (!this.#closing) this.#logger.error({ reason: message }, 'embedded database lost')
    for (const { reject } of this.#waiting.values()) reject(this.#gone)
    this.#waiting.clear()
  }
}

/** Undefined when the database is open, else what is wrong. */
async function firstReply(worker: Worker): Promise<string | undefined> {
  try {
    const [reply] = (await once(worker, 'message')) as [Reply]
    if (reply.type === 'unopened') return reply.message
    return reply.type === 'ready' ? undefined : `unexpected answer "${reply.type}"`
  } catch (thrown) {
    return messageOf(thrown)
  }
}
