import { RealClock } from '../clock/real-clock.ts'
import { loadSettings } from '../config/load-settings.ts'
import { DataFolder, folderBusy } from '../database/data-folder.ts'
import { SwitchroomError } from '../errors.ts'
import { type Arguments, textOf, textsOf } from './user-arguments.ts'

/**
 * Address and operator's token of the server that has the data folder open.
 * @param remedy what to do where none runs
 * @throws SwitchroomError SERVER_UNREACHABLE or DATA_FOLDER_BUSY
 */
export async function runningServer(
  { values }: Arguments,
  command: string,
  remedy: string,
): Promise<[address: string, token: string]> {
  const { settings } = await loadSettings(textsOf(values['set']), textOf(values['center']))
  const owner = DataFolder.openOrFindOwner(settings.data.dir, command, new RealClock())
  if (owner instanceof DataFolder) {
    owner.release()
    throw new SwitchroomError('SERVER_UNREACHABLE', `No server runs with the data folder ${owner.path}.`, {
      remedy,
    })
  }
  if (owner === 'unknown' || owner.address === undefined || owner.operatorToken === undefined)
    throw folderBusy(settings.data.dir, owner)
  return [owner.address, owner.operatorToken]
}
