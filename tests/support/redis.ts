/** A private Redis (or Valkey) on a free port, without persistence unless asked for. */
import { basename } from 'node:path'
import { type PeerName, program } from './peers.ts'
import { freePort } from './ports.ts'
import { launch, type RunningProgram } from './process.ts'
import { tempFolder } from './temp-folder.ts'

export interface Redis extends AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
  /** Ends it as a crash would. */
  kill(): Promise<void>
  /** Starts it again on its port and folder, after `kill`. */
  restart(): Promise<void>
  /** It stands still, with all connections open, until `resume`. */
  pause(): void
  resume(): void
}

export interface RedisOptions {
  /** Which program (default `redis`). */
  readonly peer?: PeerName
  /** Of its configuration file. */
  readonly settings?: Readonly<Record<string, string | number>>
  /** Put before the command, for example `['taskset', '-c', '1']`. */
  readonly launcher?: readonly string[]
}

const READY = /Ready to accept connections/

export async function startRedis({
  peer = 'redis',
  settings = {},
  launcher,
}: RedisOptions = {}): Promise<Redis> {
  const path = program(peer)
  const folder = await tempFolder('redis')
  const port = await freePort()
  const all = {
    bind: '127.0.0.1',
    port,
    dir: folder.path,
    save: '',
    appendonly: 'no',
    daemonize: 'no',
    ...settings,
  }
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)])
  const start = async (): Promise<RunningProgram> => {
    const started = launch(launcher, path, args)
    try {
      await started.line(READY)
    } catch (error) {
      await started.stop()
      throw new Error(`${basename(path)} did not start`, { cause: error })
    }
    return started
  }
  let server: RunningProgram
  try {
    server = await start()
  } catch (error) {
    await folder.remove()
    throw error
  }
  const stop = async (): Promise<void> => {
    server.signal('SIGCONT')
    await server.stop()
    await folder.remove()
  }
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return server.pid
    },
    stop,
    kill: async () => {
      await server.kill()
    },
    restart: async () => {
      server = await start()
    },
    pause: () => server.signal('SIGSTOP'),
    resume: () => server.signal('SIGCONT'),
    [Symbol.asyncDispose]: stop,
  }
}
