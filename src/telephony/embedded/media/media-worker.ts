import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { MediaEngine } from './media-engine.ts'
import type { MediaOptions, MediaRequest, WorkerMessage } from './protocol.ts'

/** The media worker's entry: one thread that owns all audio. Started by `MediaClient` with `MediaOptions`. */

const port = parentPort
if (isMainThread || !port) throw new Error('media-worker runs as a worker thread')

const tell = (message: WorkerMessage): void => port.postMessage(message)
const options: MediaOptions = workerData
const engine = new MediaEngine(options, tell)

port.on('message', (request: MediaRequest) => engine.handle(request))
tell({ type: 'ready' })
