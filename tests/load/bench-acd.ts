/**
 * `npm run bench:acd`: how long the routing engine takes for a decision, beside a scan of everybody who waits.
 *
 *   --quick          small centers, one run; for its counts and orderings, not for its times
 *   --out <folder>   where acd.json goes (default docs/bench)
 *
 * One process, one thread, no telephony. Times are wall-clock, so that a busy machine shows: each figure is the
 * median of several runs, with the least and the greatest; of the least other programs have disturbed the fewest.
 * `match` is finding the next contact for an agent and taking it out of the line; `decision` is the whole input: a
 * talk ends, the agent is offered the next contact, with the explanation of the choice and every other effect.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { arch, cpus, loadavg, release } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Random } from '../simulation/random.ts'
import { BusyCenter, type Size } from './acd/busy-center.ts'
import { indexBytesPerContact } from './acd/index-memory.ts'
import { matchLatencies, naiveLatencies, wholeInputs } from './acd/measures.ts'

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: join(import.meta.dirname, '../../docs/bench') },
  },
})

const plan = flags.quick
  ? { runs: 1, agents: 500, profiles: 40, classes: 60, waiting: 2_000, rounds: 2_000, growth: [1_000, 4_000] }
  : {
      runs: 5,
      agents: 10_000,
      profiles: 400,
      classes: 300,
      waiting: 50_000,
      rounds: 20_000,
      growth: [1_000, 10_000, 100_000, 1_000_000],
    }

interface Figure {
  readonly median: number
  readonly least: number
  readonly greatest: number
}

function figureOf(values: readonly number[]): Figure {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  return { median: middle, least: sorted[0] ?? Number.NaN, greatest: sorted.at(-1) ?? Number.NaN }
}

/** Everybody at work, so many in the line. */
function busy(changes: Partial<Size>): BusyCenter {
  const { agents, profiles, classes, waiting } = plan
  const center = new BusyCenter({ agents, profiles, classes, waiting, skills: 5, ...changes })
  center.open()
  center.fill(center.size.agents + center.size.waiting)
  return center
}

const times = <Result>(measure: () => Result): Result[] => Array.from({ length: plan.runs }, measure)

const center = busy({})
// The compiler settles first.
wholeInputs(center, plan.rounds)
const matches = times(() => matchLatencies(center, plan.rounds))
const naive = naiveLatencies(center, flags.quick ? 20 : 200)
const days = times(() => wholeInputs(center, plan.rounds))
const decisions = days.reduce((sum, { offers }) => sum + offers, 0)
const bytes = indexBytesPerContact(flags.quick ? busy({ waiting: 20_000 }) : center)

const skills = [1, 20].map((count) => {
  const own = busy({ skills: Math.min(count, plan.classes / 6) })
  wholeInputs(own, plan.rounds)
  const cpu = times(() => wholeInputs(own, plan.rounds).cpuMicrosecondsPerInput)
  return { skills: own.size.skills, cpuMicrosecondsPerInput: figureOf(cpu) }
})

const growth = plan.growth.map((waiting) => {
  const own = busy({ waiting, agents: Math.min(plan.agents, 1_000) })
  matchLatencies(own, plan.rounds)
  return { waiting, matchP50: figureOf(times(() => matchLatencies(own, plan.rounds).p50)) }
})

const [machine] = cpus()
const report = {
  at: new Date().toISOString(),
  machine: {
    cpu: machine?.model.trim() ?? 'unknown',
    cpus: cpus().length,
    system: `${process.platform} ${release()} ${arch()}`,
    node: process.version,
    load: loadavg()[0],
    nanosecondsPerRandomRead: randomReadNanoseconds(),
  },
  runs: plan.runs,
  center: { agents: plan.agents, profiles: plan.profiles, classes: plan.classes, waiting: plan.waiting },
  match: {
    decisions: matches.reduce((sum, { count }) => sum + count, 0),
    p50: figureOf(matches.map(({ p50 }) => p50)),
    p99: figureOf(matches.map(({ p99 }) => p99)),
    p999: figureOf(matches.map(({ p999 }) => p999)),
  },
  naive: { decisions: naive.count, p50: naive.p50, p99: naive.p99 },
  timesFasterThanNaive: naive.p50 / figureOf(matches.map(({ p50 }) => p50)).median,
  decision: {
    decisions,
    p50: figureOf(days.map(({ decision }) => decision.p50)),
    p99: figureOf(days.map(({ decision }) => decision.p99)),
    p999: figureOf(days.map(({ decision }) => decision.p999)),
  },
  arrival: {
    p50: figureOf(days.map(({ arrival }) => arrival.p50)),
    p99: figureOf(days.map(({ arrival }) => arrival.p99)),
  },
  inputs: days.reduce((sum, { inputs }) => sum + inputs, 0),
  inputsPerSecond: figureOf(days.map(({ inputsPerSecond }) => inputsPerSecond)),
  cpuMicrosecondsPerInput: figureOf(days.map(({ cpuMicrosecondsPerInput }) => cpuMicrosecondsPerInput)),
  indexBytesPerWaitingContact: bytes,
  skills,
  growth,
  microsecondsPerDoubling: slopeOf(growth.map((each) => [Math.log2(each.waiting), each.matchP50.median])),
}

await mkdir(flags.out, { recursive: true })
await writeFile(join(flags.out, 'acd.json'), `${JSON.stringify(report, undefined, 2)}\n`)
console.log(tableOf())

function tableOf(): string {
  const { machine: at, match, decision, arrival, inputsPerSecond, cpuMicrosecondsPerInput: cpu } = report
  const row = (name: string, figure: Figure, unit: string, goal: string): string =>
    `| ${name} | ${number(figure.median)} (${number(figure.least)} to ${number(figure.greatest)}) ${unit} | ${goal} |`
  const [few, many] = skills.map(({ cpuMicrosecondsPerInput }) => cpuMicrosecondsPerInput)
  return [
    `${at.cpu}, ${at.cpus} CPUs, load ${number(at.load ?? 0)}, ${number(at.nanosecondsPerRandomRead)} ns per random read of memory, Node ${at.node}; ${plan.agents} agents, ${plan.profiles} profiles, ` +
      `${plan.classes} classes, ${plan.waiting} waiting; medians of ${plan.runs} (least to greatest)`,
    '',
    '| | measured | goal |',
    '| --- | --- | --- |',
    row('match p50', match.p50, 'µs', ''),
    row('match p99', match.p99, 'µs', 'under 2'),
    `| scan of everybody, p50 | ${number(naive.p50)} µs: ${number(report.timesFasterThanNaive)} times as long | |`,
    row('decision with explanation p50', decision.p50, 'µs', ''),
    row('decision with explanation p99', decision.p99, 'µs', 'under 20'),
    row('arrival p99', arrival.p99, 'µs', 'under 20'),
    row('inputs per second', inputsPerSecond, '', '200,000'),
    row('CPU per input', cpu, 'µs', '5'),
    ...(few && many
      ? [
          row('CPU per input, 1 skill each', few, 'µs', ''),
          row('CPU per input, 20 skills each', many, 'µs', '10 % of 1 skill'),
        ]
      : []),
    ...growth.map(({ waiting, matchP50 }) => row(`match p50, ${waiting} waiting`, matchP50, 'µs', '')),
    `| growth per doubling | ${number(report.microsecondsPerDoubling)} µs | at most 0.05 |`,
    `| index per waiting contact | ${number(bytes)} bytes | at most 200 |`,
  ].join('\n')
}

/**
 * How long this machine takes to read memory that is in no cache, in nanoseconds: what a decision among 50,000 contacts
 * mostly waits for. About 100 on a machine of one's own, several times that where others use memory and caches too.
 */
function randomReadNanoseconds(): number {
  const size = 4_000_000
  const next = new Int32Array(size).map((_, index) => index)
  const random = new Random(1)
  // Sattolo's shuffle: one cycle through everything.
  for (let last = size - 1; last > 0; last--) {
    const other = random.between(0, last - 1)
    const mine = next[last] ?? 0
    next[last] = next[other] ?? 0
    next[other] = mine
  }
  const reads = 1_000_000
  let at = 0
  const before = performance.now()
  for (let read = 0; read < reads; read++) at = next[at] ?? 0
  const nanoseconds = ((performance.now() - before) * 1e6) / reads
  return at < 0 ? Number.NaN : nanoseconds
}

/** Least squares: by how much the second number grows with the first. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [x, y] = [mean(([one]) => one), mean(([, other]) => other)]
  return mean((point) => (point[0] - x) * (point[1] - y)) / mean((point) => (point[0] - x) ** 2)
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}
