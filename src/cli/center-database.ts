import { join } from 'node:path'
import { pino } from 'pino'
import { ActiveCenter, loadFromFiles } from '../active-center.ts'
import { RealClock } from '../clock/real-clock.ts'
import type { Configuration } from '../config/load-settings.ts'
import { listActivations } from '../database/center-versions.ts'
import type { DataFolder } from '../database/data-folder.ts'
import { openDatabase } from '../database/open-database.ts'
import type { RuleAccess } from './center-rules.ts'

/** The rules in the database itself, while no server runs. Gives the data folder back when it is closed. */
export async function rulesInDatabase(
  data: DataFolder,
  { settings, center: folder }: Configuration,
): Promise<RuleAccess> {
  const clock = new RealClock()
  const { url } = settings.database
  const by = () => ({ who: 'operator', at: clock.now() })
  try {
    const database = await openDatabase(
      url === '' ? { kind: 'pglite', folder: join(data.path, 'database') } : { kind: 'postgres', url },
      pino({ level: 'silent' }),
    )
    const open = async (ofFiles: boolean): Promise<ActiveCenter> =>
      ActiveCenter.open(folder, await loadFromFiles(folder), database, clock, ofFiles)
    return {
      isRunning: false,
      folder,
      show: async () => (await open(false)).describe(),
      history: () => listActivations(database),
      publish: async (texts) => (await open(true)).publish(texts, by()),
      rollback: async (hash) => (await open(true)).rollback(hash, by()),
      close: async () => {
        await database.destroy()
        data.release()
      },
    }
  } catch (thrown) {
    data.release()
    throw thrown
  }
}
