import type { Command } from './command.ts'
import { findAccount, withPeople } from './user-access.ts'
import { commonUsage, onlyArgument, readArguments } from './user-arguments.ts'

/** `switchroom user disable` */
export const userDisable = command(
  'disable',
  'keep somebody and their phone out; what they did stays',
  'is kept out now',
)

/** `switchroom user enable` */
export const userEnable = command('enable', 'let somebody in again who was disabled', 'can sign in again')

function command(verb: 'disable' | 'enable', summary: string, done: string): Command {
  const example = `switchroom user ${verb} mei`
  return {
    name: `user ${verb}`,
    summary,
    usage: `switchroom user ${verb} <username>\n\n${commonUsage}`,
    example,
    async run(args) {
      const given = readArguments(args, {}, example)
      const username = onlyArgument(given, 'username', example)
      await withPeople(given, `user ${verb}`, async (people) => {
        const { id } = await findAccount(people, username)
        await people.setEnabled(id, verb === 'enable')
      })
      process.stdout.write(`${username} ${done}.\n`)
      return 0
    },
  }
}
