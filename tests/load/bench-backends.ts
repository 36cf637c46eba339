/**
 * `npm run bench:backends`: what we add to the time between a caller's INVITE and the INVITE at the phone that the
 * call is put through to, and what such a call costs our process, at each rate.
 *
 *   --quick          one rate for 5 s (otherwise 10, 50 and 100 calls a second for 10 s each)
 *   --only <backend> one backend and its plain way
 *   --out <folder>   where backends.json and backends.md go (default docs/bench)
 *
 * Each backend is compared in the same run with a plain way: Asterisk with a dialplan that says `Dial`, the others
 * with a caller who calls the phone directly. Callers and phone are one process on CPU 1 (`dial-driver.ts`), ours is
 * on CPU 0, the servers of others are where the kernel puts them.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { arch, cpus, release } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { missing, peers } from '../support/peers.ts'
import { freePort } from '../support/ports.ts'
import { finish } from '../support/process.ts'
import { root } from '../support/server.ts'
import { cpuOfTree } from './cpu.ts'
import type { DialFigures } from './dial-driver.ts'
import { DRIVER_CPU } from './systems.ts'
import { DIALPLAN, DIRECT, dialplanWay, directWay, NUMBER, ourWay, type Way } from './ways.ts'

interface Step extends DialFigures {
  readonly way: string
  readonly rate: number
  /** p99 of the delay above that of the plain way at the same rate, milliseconds. */
  readonly addedP99Ms?: number
  readonly addedP50Ms?: number
  /** Calls per CPU second of our process. */
  readonly callsPerCpuSecond?: number
}

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    out: { type: 'string', default: join(root, 'docs/bench') },
  },
})
const rates = flags.quick ? [50] : [10, 50, 100]
const seconds = flags.quick ? 5 : 10
/** As often as the slowest of them keeps up with. */
const WARM_UP = { rate: 20, seconds: flags.quick ? 8 : 25 }
const PATIENCE_MS = 90_000

const phonePort = await freePort()
await using ways = new AsyncDisposableStack()
const all: Way[] = []
for (const peer of ['asterisk', 'drachtio', 'freeswitch'] as const) {
  if (missing(peer)) console.log(`Without ${peer}. To have it: ${peers[peer].install}`)
}
type Start = (phonePort: number) => Way | Promise<Way>
const isWanted = (backend: string): boolean => flags.only === undefined || flags.only === backend
const starts: Start[] = []
if (isWanted('embedded') || isWanted('drachtio')) starts.push(directWay)
if (isWanted('embedded')) starts.push((port) => ourWay('embedded', DIRECT, port))
if (isWanted('asterisk') && !missing('asterisk')) {
  starts.push(dialplanWay, (port) => ourWay('asterisk', DIALPLAN, port))
}
if (isWanted('drachtio') && !missing('drachtio') && !missing('freeswitch')) {
  starts.push((port) => ourWay('drachtio', DIRECT, port))
}
for (const start of starts) {
  const way = await start(phonePort)
  ways.use(way)
  all.push(way)
  if (!(await measure(way, WARM_UP.rate, WARM_UP.seconds)))
    throw new Error(`${way.name} puts no call through`)
}
const steps: Step[] = []
for (const rate of rates) {
  for (const way of all) {
    const measured = await measure(way, rate, seconds)
    if (!measured) {
      console.log(`${way.name} at ${rate} calls/s: put no call through`)
      continue
    }
    const step = compared(measured, way)
    console.log(
      `${way.name} at ${rate} calls/s: ${step.delayMs.p99.toFixed(1)} ms p99, ${step.failed} failed`,
    )
    steps.push(step)
  }
}
const text = report()
console.log(`\n${text}`)
await mkdir(flags.out, { recursive: true })
await writeFile(join(flags.out, 'backends.md'), `${text}\n`)
await writeFile(
  join(flags.out, 'backends.json'),
  `${JSON.stringify({ measured: today(), steps }, null, 2)}\n`,
)

/** Undefined where no call came through: one way that breaks down does not keep the others from being measured. */
async function measure(way: Way, rate: number, duration: number): Promise<Step | undefined> {
  const before = way.pid === undefined ? 0 : cpuOfTree(way.pid)
  const calls = rate * duration
  const [command = '', ...launcher] = DRIVER_CPU
  const driver = join(import.meta.dirname, 'dial-driver.ts')
  const numbers = [way.sipPort, phonePort, NUMBER, rate, calls].map(String)
  const { output } = await finish(command, [...launcher, process.execPath, driver, ...numbers], {
    timeoutMs: duration * 1_000 + PATIENCE_MS,
  })
  const figures = JSON.parse(/^\{.*\}$/m.exec(output)?.[0] ?? '') as DialFigures
  if (figures.failed === calls) return undefined
  const cpuSeconds = way.pid === undefined ? undefined : cpuOfTree(way.pid) - before
  return {
    way: way.name,
    rate,
    ...figures,
    ...(cpuSeconds !== undefined && { callsPerCpuSecond: (calls - figures.failed) / cpuSeconds }),
  }
}

function compared(step: Step, { plain }: Way): Step {
  const other = steps.find(({ way, rate }) => way === plain && rate === step.rate)
  if (!other) return step
  return {
    ...step,
    addedP50Ms: step.delayMs.p50 - other.delayMs.p50,
    addedP99Ms: step.delayMs.p99 - other.delayMs.p99,
  }
}

function report(): string {
  const one = (value: number | undefined, digits: number): string => value?.toFixed(digits) ?? ''
  const rows = steps.map((step) =>
    [
      step.rate,
      step.way,
      step.failed,
      one(step.delayMs.p50, 1),
      one(step.delayMs.p99, 1),
      one(step.addedP50Ms, 1),
      one(step.addedP99Ms, 1),
      one(step.callsPerCpuSecond, 0),
    ].join(' | '),
  )
  return [
    `Measured ${today()} with \`npm run bench:backends\`: ${seconds} s a step, on ${cpus().length} x ${cpus()[0]?.model},`,
    `Linux ${release()}, ${arch()}; Node ${process.versions.node}.`,
    '',
    '| calls/s | way | failed | p50 ms | p99 ms | added p50 ms | added p99 ms | calls per CPU s of ours |',
    '| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}
