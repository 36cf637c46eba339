/** A private Redis (or Valkey) on a free port, without persistence. */
import { basename } from 'node:path'
import { program } from './peers.ts'
import { freePort } from './ports.ts'
import { start } from './process.ts'
import { tempFolder } from './temp-folder.ts'

export interface Redis extends AsyncDisposable {
  readonly port: number
  readonly url: string
  stop(): Promise<void>
  /** Ends it as a crash would. */
  kill(): Promise<void>
}

export async function startRedis(): Promise<Redis> {
  const folder = await tempFolder('redis')
  const port = await freePort()
  const settings = { bind: '127.0.0.1', port, dir: folder.path, save: '', appendonly: 'no', daemonize: 'no' }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const server = start(program('redis'), args)
  const stop = async (): Promise<void> => {
    await server.stop()
    await folder.remove()
  }
  try {
    await server.line(/Ready to accept connections/)
  } catch (error) {
    await stop()
    throw new Error(`${basename(program('redis'))} did not start`, { cause: error })
  }
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    stop,
    kill: async () => {
      await server.kill()
    },
    [Symbol.asyncDispose]: stop,
  }
}
