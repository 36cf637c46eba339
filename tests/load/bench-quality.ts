/**
 * How good the routing is, in simulated centers, and how fast the simulator is:
 *
 *     node tests/load/bench-quality.ts [--quick]
 *
 * Prints tables; writes docs/bench/quality.json unless quick. The figures are the same on every machine, but for speed.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { QueueRules } from '../../src/acd/contract.ts'
import { allSkills } from '../../src/acd/requirement.ts'
import { DAY_MS, type Stream } from '../../src/simulation/arrivals.ts'
import type { Estimate } from '../../src/simulation/batch-means.ts'
import { type CenterPlan, MONDAY, type Profile } from '../../src/simulation/center-plan.ts'
import { type CenterReport, CenterSimulation } from '../../src/simulation/center-simulation.ts'
import { erlangCPerformance } from '../../src/simulation/erlang.ts'
import { columns } from '../../src/simulation/terminal-chart.ts'

const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values
const root = join(import.meta.dirname, '../..')

const TYPES = ['a', 'b', 'c', 'd', 'e', 'f'] as const
const TALK_SECONDS = 180
const THRESHOLD_SECONDS = 20
/** Contacts an hour in each of two queues of thirty agents. */
const TARGET_LOAD = 264

function queueOf(id: string, changes: Partial<QueueRules> = {}): QueueRules {
  return {
    id,
    members: [{ who: allSkills({ [id]: 1 }), preference: 1, delayMs: 0 }],
    strategy: 'longest-idle',
    strictClass: 5,
    steps: [],
    afterwards: { do: 'stay' },
    headStartMs: {},
    offerMs: 20_000,
    wrapUpMs: 0,
    noAnswerLimit: 0,
    backOffMs: { rejected: 0, noAnswer: 0, busy: 0 },
    ...changes,
  }
}

function streamOf(queue: string, perHour: number): Stream {
  return {
    name: queue,
    perInterval: Array.from({ length: 24 }, () => perHour),
    intervalMs: DAY_MS / 24,
    talk: { kind: 'exponential', meanMs: 1000 * TALK_SECONDS },
    patience: { kind: 'endless' },
    requests: [{ share: 1, request: { queue, requirement: { all: [] }, priority: 5 } }],
  }
}

function profileOf(name: string, count: number, skills: readonly string[]): Profile {
  return {
    name,
    agents: Array.from({ length: count }, (_, number) => `${name}-${number + 1}`),
    skills: Object.fromEntries(skills.map((skill) => [skill, 5])),
    breaks: [],
  }
}

function run(
  plan: Pick<CenterPlan, 'profiles' | 'streams'> & {
    readonly queues: readonly QueueRules[]
    readonly days: number
  },
): CenterReport {
  return new CenterSimulation({
    name: 'quality',
    seed: 1,
    start: MONDAY,
    warmUpDays: 1,
    batches: Math.min(20, plan.days - 1),
    open: { fromMs: 0, toMs: DAY_MS },
    intervalMs: DAY_MS / 24,
    thresholdMs: 1000 * THRESHOLD_SECONDS,
    shortAbandonMs: 0,
    answering: { afterMs: 0, missed: 0 },
    ...plan,
    rules: { queues: plan.queues, teams: [], capacity: { slots: { voice: 1 }, while: {} } },
  }).finish()
}

const pairs = TYPES.flatMap((one, at) => TYPES.slice(at + 1).map((other) => [one, other] as const))

/** Agents whose skills are spread evenly in every case. */
const floors: Readonly<Record<string, (agents: number) => readonly Profile[]>> = {
  'everybody can do everything': (agents) => [profileOf('all', agents, TYPES)],
  'two skills each, all pairs': (agents) =>
    pairs.map((pair) => profileOf(pair.join(''), agents / pairs.length, pair)),
  'two skills each, a ring': (agents) =>
    TYPES.map((type, at) =>
      profileOf(type, agents / TYPES.length, [type, TYPES[(at + 1) % TYPES.length] ?? type]),
    ),
  'one skill each': (agents) => TYPES.map((type) => profileOf(type, agents / TYPES.length, [type])),
}

interface Floor {
  readonly agents: number
  readonly floor: string
  readonly contacts: number
  readonly serviceLevel: Estimate
  readonly meanWait: Estimate
}

/** Six types of contacts that never give up, at the load at which a floor that can do everything gives 80/20. */
function flexibility(): Floor[] {
  const sizes = quick
    ? [{ agents: 60, days: 4, kinds: 4 }]
    : [
        { agents: 60, days: 11, kinds: 4 },
        { agents: 120, days: 9, kinds: 2 },
        { agents: 300, days: 6, kinds: 2 },
      ]
  return sizes.flatMap(({ agents, days, kinds }) =>
    Object.entries(floors)
      .slice(0, kinds)
      .map(([floor, profiles]) => {
        const perHour = (loadFor(agents) / TALK_SECONDS / TYPES.length) * 3600
        const { whole, contacts } = run({
          days,
          profiles: profiles(agents),
          queues: TYPES.map((type) => queueOf(type)),
          streams: TYPES.map((type) => streamOf(type, perHour)),
        })
        return { agents, floor, contacts, serviceLevel: whole.serviceLevel, meanWait: whole.meanWait }
      }),
  )
}

/** Erlangs at which so many agents answer 80 % within the threshold, by Erlang C. */
function loadFor(agents: number): number {
  let [low, high] = [0, agents]
  for (let round = 0; round < 40; round++) {
    const load = (low + high) / 2
    const arrivalRate = load / TALK_SECONDS
    const { serviceLevel } = erlangCPerformance(
      { arrivalRate, handleTime: TALK_SECONDS, agents },
      THRESHOLD_SECONDS,
    )
    if (serviceLevel > 0.8) low = load
    else high = load
  }
  return low
}

interface Targets {
  readonly rule: string
  readonly urgentWithin20s: number
  readonly ordinaryWithin60s: number
}

/** Two queues, everybody serves both: 80 % within 20 s are wanted of one, 80 % within 60 s of the other. */
function targets(): Targets[] {
  const rules = { 'longest wait first': 0, 'due first: 40 s of head start': 40_000 }
  return Object.entries(rules).map(([rule, headStart]) => {
    const { queues } = run({
      days: quick ? 4 : 21,
      profiles: [profileOf('all', 30, ['urgent', 'ordinary'])],
      queues: [queueOf('urgent', { headStartMs: { 5: headStart } }), queueOf('ordinary')],
      streams: [streamOf('urgent', TARGET_LOAD), streamOf('ordinary', TARGET_LOAD)],
    })
    const within = (queue: string, seconds: number): number => {
      const shares = queues[queue]?.answeredWithin ?? []
      return shares[seconds] ?? shares.at(-1) ?? Number.NaN
    }
    return { rule, urgentWithin20s: within('urgent', 20), ordinaryWithin60s: within('ordinary', 60) }
  })
}

/** Wall and CPU seconds for a million contacts of the floor of sixty with pairs of skills. */
function speed(): { readonly contacts: number; readonly seconds: number; readonly cpuSeconds: number } {
  const perHour = (loadFor(60) / TALK_SECONDS / TYPES.length) * 3600
  const days = Math.ceil((quick ? 100_000 : 1_000_000) / (24 * TYPES.length * perHour))
  const before = { at: performance.now(), cpu: process.cpuUsage() }
  const { contacts } = run({
    days: Math.max(3, days),
    profiles: floors['two skills each, all pairs']?.(60) ?? [],
    queues: TYPES.map((type) => queueOf(type)),
    streams: TYPES.map((type) => streamOf(type, perHour)),
  })
  const { user, system } = process.cpuUsage(before.cpu)
  return { contacts, seconds: (performance.now() - before.at) / 1000, cpuSeconds: (user + system) / 1e6 }
}

const numbersRight = (column: number): 'left' | 'right' => (column === 0 ? 'left' : 'right')
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const print = (...lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n\n`)

const flexible = flexibility()
print(
  'Six types of contacts, first come, first served; the load at which everybody with all skills gives 80/20:',
  ...columns(
    [
      ['agents', 'skills', 'within 20 s', 'mean wait', 'longer than the bound'],
      ...flexible.map(({ agents, floor, serviceLevel, meanWait }) => {
        const bound = flexible.find((each) => each.agents === agents)?.meanWait.value ?? Number.NaN
        return [
          String(agents),
          floor,
          `${percent(serviceLevel.value)} ± ${(100 * (serviceLevel.high - serviceLevel.value)).toFixed(1)}`,
          `${meanWait.value.toFixed(2)} s ± ${(meanWait.high - meanWait.value).toFixed(2)}`,
          percent(meanWait.value / bound - 1),
        ]
      }),
    ],
    (column) => (column === 1 ? 'left' : 'right'),
  ),
)

const targeted = targets()
print(
  'Two queues; 80 % within 20 s are wanted of one, 80 % within 60 s of the other:',
  ...columns(
    [
      ['order', 'urgent within 20 s', 'ordinary within 60 s'],
      ...targeted.map((each) => [each.rule, percent(each.urgentWithin20s), percent(each.ordinaryWithin60s)]),
    ],
    numbersRight,
  ),
)

const fast = speed()
print(
  `${fast.contacts} contacts in ${fast.seconds.toFixed(1)} s (${fast.cpuSeconds.toFixed(1)} s of CPU): ` +
    `${((1e6 * fast.cpuSeconds) / fast.contacts).toFixed(1)} microseconds a contact`,
)

if (!quick) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`
  const report = {
    measuredAt: new Date().toISOString(),
    commit,
    machine,
    flexibility: flexible,
    targets: targeted,
    speed: fast,
  }
  writeFileSync(join(root, 'docs/bench/quality.json'), `${JSON.stringify(report, undefined, 2)}\n`)
}
