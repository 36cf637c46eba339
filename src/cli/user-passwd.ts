import type { Command } from './command.ts'
import { findAccount, withPeople } from './user-access.ts'
import { commonUsage, onlyArgument, readArguments } from './user-arguments.ts'
import { newPassword } from './user-password.ts'

const example = 'switchroom user passwd mei'

/** `switchroom user passwd` */
export const userPasswd: Command = {
  name: 'user passwd',
  summary: 'set a new password, for the phone too',
  usage: `switchroom user passwd <username>

  --password-stdin    read the password from the standard input instead of asking
${commonUsage}`,
  example,
  async run(args) {
    const given = readArguments(args, { 'password-stdin': { type: 'boolean' } }, example)
    const username = onlyArgument(given, 'username', example)
    const password = await newPassword(given.values['password-stdin'] === true)
    await withPeople(given, 'user passwd', async (people) => {
      const { id } = await findAccount(people, username)
      await people.setPassword(id, password)
    })
    process.stdout.write(`${username} has a new password and must sign in again; so must the phone.\n`)
    return 0
  },
}
