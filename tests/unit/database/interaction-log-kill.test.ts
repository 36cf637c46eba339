import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RealClock } from '../../../src/clock/real-clock.ts'
import { InteractionLog } from '../../../src/database/interaction-log.ts'
import { openDatabase } from '../../../src/database/open-database.ts'
import { copyTestDatabase, silent } from '../../support/database.ts'
import { start } from '../../support/process.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const child = join(import.meta.dirname, 'interaction-log.child.ts')

/** Contacts that each process ends before it is killed: at once, in the first batch, and in the middle of many. */
const DEATHS = [0, 45, 600]

describe('interaction log, kill -9', () => {
  it('gives every contact that ever began exactly one outcome', { timeout: 60_000 }, async () => {
    await using folder = await tempFolder('kill')
    mkdirSync(folder.path, { recursive: true })
    await copyTestDatabase(join(folder.path, 'database'))
    for (const [round, count] of DEATHS.entries()) {
      const program = start(process.execPath, [child, folder.path, `p${round}`, `${count}`])
      expect(await program.ended, program.output).toEqual({ code: null, signal: 'SIGKILL' })
    }

    const database = await openDatabase({ kind: 'pglite', folder: join(folder.path, 'database') }, silent)
    const log = await InteractionLog.open(folder.path, database, new RealClock(), silent)
    const rows = await database
      .selectFrom('interactions as i')
      .select(['i.id', 'i.outcome'])
      .select((each) =>
        each
          .selectFrom('interactionSegments as s')
          .whereRef('s.interactionId', '=', 'i.id')
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .as('segments'),
      )
      .execute()
    await log.close()
    await database.destroy()

    const promised = readFileSync(join(folder.path, 'promised'), 'utf8').trimEnd().split('\n')
    const begun = promised.flatMap((line) => (line.startsWith('begun ') ? [line.slice(6)] : []))
    const ended = new Set(promised.flatMap((line) => (line.startsWith('ended ') ? [line.slice(6)] : [])))
    expect(begun).toHaveLength(DEATHS.reduce((sum, count) => sum + count + 1, 0))
    // Killed right after its last promise, so there is nothing that was begun and not promised.
    expect(rows.map(({ id }) => id).sort()).toEqual([...begun].sort())
    for (const { id, outcome, segments } of rows) {
      expect([id, outcome, segments]).toEqual([id, ended.has(id) ? 'handled' : 'system-failure', 4])
    }
  })
})
