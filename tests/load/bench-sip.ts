/**
 * `npm run bench:sip`: calls per CPU second beside Asterisk 22, in the same sitting on the same CPU.
 *
 *   --quick          one rate each, three short rounds, under three minutes (otherwise about twelve)
 *   --out <folder>   where sip.json and sip.md go (default docs/bench)
 *
 * The system under test has CPU 0 to itself, SIPp and the sink for its audio have CPU 1. What is counted is CPU
 * time of the whole process tree, which other load disturbs least. Systems take turns in the order A B B A. A rate
 * is passed when fewer than one call in a thousand failed or had a retransmission and all audio arrived; a system
 * that did not even complete its calls is not asked for more. CPU time is compared where both completed theirs. The
 * exit code is 1 when we are below Asterisk at any rate.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { arch, cpus, release } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { serverHangsUp } from '../sipp-harness/scenarios.ts'
import { missing, peers } from '../support/peers.ts'
import { finish } from '../support/process.ts'
import { root } from '../support/server.ts'
import { type MemoryReport, measureMemory } from './memory.ts'
import { compare, highestRate, type LoadReport, tableOf } from './report.ts'
import { type Load, measure, type Step } from './step.ts'
import { type System, startSystem } from './systems.ts'

interface Plan {
  readonly title: string
  readonly load: Load
  readonly rates: readonly number[]
}

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: join(root, 'docs/bench') },
  },
})
const ladder = flags.quick
  ? { seconds: 4, warmUp: 12, rounds: ['AB', 'BA', 'AB'], answer: [300], prompt: [100] }
  : {
      seconds: 10,
      warmUp: 20,
      rounds: ['AB', 'BA'],
      answer: [50, 100, 200, 400, 800],
      prompt: [50, 100, 200, 400],
    }
/** Long enough for the compiler of the system that has one to settle. */
const WARM_UP_RATE = 200

const plans: readonly Plan[] = [
  {
    title: 'Answer and hang up',
    load: { scenario: serverHangsUp(), number: '100', packets: 0 },
    rates: ladder.answer,
  },
  {
    title: 'Answer, play two seconds, hang up',
    load: { scenario: serverHangsUp(), number: '101', packets: 100 },
    rates: ladder.prompt,
  },
]

if (missing('sipp')) throw new Error(`SIPp is not installed. ${peers.sipp.install}`)
if (missing('asterisk')) console.log(`Without Asterisk beside it. To have it: ${peers.asterisk.install}`)

await using ours = await startSystem('switchroom')
await using theirs = missing('asterisk') ? undefined : await startSystem('asterisk')
const memory = flags.quick ? undefined : await measureMemory(ours)
const reports: LoadReport[] = []
for (const plan of plans) reports.push({ title: plan.title, steps: await climb(plan) })
await publish(reports, memory)
const behind = reports.flatMap(({ steps }) => compare(steps)).filter(({ median }) => median < 1)
process.exitCode = behind.length === 0 ? 0 : 1

/** Each rate in turn, until nobody completes its calls any more. */
async function climb({ title, load, rates }: Plan): Promise<readonly Step[]> {
  let climbing: readonly System[] = theirs ? [ours, theirs] : [ours]
  const steps: Step[] = []
  for (const system of climbing) await measure(system, load, WARM_UP_RATE, ladder.warmUp)
  for (const rate of rates) {
    const atRate: Step[] = []
    for (const round of ladder.rounds) {
      const order = round === 'AB' ? climbing : climbing.toReversed()
      for (const system of order) {
        const step = await measure(system, load, rate, ladder.seconds)
        atRate.push(step)
        const trouble = `${step.failed} failed, ${step.retransmissions} retransmitted`
        const outcome = step.passed ? '' : `, not passed (${trouble})`
        console.log(
          `${title}: ${system.name} at ${rate} calls/s: ${step.callsPerCpuSecond.toFixed(0)} per CPU second${outcome}`,
        )
      }
    }
    steps.push(...atRate)
    climbing = climbing.filter(({ name }) => atRate.some((step) => step.system === name && step.complete))
    if (climbing.length === 0) break
  }
  return steps
}

async function publish(loads: readonly LoadReport[], memory: MemoryReport | undefined): Promise<void> {
  const { output } = await finish('git', ['rev-parse', '--short', 'HEAD'], { cwd: root })
  const commit = output.trim()
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, Linux ${release()}, ${arch()}`
  const versions = Object.fromEntries(
    [ours, theirs].flatMap((system) => (system ? [[system.name, system.version]] : [])),
  )
  const maxima = loads.map(({ title, steps }) => {
    const [own, other] = [highestRate(steps, 'switchroom'), highestRate(steps, 'asterisk')]
    return `${title}: highest rate passed ${own} calls/s${theirs ? `, Asterisk ${other} calls/s` : ''}.`
  })
  const text = [
    `Measured ${new Date().toISOString().slice(0, 10)} at commit ${commit} with \`npm run bench:sip${flags.quick ? ' -- --quick' : ''}\`:`,
    `${ladder.seconds} s a step, ${ladder.rounds.length} round(s), on ${machine}; the system on one CPU, the driver`,
    `on another. ${Object.entries(versions)
      .map(([name, version]) => `${name}: ${version}`)
      .join('; ')}.`,
    '',
    ...loads.map(tableOf),
    ...maxima,
    ...(memory ? ['', ...memoryLines(memory)] : []),
    '',
  ].join('\n')
  console.log(`\n${text}`)
  await mkdir(flags.out, { recursive: true })
  await writeFile(join(flags.out, 'sip.md'), text)
  const figures = {
    measuredAt: new Date().toISOString(),
    commit,
    quick: flags.quick,
    machine,
    versions,
    loads,
    memory,
  }
  await writeFile(join(flags.out, 'sip.json'), `${JSON.stringify(figures, null, 2)}\n`)
}

function memoryLines({ startMiB, after, established }: MemoryReport): string[] {
  const later = after.map(({ calls, mib }) => `${mib.toFixed(0)} MiB after ${calls} calls`)
  return [
    `Resident memory of Switchroom: ${startMiB.toFixed(0)} MiB at its start, ${later.join(', ')};`,
    `${established.kibPerCall.toFixed(0)} KiB for each of ${established.calls} calls that hear a prompt.`,
  ]
}
