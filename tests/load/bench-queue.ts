/**
 * `npm run bench:queue`: a queue with agents beside Asterisk's app_queue, real SIP on both legs, the same SIPp
 * callers and agents, in the same sitting on the same CPU.
 *
 *   --quick          100 agents, one round, short steps: about two minutes (otherwise about fifteen)
 *   --only <names>   of busy, wide, waiting and idle, separated by commas
 *   --out <folder>   where queue.json and queue.md go (default docs/bench)
 *
 * - busy: calls per CPU second with 1,000 logged-in agents in one queue, one second of talk.
 * - wide: the same with every agent in 20 queues.
 * - waiting: CPU time of 500 callers who only wait, agents logged in and none available.
 * - idle: 10 agents, one second of talk, a standing backlog: from an agent's BYE to the agent's next INVITE.
 *
 * The system under test has CPU 0, SIPp has CPU 1. Systems take turns, A B and B A. Callers hear nothing while they
 * wait and nobody sends audio, on either side: what is measured is the queue. The exit code is 1 where we are not
 * better than app_queue.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { arch, cpus, release } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { serverHangsUp } from '../sipp-harness/scenarios.ts'
import { startSipp } from '../sipp-harness/sipp.ts'
import { percentile } from '../sipp-harness/statistics.ts'
import { missing, peers } from '../support/peers.ts'
import { freePort } from '../support/ports.ts'
import { finish } from '../support/process.ts'
import { root } from '../support/server.ts'
import { cpuOfTree } from './cpu.ts'
import { startAgents } from './queue-agents.ts'
import { type QueueFloor, startQueue } from './queue-systems.ts'
import { measure } from './step.ts'
import { DRIVER_CPU, type System, type SystemName } from './systems.ts'

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: 'busy,wide,waiting,idle' },
    out: { type: 'string', default: join(root, 'docs/bench') },
  },
})
const size = flags.quick
  ? { agents: 100, rates: [20], seconds: 5, warmUp: 4, rounds: ['AB'], waiting: 100, still: 5, backlog: 60 }
  : {
      agents: 1_000,
      rates: [20, 50, 100],
      seconds: 20,
      warmUp: 20,
      rounds: ['AB', 'BA', 'AB'],
      waiting: 500,
      still: 20,
      backlog: 300,
    }
const TALK_MS = 1_000
const WARM_UP_RATE = 50
const PATIENCE_MS = 120_000
/** Every caller has a place within this time. */
const SETTLE_MS = 8_000

/** What one system came to in one round. */
interface Result {
  readonly experiment: string
  readonly system: SystemName
  /** Named by the unit: `callsPerCpuSecond at 20/s`, `cpuMsPerSecond`, ... */
  readonly figures: Readonly<Record<string, number>>
  readonly failed: number
}

interface Experiment {
  readonly name: string
  readonly title: string
  readonly floor: QueueFloor
  run(system: System, agentPort: number): Promise<Pick<Result, 'figures' | 'failed'>>
}

const experiments: readonly Experiment[] = [
  {
    name: 'busy',
    title: `${size.agents} agents, one queue`,
    floor: { agents: size.agents, queues: 1, available: true },
    run: busy,
  },
  {
    name: 'wide',
    title: `${size.agents} agents, each in 20 queues`,
    floor: { agents: size.agents, queues: 20, available: true },
    run: busy,
  },
  {
    name: 'waiting',
    title: `${size.waiting} callers who only wait, ${size.agents} agents of whom none is available`,
    floor: { agents: size.agents, queues: 1, available: false },
    run: waiting,
  },
  {
    name: 'idle',
    title: `10 agents, ${size.backlog} callers at once`,
    floor: { agents: 10, queues: 1, available: true },
    run: idle,
  },
]

if (missing('sipp')) throw new Error(`SIPp is not installed. ${peers.sipp.install}`)
if (missing('asterisk')) console.log(`Without Asterisk beside it. To have it: ${peers.asterisk.install}`)

const versions: Partial<Record<SystemName, string>> = {}
const results: Result[] = []
for (const experiment of experiments.filter(({ name }) => flags.only.split(',').includes(name))) {
  const systems: readonly SystemName[] = missing('asterisk') ? ['switchroom'] : ['switchroom', 'asterisk']
  for (const round of size.rounds) {
    for (const name of round === 'AB' ? systems : systems.toReversed()) {
      const agentPort = await freePort()
      await using system = await startQueue(name, experiment.floor, agentPort)
      versions[name] = system.version
      const result = {
        experiment: experiment.name,
        system: name,
        ...(await experiment.run(system, agentPort)),
      }
      results.push(result)
      const figures = Object.entries(result.figures).map(([unit, value]) => `${unit} ${value.toFixed(2)}`)
      console.log(`${experiment.title}: ${name}: ${figures.join(', ')}; ${result.failed} failed`)
    }
  }
}
await publish()

async function busy(system: System, agentPort: number): Promise<Pick<Result, 'figures' | 'failed'>> {
  await using _agents = await startAgents(agentPort, TALK_MS)
  const load = { scenario: serverHangsUp({ talkMs: PATIENCE_MS }), number: '200', packets: 0 }
  await measure(system, load, WARM_UP_RATE, size.warmUp)
  const figures: Record<string, number> = {}
  let failed = 0
  for (const rate of size.rates) {
    const step = await measure(system, load, rate, size.seconds)
    figures[`callsPerCpuSecond at ${rate}/s`] = step.callsPerCpuSecond
    failed += step.failed
  }
  return { figures, failed }
}

async function waiting(system: System): Promise<Pick<Result, 'figures' | 'failed'>> {
  await using sipp = await startSipp(serverHangsUp({ talkMs: PATIENCE_MS }), {
    target: `127.0.0.1:${system.sipPort}`,
    user: '200',
    calls: size.waiting,
    rate: 100,
    limit: size.waiting,
    launcher: DRIVER_CPU,
  })
  await pause((size.waiting / 100) * 1_000 + SETTLE_MS)
  const before = cpuOfTree(system.pid)
  await pause(size.still * 1_000)
  const used = cpuOfTree(system.pid) - before
  await sipp.stop()
  return { figures: { cpuMsPerCallerSecond: (used * 1_000) / size.still / size.waiting }, failed: 0 }
}

async function idle(system: System, agentPort: number): Promise<Pick<Result, 'figures' | 'failed'>> {
  await using agents = await startAgents(agentPort, TALK_MS, true)
  const began = performance.now()
  await using sipp = await startSipp(serverHangsUp({ talkMs: PATIENCE_MS }), {
    target: `127.0.0.1:${system.sipPort}`,
    user: '200',
    calls: size.backlog,
    rate: 200,
    limit: size.backlog,
    launcher: DRIVER_CPU,
  })
  const { failed, successful } = await sipp.result
  const seconds = (performance.now() - began) / 1_000
  const gaps = await agents.gaps()
  return {
    figures: {
      gapMsP50: percentile(gaps, 0.5),
      gapMsP99: percentile(gaps, 0.99),
      callsPerSecond: successful / seconds,
    },
    failed,
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

interface Comparison {
  readonly experiment: string
  readonly unit: string
  readonly ours: Spread
  readonly theirs: Spread
  /** How many times better we are; below 1 we are worse. */
  readonly times: number
}

interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

function comparisons(): Comparison[] {
  return experiments.flatMap(({ name }) => {
    const of = (system: SystemName): Result[] =>
      results.filter((result) => result.experiment === name && result.system === system)
    const units = Object.keys(of('switchroom')[0]?.figures ?? {})
    return units.map((unit) => {
      const [ours, theirs] = [spread(of('switchroom'), unit), spread(of('asterisk'), unit)]
      const moreIsBetter = unit.startsWith('calls')
      const times = moreIsBetter ? ours.median / theirs.median : theirs.median / ours.median
      return { experiment: name, unit, ours, theirs, times }
    })
  })
}

function spread(of: readonly Result[], unit: string): Spread {
  const values = of.map(({ figures }) => figures[unit] ?? Number.NaN).sort((one, other) => one - other)
  return {
    median: percentile(values, 0.5),
    least: values[0] ?? Number.NaN,
    most: values.at(-1) ?? Number.NaN,
  }
}

async function publish(): Promise<void> {
  const { output } = await finish('git', ['rev-parse', '--short', 'HEAD'], { cwd: root })
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, Linux ${release()}, ${arch()}`
  const compared = comparisons()
  const range = ({ median, least, most }: Spread): string =>
    `${digits(median)} (${digits(least)} to ${digits(most)})`
  const titleOf = (name: string): string => experiments.find((one) => one.name === name)?.title ?? name
  const text = [
    `Measured ${new Date().toISOString().slice(0, 10)} at commit ${output.trim()} with \`npm run bench:queue${flags.quick ? ' -- --quick' : ''}\`:`,
    `${size.rounds.length} round(s), medians with least and most, on ${machine}; the system on one CPU, SIPp on another.`,
    `${Object.entries(versions)
      .map(([name, version]) => `${name}: ${version}`)
      .join('; ')}.`,
    '',
    '| what | figure | Switchroom | app_queue | times better |',
    '| --- | --- | ---: | ---: | ---: |',
    ...compared.map(
      ({ experiment, unit, ours, theirs, times }) =>
        `| ${titleOf(experiment)} | ${unit} | ${range(ours)} | ${range(theirs)} | ${digits(times)} |`,
    ),
    '',
  ].join('\n')
  console.log(`\n${text}`)
  await mkdir(flags.out, { recursive: true })
  await writeFile(join(flags.out, 'queue.md'), text)
  const figures = { measuredAt: new Date().toISOString(), commit: output.trim(), quick: flags.quick, machine }
  await writeFile(
    join(flags.out, 'queue.json'),
    `${JSON.stringify({ ...figures, versions, results, compared }, null, 2)}\n`,
  )
  process.exitCode = compared.some(({ times }) => times <= 1) ? 1 : 0
}

function digits(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(3) : '-'
}
