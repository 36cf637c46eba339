/**
 * The thread that the embedded database lives in, so that no query holds up a call. One request at a time,
 * in the order they came.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { messageOf } from '../../errors.ts'
import { parsers } from '../parsers.ts'
import type { QueryFault, Reply, Request, ThreadData } from './messages.ts'
import { Statements } from './statements.ts'

/**
 * PGlite has no background processes: without a checkpoint of our own its write-ahead log would grow for ever
 * and every start after a crash would read all of it again.
 */
const CHECKPOINT_AFTER_BYTES = 16 * 1024 * 1024

/** Roughly what a small statement adds to the write-ahead log. */
const STATEMENT_BYTES = 500

if (isMainThread || !parentPort) throw new Error('thread.ts runs as a worker of the embedded database')
const port = parentPort
const { folder } = workerData as ThreadData
const send = (reply: Reply): void => port.postMessage(reply)

const database = await open()
if (database) serve(database)

async function open(): Promise<PGlite | undefined> {
  try {
    const opened = await PGlite.create({
      ...(folder !== 'memory' && { dataDir: folder }),
      parsers: { ...parsers },
    })
    send({ type: 'ready' })
    return opened
  } catch (thrown) {
    send({ type: 'unopened', message: messageOf(thrown) })
    return undefined
  }
}

function serve(database: PGlite): void {
  const statements = new Statements(database)
  let writtenBytes = 0
  let inTransaction = false
  let last: Promise<void> = Promise.resolve()

  port.on('message', (request: Request) => {
    last = last.then(() => answer(request))
  })

  async function answer(request: Request): Promise<void> {
    if (request.type === 'close') {
      await database.close().catch(() => undefined)
      send({ type: 'closed', id: request.id })
      port.close()
      return
    }
    try {
      const { rows, affectedRows, command } = await statements.run(request.sql, request.parameters)
      send({
        type: 'result',
        id: request.id,
        rows,
        ...(affectedRows !== undefined && { affectedRows }),
        ...(command !== undefined && { command }),
      })
      note(request.parameters, command)
    } catch (thrown) {
      send({ type: 'error', id: request.id, error: faultOf(thrown) })
    }
    await checkpointWhenDue()
  }

  function note(parameters: readonly unknown[], command: string | undefined): void {
    if (command === 'BEGIN' || command === 'START') inTransaction = true
    if (command === 'COMMIT' || command === 'ROLLBACK') inTransaction = false
    writtenBytes += STATEMENT_BYTES
    for (const parameter of parameters) if (typeof parameter === 'string') writtenBytes += parameter.length
  }

  async function checkpointWhenDue(): Promise<void> {
    if (inTransaction || writtenBytes < CHECKPOINT_AFTER_BYTES) return
    writtenBytes = 0
    try {
      await database.exec('checkpoint')
    } catch (thrown) {
      send({ type: 'warning', message: `no checkpoint: ${messageOf(thrown)}` })
    }
  }
}

function faultOf(thrown: unknown): QueryFault {
  const fault: Record<string, string> = { message: messageOf(thrown) }
  if (typeof thrown !== 'object' || thrown === null) return { message: messageOf(thrown) }
  for (const field of ['code', 'detail', 'constraint', 'table', 'column'] as const) {
    const value = (thrown as Readonly<Record<string, unknown>>)[field]
    if (typeof value === 'string') fault[field] = value
  }
  return { message: messageOf(thrown), ...fault }
}
