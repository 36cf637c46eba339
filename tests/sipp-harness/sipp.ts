/** Runs SIPp: each run with ports and files of its own. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { program } from '../support/peers.ts'
import { freePort, freePortBlock } from '../support/ports.ts'
import { launch, type RunningProgram } from '../support/process.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'
import { type Scenario, toXml } from './scenario.ts'
import { readResponseTimes, readStatistics, type SippStatistics } from './statistics.ts'

const LONGEST_RUN_MS = 30 * 60_000

export interface SippOptions {
  /** Where the calls go: `host:port`. Without it, SIPp waits for calls. */
  readonly target?: string
  /** User part of the request URI: the number that is called, or the user that registers. */
  readonly user?: string
  readonly password?: string
  /** Calls in all (default 1). */
  readonly calls?: number
  /** New calls per second (default 10). */
  readonly rate?: number
  /** Most calls at the same time. */
  readonly limit?: number
  /** Ends everything after this time; what is not finished has failed. */
  readonly timeoutMs?: number
  readonly transport?: 'udp' | 'tcp'
  /** SIP port of SIPp (default: a free one). */
  readonly port?: number
  /** Where calls ask for their audio (default: a port that SIPp has bound and does not read). */
  readonly mediaPort?: number
  /** Values for keywords of the scenario: `[name]`. */
  readonly keys?: Readonly<Record<string, string>>
  /** More arguments for SIPp. */
  readonly args?: readonly string[]
  /** Put before the command, for example `['taskset', '-c', '1']`. */
  readonly launcher?: readonly string[]
}

export interface SippResult extends SippStatistics {
  /** Milliseconds from the step with `startTimer` to that with `stopTimer`, of each call, ascending. */
  readonly responseTimes: readonly number[]
  /** What SIPp did not expect, with the message; empty when nothing failed. */
  readonly errors: string
}

export interface RunningSipp extends AsyncDisposable {
  readonly port: number
  readonly pid: number
  /** Resolves at the end of all calls. */
  readonly result: Promise<SippResult>
  /** Takes no new calls, lets the present ones end, and returns the result. */
  finish(): Promise<SippResult>
  /** Ends it now. Harmless when it is over. */
  stop(): Promise<void>
}

/** Runs a scenario to its end. */
export async function runSipp(scenario: Scenario, options: SippOptions): Promise<SippResult> {
  await using sipp = await startSipp(scenario, options)
  return await sipp.result
}

/** Starts a scenario; a server side (without `target`) is ready for calls when this resolves. */
export async function startSipp(scenario: Scenario, options: SippOptions): Promise<RunningSipp> {
  const folder = await tempFolder('sipp')
  const port = options.port ?? (await freePort())
  const mediaPort = await freePortBlock(4)
  const xml = toXml(scenario).replaceAll('[media_port]', String(options.mediaPort ?? mediaPort))
  await writeFile(join(folder.path, 'scenario.xml'), xml)
  const args = argsOf(options, port, mediaPort)
  const process = launch(options.launcher, program('sipp'), args, { cwd: folder.path, env: { TERM: 'dumb' } })

  const result = collect(process, folder.path, options.timeoutMs)
  result.catch(() => {})
  const stop = async (): Promise<void> => {
    await process.kill()
    await result.catch(() => {})
    await folder.remove()
  }
  const sipp: RunningSipp = {
    port,
    pid: process.pid,
    result,
    finish: () => {
      process.signal('SIGUSR1')
      return result
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
  if (options.target === undefined) await untilBound(process, port, options.transport ?? 'udp')
  return sipp
}

function argsOf(options: SippOptions, port: number, mediaPort: number): string[] {
  const { target, user, password, rate, limit, keys = {} } = options
  const arguments_: readonly (readonly [string, ...unknown[]])[] = [
    ...(target === undefined ? [] : [[target] as const]),
    ['-sf', 'scenario.xml'],
    ['-nostdin'],
    ['-i', '127.0.0.1'],
    ['-p', port],
    ['-mi', '127.0.0.1'],
    ['-mp', mediaPort],
    ['-t', options.transport === 'tcp' ? 't1' : 'u1'],
    ['-trace_stat'],
    ['-stf', 'statistics.csv'],
    ['-fd', 1],
    ['-trace_rtt'],
    ['-rtt_freq', 1],
    ['-trace_err'],
    ['-error_file', 'errors.log'],
    // With its defaults SIPp falls behind at some hundred calls a second and counts its own retransmissions.
    ['-max_recv_loops', 10_000],
    ['-max_sched_loops', 10_000],
    ['-m', options.calls ?? (target === undefined ? undefined : 1)],
    ['-r', rate],
    ['-l', limit],
    ['-s', user],
    ['-au', user],
    ['-ap', password],
    ...Object.entries(keys).map(([key, value]) => ['-key', key, value] as const),
  ]
  const given = arguments_.filter((words) => !words.includes(undefined))
  return [...given.flat().map(String), ...(options.args ?? [])]
}

/** Exit codes: 0 all calls fine, 1 some failed, 97 and 99 ended on request; everything else is a fault of the run. */
async function collect(process: RunningProgram, folder: string, timeoutMs?: number): Promise<SippResult> {
  const late = { happened: false }
  // Its own -timeout waits for what each call waits for.
  const timer = setTimeout(() => {
    late.happened = true
    process.signal('SIGKILL')
  }, timeoutMs ?? LONGEST_RUN_MS)
  const { code, signal } = await process.ended.finally(() => clearTimeout(timer))
  const names = await readdir(folder)
  const read = async (fits: (name: string) => boolean): Promise<string> => {
    const name = names.find(fits)
    return name === undefined ? '' : await readFile(join(folder, name), 'utf8')
  }
  const errors = await read((name) => name === 'errors.log')
  const statistics = await read((name) => name === 'statistics.csv')
  if (!(late.happened || [0, 1, 97, 99].includes(code ?? -1)) || statistics === '') {
    throw new Error(`SIPp ended with ${signal ?? code}:\n${errors}\n${process.output.slice(-2_000)}`)
  }
  const responseTimes = readResponseTimes(await read((name) => name.endsWith('_rtt.csv')))
  const ending = late.happened ? `\nSIPp was ended after ${timeoutMs} ms` : ''
  return { ...readStatistics(statistics), responseTimes, errors: errors + ending }
}

async function untilBound(process: RunningProgram, port: number, transport: 'udp' | 'tcp'): Promise<void> {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')} `
  await until(`SIPp is bound to ${port}`, async () => {
    if (process.isOver) throw new Error(`SIPp ended at its start:\n${process.output.slice(-2_000)}`)
    return (await readFile(`/proc/net/${transport}`, 'utf8')).includes(hex)
  })
}
