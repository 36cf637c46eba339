import { readFile } from 'node:fs/promises'
import { loadCenter } from '../config/center.ts'
import { loadSettings } from '../config/load-settings.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import { Past } from '../replay/past.ts'
import type { Draft } from '../replay/past-world.ts'
import { replay } from '../replay/replay.ts'
import { whatIf } from '../replay/what-if.ts'
import { History } from '../state/history.ts'
import type { Command } from './command.ts'
import { Progress } from './progress.ts'
import { type Arguments, readArguments, textOf, textsOf } from './user-arguments.ts'
import { whatIfText } from './whatif-table.ts'

const example = 'switchroom whatif --center draft --journal data/routing/main --without ana'

/** `switchroom whatif` */
export const whatif: Command = {
  name: 'whatif',
  summary: 'play the real contacts of a journal under the rules of a draft',
  usage: `switchroom whatif --center <draft> --journal <journal> [--without <agent>] [--like <agent>]
                  [--tiers <file>] [--within <seconds>] [--seed <n>] [--json]

  --center <draft>    the center whose queues, teams and rules are tried
  --journal <journal> a folder of archived segments, routing/<domain> of a server's data folder,
                      or one file of either
  --without <agent>   as if the agent (by id) had not been there; may be given several times
  --like <agent>      as if there had been another one, with the same skills, teams and hours; several times
  --tiers <file>      lines of customer id, comma, tier; without it priorities are counted as tiers
  --within <seconds>  answered within so long is answered in time (default: 20)
  --seed <n>          of what nobody has seen, as the patience of those who were answered (default: 1)
  --json              figures for programs
  --set name=value    a setting

Nothing is written, and the server may run meanwhile. docs/simulation.md says what this cannot know.`,
  example,
  async run(args) {
    const multiple = { type: 'string', multiple: true } as const
    const given = readArguments(
      args,
      {
        journal: { type: 'string' },
        without: multiple,
        like: multiple,
        tiers: { type: 'string' },
        within: { type: 'string' },
        seed: { type: 'string' },
        json: { type: 'boolean' },
      },
      example,
    )
    const { values } = given
    const draft = await draftOf(given)
    const thresholdMs = 1_000 * numberOf('within', values['within'], 20)
    const progress = new Progress(process.stderr)
    try {
      const past = await pastOf(required(values['journal']), (share) => progress.show(share / 2))
      checkAgents(past, draft)
      const report = whatIf(past, draft, {
        thresholdMs,
        progress: (share) => progress.show((1 + share) / 2),
      })
      progress.clear()
      process.stdout.write(
        values['json'] === true ? `${JSON.stringify(report, undefined, 2)}\n` : whatIfText(report),
      )
    } finally {
      progress.clear()
    }
    return 0
  },
}

async function draftOf({ values, positionals }: Arguments): Promise<Draft> {
  if (positionals.length > 0) throw usage(`expected flags only, found ${positionals.join(' ')}`)
  const settings = await loadSettings(textsOf(values['set']), textOf(values['center']))
  const center = await loadCenter(settings.center)
  const tiers = textOf(values['tiers'])
  const tierOfCustomer = tiers === undefined ? undefined : await tiersIn(tiers)
  return {
    rules: center.routing,
    without: textsOf(values['without']),
    like: textsOf(values['like']),
    seed: numberOf('seed', values['seed'], 1),
    tierOf: ({ customer, priority }) =>
      tierOfCustomer ? (tierOfCustomer.get(customer ?? '') ?? 'unknown') : `priority ${priority}`,
  }
}

/** @throws SwitchroomError STATE_DAMAGED when the journal is not what was written, or is decided otherwise today */
async function pastOf(journal: string, progress: (share: number) => void): Promise<Past> {
  const past = new Past(progress)
  const { difference } = await replay(await History.open(journal), past)
  if (!difference) return past
  throw new SwitchroomError(
    'STATE_DAMAGED',
    `The engine does not decide entry ${difference.sequence} of ${difference.file} as it is written there.`,
    { remedy: `\`switchroom replay ${journal}\` shows it.` },
  )
}

function checkAgents({ queuesOf }: Past, { without = [], like = [] }: Draft): void {
  const unknown = [...without, ...like].find((agent) => !queuesOf.has(agent))
  if (unknown === undefined) return
  throw new SwitchroomError('NOT_FOUND', `No agent "${unknown}" served a queue in this journal.`, {
    remedy: `Those who did: ${[...queuesOf.keys()].toSorted().slice(0, 20).join(', ')}.`,
  })
}

async function tiersIn(file: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw new SwitchroomError('NOT_FOUND', `${file} cannot be read: ${messageOf(thrown)}`)
  })
  const tiers = new Map<string, string>()
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const [customer, tier, ...others] = line.split(',').map((cell) => cell.trim())
    if (!customer || !tier || others.length > 0) {
      throw usage(`${file}:${at + 1} has "${line}", expected a customer id, a comma and a tier`)
    }
    tiers.set(customer, tier)
  }
  return tiers
}

function required(value: Arguments['values'][string]): string {
  const text = textOf(value)
  if (text !== undefined) return text
  throw usage('no journal was named')
}

function numberOf(flag: string, value: Arguments['values'][string], otherwise: number): number {
  const text = textOf(value)
  if (text === undefined) return otherwise
  if (/^[0-9]{1,9}$/.test(text)) return Number(text)
  throw usage(`--${flag} takes a whole number, found "${text}"`)
}

function usage(message: string): SwitchroomError {
  return new SwitchroomError('USAGE', message, { remedy: example })
}
