/** Opens the data folder given as argument and keeps it until it is killed. */
import { isMainThread } from 'node:worker_threads'
import { RealClock } from '../../../src/clock/real-clock.ts'
import { DataFolder } from '../../../src/database/data-folder.ts'
import { SwitchroomError } from '../../../src/errors.ts'

try {
  DataFolder.open(process.argv[2] ?? '', 'server', new RealClock())
  console.log('opened')
} catch (error) {
  if (!isMainThread || !(error instanceof SwitchroomError)) throw error
  console.log(error.code)
}
setInterval(() => {}, 60_000)
