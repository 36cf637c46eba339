import { isIP } from 'node:net'
import type { Settings } from './config/settings.ts'
import type { Database } from './database/open-database.ts'
import { hasDemoPasswords } from './database/people.ts'
import { SwitchroomError } from './errors.ts'

/**
 * Passwords that stand in a public file must not be reachable by others.
 * @throws SwitchroomError DEMO_PASSWORDS
 */
export async function refuseDemoBeyondLoopback(settings: Settings, database: Database): Promise<void> {
  const open = (['http', 'sip'] as const).filter((group) => !isLoopback(settings[group].host))
  const [group] = open
  if (group === undefined || !(await hasDemoPasswords(database))) return
  throw new SwitchroomError(
    'DEMO_PASSWORDS',
    `${group}.host is ${settings[group].host}, which others can reach, and people still have the demo's password`,
    {
      remedy:
        'Set new passwords (`switchroom user passwd <name>`) or disable those people (`switchroom user disable <name>`); or make a center of your own with `switchroom init`.',
    },
  )
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}
