import { once } from 'node:events'
import { createWriteStream, existsSync, type WriteStream } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { finished } from 'node:stream/promises'
import { loadCenter } from '../config/center.ts'
import { loadSettings } from '../config/load-settings.ts'
import { loadScenario, SCENARIO_ENDING } from '../config/scenario.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import { centerCharts } from '../simulation/center-charts.ts'
import type { CenterPlan } from '../simulation/center-plan.ts'
import { type CenterReport, CenterSimulation } from '../simulation/center-simulation.ts'
import type { Observer } from '../simulation/simulator.ts'
import type { Command } from './command.ts'
import { Progress } from './progress.ts'
import { reportText } from './simulate-table.ts'
import { type Arguments, readArguments, textOf, textsOf } from './user-arguments.ts'

const example = 'switchroom simulate center --days 50 --svg weekday.svg'

/** `switchroom simulate center` */
export const simulateCenter: Command = {
  name: 'simulate center',
  summary: 'play days of calls on the routing engine, beside Erlang C and Erlang A',
  usage: `switchroom simulate center [<scenario>] [--days <n>] [--seed <n>] [--json] [--svg <file>] [--log <file>]

  <scenario>          a file *${SCENARIO_ENDING} that says who calls and who works
                      (default: the one in the center's config folder)
  --center <folder>   the center whose queues, teams and rules are played (default: the demo center)
  --set name=value    a setting
  --days <n>          in place of the scenario's
  --seed <n>          in place of the scenario's; the same seed gives the same run
  --json              figures for programs
  --svg <file>        write charts
  --log <file>        write every input of the routing engine, a line of JSON each

The rules are those of the running server; calls, talk times and patience are drawn by chance.`,
  example,
  async run(args) {
    const given = readArguments(
      args,
      {
        days: { type: 'string' },
        seed: { type: 'string' },
        json: { type: 'boolean' },
        svg: { type: 'string' },
        log: { type: 'string' },
      },
      example,
    )
    const plan = await planOf(given)
    const logFile = textOf(given.values['log'])
    const log = logFile === undefined ? undefined : createWriteStream(logFile)
    const report = await played(plan, log)
    const svg = textOf(given.values['svg'])
    if (svg !== undefined) await save(svg, centerCharts(report))
    const json = given.values['json'] === true
    process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(report))
    return 0
  },
}

async function planOf({ values, positionals }: Arguments): Promise<CenterPlan> {
  const [named, ...others] = positionals
  if (others.length > 0) {
    throw new SwitchroomError('USAGE', `expected one scenario, found ${positionals.join(' ')}`, {
      remedy: example,
    })
  }
  const settings = await loadSettings(textsOf(values['set']), textOf(values['center']))
  const center = await loadCenter(settings.center)
  const file = named ?? (await onlyScenario(join(center.folder, 'config')))
  if (!existsSync(file)) {
    throw new SwitchroomError('NOT_FOUND', `there is no scenario ${file}`, {
      remedy: `Name a file *${SCENARIO_ENDING}; docs/simulation.md describes it.`,
    })
  }
  const [days, seed] = [numberOf('days', values), numberOf('seed', values)]
  return loadScenario(relative(process.cwd(), file), center, {
    ...(days !== undefined && { days }),
    ...(seed !== undefined && { seed }),
  })
}

async function onlyScenario(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(SCENARIO_ENDING)).toSorted()
  const [only, ...others] = files
  if (only !== undefined && others.length === 0) return join(folder, only)
  throw new SwitchroomError(
    'USAGE',
    files.length === 0 ? `${folder} has no scenario` : `${folder} has several scenarios: ${files.join(', ')}`,
    { remedy: `Name the scenario: switchroom simulate center <file>${SCENARIO_ENDING}` },
  )
}

function numberOf(flag: string, values: Arguments['values']): number | undefined {
  const text = textOf(values[flag])
  if (text === undefined) return undefined
  if (/^[0-9]{1,9}$/.test(text)) return Number(text)
  throw new SwitchroomError('USAGE', `--${flag} takes a whole number, found "${text}"`, { remedy: example })
}

async function played(plan: CenterPlan, log: WriteStream | undefined): Promise<CenterReport> {
  const observers: Observer[] = []
  if (log) {
    observers.push({
      handled: (input, now) => void log.write(`${JSON.stringify({ at: now, input })}\n`),
    })
  }
  const simulation = new CenterSimulation(plan, { observers })
  const progress = new Progress(process.stderr)
  while (simulation.nextHour()) {
    progress.show(simulation.progress)
    if (log?.writableNeedDrain === true) await once(log, 'drain')
  }
  progress.clear()
  if (log) {
    log.end()
    await finished(log)
  }
  return simulation.report()
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (thrown) {
    throw new SwitchroomError('USAGE', `${file} cannot be written: ${messageOf(thrown)}`, {
      remedy: 'Name a file in a folder that is there and yours.',
      cause: thrown,
    })
  }
}
