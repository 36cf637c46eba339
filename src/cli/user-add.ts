import { roles } from '../database/person.ts'
import type { Role } from '../database/tables.ts'
import { SwitchroomError } from '../errors.ts'
import type { Command } from './command.ts'
import { withPeople } from './user-access.ts'
import { commonUsage, onlyArgument, readArguments, textOf, textsOf } from './user-arguments.ts'
import { newPassword } from './user-password.ts'
import { mergedSkills, readSkills } from './user-skills.ts'

const example = 'switchroom user add mei --name "Mei Tanaka" --role agent --skill support=5'

/** `switchroom user add` */
export const userAdd: Command = {
  name: 'user add',
  summary: 'add somebody who can sign in, with a phone of the same name',
  usage: `switchroom user add <username> [--name <name>] [--role <role>] [--skill skill=level ...]

  --name <name>       as others see it (default: the username)
  --role <role>       ${roles.join(', ')} (default: agent)
  --skill skill=level a skill with a level of 1 to 10; as often as you like
  --password-stdin    read the password from the standard input instead of asking
${commonUsage}`,
  example,
  async run(args) {
    const given = readArguments(
      args,
      {
        name: { type: 'string' },
        role: { type: 'string' },
        skill: { type: 'string', multiple: true },
        'password-stdin': { type: 'boolean' },
      },
      example,
    )
    const username = onlyArgument(given, 'username', example)
    const name = textOf(given.values['name']) ?? username
    const role = readRole(textOf(given.values['role']) ?? 'agent')
    const skills = mergedSkills({}, readSkills(textsOf(given.values['skill']), example))
    const password = await newPassword(given.values['password-stdin'] === true)
    await withPeople(given, 'user add', (people) => people.add({ username, name, role, skills, password }))
    process.stdout.write(
      `${username} can sign in now; the phone registers as ${username} with the same password.\n`,
    )
    return 0
  },
}

function readRole(text: string): Role {
  const role = roles.find((each) => each === text)
  if (role) return role
  throw new SwitchroomError('USAGE', `found the role "${text}", expected ${roles.join(', ')}`, {
    remedy: example,
  })
}
