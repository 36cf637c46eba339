/** The real server as its users start it: `node src/main.ts`, on free ports, with a data folder of its own. */
import { join } from 'node:path'
import { type BackendName, startBackend } from './backends.ts'
import { copyTestDatabase } from './database.ts'
import { freePort, freePortBlock } from './ports.ts'
import { type Ended, launch } from './process.ts'
import { type TempFolder, tempFolder } from './temp-folder.ts'

export const root = join(import.meta.dirname, '../..')

const RTP_PORTS = 200

export interface ServerOptions {
  /** What carries the calls (default: embedded). Its servers are started with ours and end with it. */
  readonly backend?: BackendName
  /** Center folder (default: the demo center). */
  readonly center?: string
  /** Settings by name, for example `{ 'limits.calls': 2 }`; they win over the ones chosen here. */
  readonly set?: Readonly<Record<string, string | number | boolean>>
  /** An existing data folder, kept at the end: for restarts. Default: a new one, removed by `stop` and `kill`. */
  readonly dataDir?: string
  /** Ports for audio (default 200: a hundred legs). */
  readonly rtpPorts?: number
  /** Put before the command, for example `['taskset', '-c', '0']`. */
  readonly launcher?: readonly string[]
  /** The program and its first arguments (default: Node and `src/main.ts` of the checkout). */
  readonly command?: readonly [string, ...string[]]
  /** Where it is started (default: the checkout). */
  readonly cwd?: string
  /** Added to the environment of the tests; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** A process group of its own, which gets the signals: for a command that starts the server as its child. */
  readonly group?: boolean
  /** How long it may take until it is ready (default 60,000). */
  readonly readyMs?: number
}

export interface Server extends AsyncDisposable {
  readonly http: string
  readonly httpPort: number
  readonly sipPort: number
  /** `127.0.0.1:<sipPort>`, as SIPp and phones take it. */
  readonly sip: string
  readonly pid: number
  readonly dataDir: string
  /** What it has written to the terminal. */
  readonly output: string
  readonly ended: Promise<Ended>
  /** SIGTERM: it drains and leaves. Harmless when it is over. */
  stop(): Promise<Ended>
  /** kill -9. */
  kill(): Promise<Ended>
}

/** @throws with its output when it does not come up */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const folder: TempFolder | undefined = options.dataDir === undefined ? await tempFolder('data') : undefined
  const dataDir = options.dataDir ?? folder?.path ?? ''
  if (folder) await copyTestDatabase(join(dataDir, 'database'))
  const [httpPort, sipPort] = [await freePort(), await freePort()]
  const backend = await startBackend(options.backend ?? 'embedded', options.rtpPorts)
  const rtpPorts = options.rtpPorts ?? RTP_PORTS
  const rtpPort = await freePortBlock(rtpPorts)
  const settings = {
    'http.port': httpPort,
    'sip.port': sipPort,
    'sip.host': '127.0.0.1',
    'rtp.minPort': rtpPort,
    'rtp.maxPort': rtpPort + rtpPorts - 1,
    'data.dir': dataDir,
    'shutdown.drain': 2,
    ...backend?.settings,
    ...options.set,
  }
  const [command, ...first] = options.command ?? [process.execPath, join(root, 'src/main.ts')]
  const args = [
    ...first,
    ...(options.center === undefined ? [] : ['--center', options.center]),
    ...Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
  ]
  const program = launch(options.launcher, command, args, {
    cwd: options.cwd ?? root,
    group: options.group === true,
    env: { ...backend?.env, ...options.env },
  })
  const end = async (how: () => Promise<Ended>): Promise<Ended> => {
    const ended = await how()
    await backend?.[Symbol.asyncDispose]()
    await folder?.remove()
    return ended
  }
  const stop = (): Promise<Ended> => end(() => program.stop(30_000))
  try {
    await program.line(/^ready in /, options.readyMs ?? 60_000)
  } catch (error) {
    await end(() => program.kill())
    throw error
  }
  return {
    http: `http://127.0.0.1:${settings['http.port']}`,
    httpPort: Number(settings['http.port']),
    sipPort: Number(settings['sip.port']),
    sip: `127.0.0.1:${settings['sip.port']}`,
    pid: program.pid,
    dataDir,
    get output() {
      return program.output
    },
    ended: program.ended,
    stop,
    kill: () => end(() => program.kill()),
    [Symbol.asyncDispose]: async () => {
      await stop()
    },
  }
}
