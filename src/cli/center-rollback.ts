import { withRules } from './center-access.ts'
import { publishedText } from './center-text.ts'
import type { Command } from './command.ts'
import { commonUsage, onlyArgument, readArguments } from './user-arguments.ts'

const example = 'switchroom center rollback 4f0c2a91be77'

/** `switchroom center rollback` */
export const centerRollback: Command = {
  name: 'center rollback',
  summary: 'put rules in force that were published before',
  usage: `switchroom center rollback <version>

  <version>           six characters of its hash or more: \`switchroom center history\` lists them
${commonUsage}`,
  example,
  async run(args) {
    const given = readArguments(args, {}, example)
    const version = onlyArgument(given, 'version', example)
    const done = await withRules(given, 'center rollback', async (rules) =>
      publishedText(await rules.rollback(version), rules.isRunning),
    )
    process.stdout.write(done)
    return 0
  },
}
