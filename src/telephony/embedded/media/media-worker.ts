import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { Batch } from '../../../clock/batch.ts'
import { MediaEngine } from './media-engine.ts'
import type { MediaOptions, WorkerEvent, WorkerMessage, WorkerRequests } from './protocol.ts'

/** The media worker's entry: one thread that owns all audio. Started by `MediaClient` with `MediaOptions`. */

const port = parentPort
if (isMainThread || !port) throw new Error('media-worker runs as a worker thread')

const tell = (message: WorkerMessage): void => port.postMessage(message)
const options: MediaOptions = workerData
const events = new Batch<WorkerEvent>(tell)
const engine = new MediaEngine(options, (event) => events.add(event))

port.on('message', (requests: WorkerRequests) => {
  for (const request of requests) engine.handle(request)
})
tell('ready')
