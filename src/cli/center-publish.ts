import { resolve } from 'node:path'
import { acceptedCenter, checkCenter } from '../config/center.ts'
import { readTexts } from '../config/center-texts.ts'
import { SwitchroomError } from '../errors.ts'
import { withRules } from './center-access.ts'
import { publishedText } from './center-text.ts'
import type { Command } from './command.ts'
import { commonUsage, readArguments } from './user-arguments.ts'

const example = 'switchroom center publish --center ./my-center'

/** `switchroom center publish` */
export const centerPublish: Command = {
  name: 'center publish',
  summary: 'put the queues, teams, skills and calendars of the files in force',
  usage: `switchroom center publish [<draft>]

  <draft>             another center folder, whose files are published (default: the center's own)
${commonUsage}

Checks them first: files with errors change nothing. Whoever waits keeps place and waiting time. What was published stays
in force over restarts and upgrades, whatever the files say, until something else is published.`,
  example,
  async run(args) {
    const given = readArguments(args, {}, example)
    const [draft, ...others] = given.positionals
    if (others.length > 0) {
      throw new SwitchroomError('USAGE', `expected one folder, found ${given.positionals.join(' ')}`, {
        remedy: example,
      })
    }
    const done = await withRules(given, 'center publish', async (rules) => {
      const folder = draft === undefined ? rules.folder : resolve(draft)
      const texts = await readTexts(folder)
      // Here the places of its faults are those of the files; at the server they are those of a version.
      acceptedCenter(checkCenter(folder, texts, { demoFits: false }))
      return publishedText(await rules.publish(texts), rules.isRunning)
    })
    process.stdout.write(done)
    return 0
  },
}
