import { RealClock } from '../clock/real-clock.ts'
import { loadSettings } from '../config/load-settings.ts'
import { DataFolder, folderBusy } from '../database/data-folder.ts'
import type { RuleAccess } from './center-rules.ts'
import { type Arguments, textOf, textsOf } from './user-arguments.ts'

/**
 * Runs `work` with the rules of the center that the flags name.
 * @param program the command, for whoever finds the data folder busy meanwhile
 * @throws SwitchroomError
 */
export async function withRules<Result>(
  { values }: Arguments,
  program: string,
  work: (rules: RuleAccess) => Promise<Result>,
): Promise<Result> {
  const configuration = await loadSettings(textsOf(values['set']), textOf(values['center']))
  const { settings, center } = configuration
  const opened = DataFolder.openOrFindOwner(settings.data.dir, program, new RealClock())
  const rules = await accessTo()
  try {
    return await work(rules)
  } finally {
    await rules.close()
  }

  /** Loads what it needs only now: a program that lists its commands shall not wait for a database driver. */
  async function accessTo(): Promise<RuleAccess> {
    if (opened instanceof DataFolder) {
      const { rulesInDatabase } = await import('./center-database.ts')
      return rulesInDatabase(opened, configuration)
    }
    if (opened === 'unknown' || opened.address === undefined || opened.operatorToken === undefined) {
      throw folderBusy(settings.data.dir, opened)
    }
    const { rulesOverApi } = await import('./center-api.ts')
    return rulesOverApi(opened.address, opened.operatorToken, center)
  }
}
