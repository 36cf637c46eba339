/** BullMQ as it is fastest in one process: jobs added in bulk, one worker with high concurrency, nothing kept. */
import { Queue, Worker } from 'bullmq'
import { type Counted, countLives, perTurn } from './contender.ts'

const QUEUE = 'bench'

/** @param concurrency of the worker */
export async function bullmqLives(url: string, seconds: number, concurrency: number): Promise<Counted> {
  const { hostname, port } = new URL(url)
  const connection = { host: hostname, port: Number(port), maxRetriesPerRequest: null }
  const queue = new Queue(QUEUE, { connection, defaultJobOptions: { removeOnComplete: true } })
  const ended = new Map<string, () => void>()
  let jobs = 0
  const add = perTurn<string>((names) => {
    queue.addBulk(names.map((name) => ({ name, data: { contact: name } }))).catch(fail)
  })
  const worker = new Worker(QUEUE, async () => undefined, { connection, concurrency })
  worker.on('error', fail)
  worker.on('completed', ({ name }) => {
    const end = ended.get(name)
    ended.delete(name)
    end?.()
  })
  const counted = await countLives(seconds, (end) => {
    const name = `contact-${++jobs}`
    ended.set(name, end)
    add(name)
  })
  await worker.close()
  await queue.close()
  return counted
}

function fail(error: unknown): void {
  console.error(error)
  process.exit(1)
}
