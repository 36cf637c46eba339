import { withRules } from './center-access.ts'
import { shortHash, timeText } from './center-text.ts'
import type { Command } from './command.ts'
import { table } from './table.ts'
import { commonUsage, readArguments } from './user-arguments.ts'

const example = 'switchroom center history'

/** `switchroom center history` */
export const centerHistory: Command = {
  name: 'center history',
  summary: 'show which rules were put in force when, and by whom',
  usage: `switchroom center history [--json]

  --json              one JSON array, for programs
${commonUsage}`,
  example,
  async run(args) {
    const given = readArguments(args, { json: { type: 'boolean' } }, example)
    const activations = await withRules(given, 'center history', (rules) => rules.history())
    if (given.values['json'] === true) {
      process.stdout.write(`${JSON.stringify(activations, undefined, 2)}\n`)
      return 0
    }
    const rows = activations.map(({ hash, at, by }) => [shortHash(hash), timeText(at), by])
    process.stdout.write(
      rows.length === 0
        ? 'Nothing was published yet.\n'
        : table([['VERSION', 'IN FORCE SINCE', 'BY'], ...rows]),
    )
    return 0
  },
}
