import { SwitchroomError } from '../errors.ts'
import type { Command } from './command.ts'
import { findAccount, withPeople } from './user-access.ts'
import { commonUsage, readArguments } from './user-arguments.ts'
import { mergedSkills, readSkills, skillsText } from './user-skills.ts'

const example = 'switchroom agent skills alice billing=7 sales=0'

/** `switchroom agent skills` */
export const agentSkills: Command = {
  name: 'agent skills',
  summary: "show an agent's skills, or change some of them",
  usage: `switchroom agent skills <agent> [skill=level ...]

  skill=level         a level of 1 (beginner) to 10 (expert); 0 takes the skill away
${commonUsage}`,
  example,
  async run(args) {
    const given = readArguments(args, {}, example)
    const [agent, ...texts] = given.positionals
    if (agent === undefined)
      throw new SwitchroomError('USAGE', 'expected an agent, found none', { remedy: example })
    const changes = readSkills(texts, example)
    const skills = await withPeople(given, 'agent skills', async (people) => {
      const account = await findAccount(people, agent)
      if (texts.length === 0) return account.skills
      const merged = mergedSkills(account.skills, changes)
      await people.setSkills(account.id, merged)
      return merged
    })
    process.stdout.write(`${agent}: ${skillsText(skills)}\n`)
    return 0
  },
}
