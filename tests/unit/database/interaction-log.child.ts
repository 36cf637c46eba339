/**
 * Contacts begin, go on and end at a rate that no call center has, and what was promised is written down; then
 * the process kills itself, in the middle of whatever is going on.
 * Arguments: data folder, prefix of the contacts' ids, number of contacts to end before it dies.
 */
import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { RealClock } from '../../../src/clock/real-clock.ts'
import { InteractionLog } from '../../../src/database/interaction-log.ts'
import { openDatabase } from '../../../src/database/open-database.ts'
import { interaction } from '../../conformance/interactions.ts'
import { silent } from '../../support/database.ts'

const [folder = '', prefix = '', count = ''] = process.argv.slice(2)
const OVERLAPPING = 20
/** So often the log is pressed to write; what it writes of its own accord comes between. */
const FLUSH_EVERY = 25

const promised = openSync(join(folder, 'promised'), 'a')
const database = await openDatabase({ kind: 'pglite', folder: join(folder, 'database') }, silent)
const log = await InteractionLog.open(folder, database, new RealClock(), silent)

for (let n = 0; ; n++) {
  const { id, channel, direction, startedAt, from, to, path, data, segments } = interaction(`${prefix}-${n}`)
  const going = { id, channel, direction, startedAt, from, to, path, data, segments }
  log.begin(going)
  writeSync(promised, `begun ${id}\n`)
  if (n % 3 === 0) log.update({ ...going, customer: 'settled' })
  if (n >= OVERLAPPING) {
    const earlier = `${prefix}-${n - OVERLAPPING}`
    log.end(interaction(earlier))
    writeSync(promised, `ended ${earlier}\n`)
  }
  if (n === Number(count)) process.kill(process.pid, 'SIGKILL')
  // The thread of the database commits meanwhile; now and then the file is emptied or rewritten.
  if (n % FLUSH_EVERY === 0) void log.flush()
  await setImmediate()
}
