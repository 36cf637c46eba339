import type { Command } from './command.ts'
import { table } from './table.ts'
import { withPeople } from './user-access.ts'
import { commonUsage, readArguments } from './user-arguments.ts'
import { skillsText } from './user-skills.ts'

const example = 'switchroom user list'

/** `switchroom user list` */
export const userList: Command = {
  name: 'user list',
  summary: 'show everybody who can sign in, with role and skills',
  usage: `switchroom user list [--json]

  --json              one JSON array, for programs
${commonUsage}`,
  example,
  async run(args) {
    const given = readArguments(args, { json: { type: 'boolean' } }, example)
    const users = await withPeople(given, 'user list', (people) => people.list())
    if (given.values['json'] === true) {
      process.stdout.write(`${JSON.stringify(users, undefined, 2)}\n`)
      return 0
    }
    const rows = users.map(({ username, name, role, enabled, skills }) => [
      username,
      name,
      role,
      enabled ? 'enabled' : 'disabled',
      skillsText(skills),
    ])
    process.stdout.write(table([['USERNAME', 'NAME', 'ROLE', 'STATE', 'SKILLS'], ...rows]))
    return 0
  },
}
