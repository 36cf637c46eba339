import type { PhoneSettings } from '../database/person.ts'
import { SwitchroomError } from '../errors.ts'
import type { Command } from './command.ts'
import { findAccount, withPeople } from './user-access.ts'
import { type Arguments, commonUsage, onlyArgument, readArguments, textOf } from './user-arguments.ts'

const example = 'switchroom user phone mei --auto-answer on'

/** `switchroom user phone` */
export const userPhone: Command = {
  name: 'user phone',
  summary: "show how somebody's phone is used, or change it",
  usage: `switchroom user phone <username> [--auto-answer on|off] [--standing on|off]

  --auto-answer on|off  contacts are taken without the agent, after a short tone
  --standing on|off     one call stands while the agent works, and contacts come on it
${commonUsage}`,
  example,
  async run(args) {
    const given = readArguments(
      args,
      { 'auto-answer': { type: 'string' }, standing: { type: 'string' } },
      example,
    )
    const username = onlyArgument(given, 'username', example)
    const autoAnswer = switchOf(given, 'auto-answer')
    const standing = switchOf(given, 'standing')
    const phone = await withPeople(given, 'user phone', async (people) => {
      const account = await findAccount(people, username)
      if (autoAnswer === undefined && standing === undefined) return account.phone
      const changed: PhoneSettings = {
        autoAnswer: autoAnswer ?? account.phone.autoAnswer,
        standing: standing ?? account.phone.standing,
      }
      await people.setPhone(account.id, changed)
      return changed
    })
    process.stdout.write(
      `${username}: auto-answer ${onOff(phone.autoAnswer)}, standing call ${onOff(phone.standing)}\n`,
    )
    return 0
  },
}

/** @throws SwitchroomError USAGE */
function switchOf({ values }: Arguments, flag: string): boolean | undefined {
  const text = textOf(values[flag])
  if (text === undefined) return undefined
  if (text === 'on' || text === 'off') return text === 'on'
  throw new SwitchroomError('USAGE', `--${flag}: found "${text}", expected on or off`, { remedy: example })
}

function onOff(is: boolean): string {
  return is ? 'on' : 'off'
}
