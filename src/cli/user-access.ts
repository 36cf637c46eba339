import { RealClock } from '../clock/real-clock.ts'
import { type Configuration, loadSettings } from '../config/load-settings.ts'
import { DataFolder, type FolderOwner, folderBusy } from '../database/data-folder.ts'
import { SwitchroomError } from '../errors.ts'
import { type Arguments, textOf, textsOf } from './user-arguments.ts'
import type { Account, PeopleAccess } from './user-people.ts'

/**
 * Runs `work` with the people of the center that the flags name.
 * @param program the command, for whoever finds the data folder busy meanwhile
 * @throws SwitchroomError
 */
export async function withPeople<Result>(
  { values }: Arguments,
  program: string,
  work: (people: PeopleAccess) => Promise<Result>,
): Promise<Result> {
  const configuration = await loadSettings(textsOf(values['set']), textOf(values['center']))
  const opened = DataFolder.openOrFindOwner(configuration.settings.data.dir, program, new RealClock())
  const people = await accessTo(opened, configuration)
  try {
    return await work(people)
  } finally {
    await people.close()
  }
}

/** The person of this id or username. @throws SwitchroomError NOT_FOUND */
export async function findAccount(people: PeopleAccess, name: string): Promise<Account> {
  const account = (await people.list()).find(({ id, username }) => id === name || username === name)
  if (account) return account
  throw new SwitchroomError('NOT_FOUND', `There is nobody with the username "${name}".`, {
    remedy: '`switchroom user list` shows everybody.',
  })
}

/** Loads what it needs only now: a program that lists its commands shall not wait for a database driver. */
async function accessTo(
  opened: DataFolder | FolderOwner | 'unknown',
  configuration: Configuration,
): Promise<PeopleAccess> {
  if (opened instanceof DataFolder) {
    const { peopleInDatabase } = await import('./user-people-database.ts')
    return peopleInDatabase(opened, configuration)
  }
  if (opened === 'unknown' || opened.address === undefined || opened.operatorToken === undefined) {
    throw folderBusy(configuration.settings.data.dir, opened)
  }
  const { peopleOverApi } = await import('./user-people-api.ts')
  return peopleOverApi(opened.address, opened.operatorToken)
}
