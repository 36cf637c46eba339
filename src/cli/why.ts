import type { Command } from './command.ts'
import { runningServer } from './running-server.ts'
import { commonUsage, onlyArgument, readArguments } from './user-arguments.ts'
import { whyText } from './why-text.ts'

const example = 'switchroom why 5f0c'

/** `switchroom why <contact>` */
export const why: Command = {
  name: 'why',
  summary: 'why a contact still waits, and why it went to whom it went',
  usage: `switchroom why <contact> [--json]

  <contact>           id of the contact (the log and the desk have it), or some characters of it
                      while it is going on
  --json              what the API says, for programs
${commonUsage}

Also of contacts that are over, as long as the database has their record.`,
  example,
  async run(args) {
    const given = readArguments(args, { json: { type: 'boolean' } }, example)
    const contact = onlyArgument(given, 'contact', example)
    const { WhyApi } = await import('./why-api.ts')
    const server = await runningServer(
      given,
      'why',
      'It is the server that explains: start it, or name its center or its data.dir.',
    )
    const found = await new WhyApi(...server).read(contact)
    process.stdout.write(
      given.values['json'] === true ? `${JSON.stringify(found, undefined, 2)}\n` : whyText(found),
    )
    return 0
  },
}
