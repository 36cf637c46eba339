/**
 * The journal on Redis beside BullMQ and plain transactions, in the same sitting on the same Redis.
 *
 *   --quick          one short round (otherwise three of 6 s each, about two minutes)
 *   --out <folder>   where queue-redis.json goes (default docs/bench)
 *
 * One life of ours is four inputs (a contact joins, is offered, accepted and ended), each journaled, fenced and confirmed
 * before the next one is taken, with their effects put into an outbox and acknowledged. One life of BullMQ is a job that is
 * added (in bulk), claimed by a worker (concurrency 100) and completed. One life of plain transactions is four MULTI/EXEC.
 * Each has 1,000 lives under way, one Node process on CPU 0, and Redis (append-only file, fsync each second) on CPU 1.
 * They take turns in the order A B C C B A. The exit code is 1 when the journal is not faster than BullMQ.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { arch, cpus, loadavg, release } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { program } from '../support/peers.ts'
import { finish } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { root } from '../support/server.ts'
import { cpuOfTree } from './cpu.ts'
import type { Counted, Delays } from './queue-redis/contender.ts'

const GOALS = { inputsPerSecond: 20_000, p99Ms: 2, timesBullmq: 5, timesTransactions: 3 }
const INPUTS_PER_LIFE = 4
const CONTENDERS = ['journal', 'transactions', 'bullmq'] as const

type Contender = (typeof CONTENDERS)[number]

interface Spread {
  readonly median: number
  readonly lowest: number
  readonly highest: number
}

interface Round extends Counted {
  readonly contender: Contender
  /** CPU seconds of Redis, as long as the contender ran, warming up included. */
  readonly redisCpuSeconds: number
}

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: join(root, 'docs/bench') },
  },
})
const seconds = flags.quick ? 3 : 6
const orders = flags.quick ? [CONTENDERS] : [CONTENDERS, CONTENDERS.toReversed(), CONTENDERS]

const rounds: Round[] = []
const delays: Delays[] = []
for (const order of orders) {
  for (const contender of order) {
    const round = await measure<Counted>(contender)
    rounds.push({ contender, ...round.result, redisCpuSeconds: round.redisCpuSeconds })
    const rate = Math.round(round.result.lives / round.result.seconds)
    console.log(`${contender.padEnd(12)} ${rate} lives/s, CPU ${round.result.cpuSeconds.toFixed(1)} s`)
  }
  const { result } = await measure<Delays>('delays')
  delays.push(result)
  console.log(
    `commit       p50 ${result.p50.toFixed(2)} ms, p99 ${result.p99.toFixed(2)} ms at 5,000 inputs/s`,
  )
}

const perSecond = Object.fromEntries(
  CONTENDERS.map((contender) => [contender, spread(of(contender).map(({ lives, seconds: s }) => lives / s))]),
) as Record<Contender, Spread>
const perCpuSecond = Object.fromEntries(
  CONTENDERS.map((contender) => [
    contender,
    spread(of(contender).map(({ lives, cpuSeconds }) => lives / cpuSeconds)),
  ]),
) as Record<Contender, Spread>
const inputs = spread(of('journal').map(({ lives, seconds: s }) => (INPUTS_PER_LIFE * lives) / s))
const commitMs = { p50: spread(delays.map(({ p50 }) => p50)), p99: spread(delays.map(({ p99 }) => p99)) }
const times = {
  bullmq: spread(ratios('bullmq')),
  transactions: spread(ratios('transactions')),
}

const redisVersion = (await finish(program('redis'), ['--version'])).output.trim()
const report = {
  measuredAt: new Date().toISOString(),
  commit: (await finish('git', ['rev-parse', '--short', 'HEAD'], { cwd: root })).output.trim(),
  quick: flags.quick,
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Linux ${release()}, ${arch()}`,
  loadAverage: loadavg()[0],
  versions: { node: process.versions.node, redis: redisVersion },
  goals: GOALS,
  livesPerSecond: perSecond,
  livesPerCpuSecond: perCpuSecond,
  inputsPerSecond: inputs,
  commitMs,
  times,
  rounds,
}
await mkdir(flags.out, { recursive: true })
await writeFile(join(flags.out, 'queue-redis.json'), `${JSON.stringify(report, undefined, 2)}\n`)

console.log(`\n${report.machine}; load ${report.loadAverage?.toFixed(1)}; ${redisVersion}`)
console.log(goalLine('journaled, fenced inputs/s', inputs, GOALS.inputsPerSecond, 0))
console.log(goalLine('p99 of a commit at 5,000 inputs/s, ms', commitMs.p99, GOALS.p99Ms, 2, 'below'))
console.log(goalLine("times BullMQ's job cycles", times.bullmq, GOALS.timesBullmq, 1))
console.log(goalLine('times MULTI/EXEC lives', times.transactions, GOALS.timesTransactions, 1))
process.exitCode = times.bullmq.median > 1 ? 0 : 1

/** Runs a contender on an empty Redis of its own. */
async function measure<Result>(
  contender: Contender | 'delays',
): Promise<{ result: Result; redisCpuSeconds: number }> {
  await using redis = await startRedis({
    settings: { appendonly: 'yes', appendfsync: 'everysec' },
    launcher: ['taskset', '-c', '1'],
  })
  const before = cpuOfTree(redis.pid)
  const script = join(import.meta.dirname, 'queue-redis/run.ts')
  const { code, output } = await finish('taskset', [
    '-c',
    '0',
    process.execPath,
    script,
    contender,
    redis.url,
    String(seconds),
  ])
  const line = output.split('\n').findLast((text) => text.startsWith('{'))
  if (code !== 0 || line === undefined) throw new Error(`${contender} failed:\n${output}`)
  return { result: JSON.parse(line) as Result, redisCpuSeconds: cpuOfTree(redis.pid) - before }
}

function of(contender: Contender): Round[] {
  return rounds.filter((round) => round.contender === contender)
}

/** Lives per second of the journal over those of another, round by round. */
function ratios(other: Contender): number[] {
  const ours = of('journal')
  return of(other).map(({ lives, seconds: s }, index) => {
    const own = ours[index]
    return own ? own.lives / own.seconds / (lives / s) : Number.NaN
  })
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  return { median: middle, lowest: sorted[0] ?? Number.NaN, highest: sorted.at(-1) ?? Number.NaN }
}

function goalLine(
  what: string,
  { median, lowest, highest }: Spread,
  goal: number,
  digits: number,
  way: 'above' | 'below' = 'above',
): string {
  const met = way === 'above' ? median >= goal : median <= goal
  const [middle, low, high] = [median, lowest, highest].map((value) => value.toFixed(digits))
  return `${met ? 'met   ' : 'MISSED'}  ${what}: ${middle} (${low} to ${high}), goal ${way === 'above' ? 'at least' : 'at most'} ${goal}`
}
