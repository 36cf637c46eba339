/** What a crash, a failing disk and other programs do to the journal on disk, and what becomes of it. */
import { appendFile, chmod, open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RealClock } from '../../src/clock/real-clock.ts'
import { BEGINNING, type Position } from '../../src/state/journal.ts'
import type { Term } from '../../src/state/leadership.ts'
import { openMemoryState } from '../../src/state/memory/state.ts'
import type { State } from '../../src/state/state.ts'
import { commit, elect, groupOf, readAll } from '../conformance/state.ts'
import { silent } from '../support/database.ts'
import { start } from '../support/process.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'

describe('a journal on disk', () => {
  let folder: TempFolder
  let state: State
  let term: Term
  let end: Position
  const openAgain = (): Promise<State> =>
    openMemoryState({ folder, domain: 'main', clock: new RealClock(), logger: silent })
  const path = (name: string): string => join(folder.path, 'routing/main', name)
  const LOG = 'journal-000001.log'

  beforeEach(async () => {
    folder = await tempFolder('disk')
    state = await openAgain()
    term = await elect(state)
    end = await commit(state, term, groupOf(BEGINNING, ['a', 'b']))
    end = await commit(state, term, groupOf(end, ['c']))
  })
  afterEach(async () => {
    await state.close()
    await folder.remove()
  })

  const inputs = async (): Promise<unknown[]> => (await readAll(state)).map(({ input }) => input)

  it('loses a torn last record, which nobody was told of, and goes on', async () => {
    await state.close()
    const { size } = await stat(path(LOG))
    await truncate(path(LOG), size - 3)
    state = await openAgain()
    expect(await inputs()).toEqual(['a', 'b'])
    term = await elect(state)
    await commit(state, term, groupOf(await state.journal.end(), ['d']))
    await state.close()
    state = await openAgain()
    expect(await inputs()).toEqual(['a', 'b', 'd'])
  })

  it('loses zeros that a power cut has left behind the last record', async () => {
    await state.close()
    await appendFile(path(LOG), Buffer.alloc(512))
    state = await openAgain()
    expect(await inputs()).toEqual(['a', 'b', 'c'])
  })

  it('refuses a record that was changed, by file and offset', async () => {
    await state.close()
    const text = await readFile(path(LOG), 'utf8')
    const offset = text.split('\n').slice(0, 2).join('\n').length + 1
    await writeFile(path(LOG), text.replace('"input":"a"', '"input":"A"'))
    await expect(openAgain()).rejects.toMatchObject({
      code: 'STATE_DAMAGED',
      message: expect.stringContaining(`the file ${path(LOG)}, at byte ${offset}, starts with`),
    })
    await writeFile(path(LOG), text)
    state = await openAgain()
  })

  it('refuses a last record that is whole and wrong: it was confirmed', async () => {
    await state.close()
    const text = await readFile(path(LOG), 'utf8')
    await writeFile(path(LOG), text.replace('"input":"c"', '"input":"C"'))
    await expect(openAgain()).rejects.toMatchObject({ code: 'STATE_DAMAGED' })
    await writeFile(path(LOG), text)
    state = await openAgain()
  })

  it('refuses when a record is missing', async () => {
    await state.close()
    const lines = (await readFile(path(LOG), 'utf8')).split('\n')
    await writeFile(path(LOG), lines.toSpliced(2, 1).join('\n'))
    await expect(openAgain()).rejects.toThrow(/does not continue entry 0/)
    await writeFile(path(LOG), lines.join('\n'))
    state = await openAgain()
  })

  it('refuses a snapshot that was changed, by its file', async () => {
    await state.journal.saveSnapshot(term, { engine: 'e 1', position: end, state: { waiting: 3 } })
    await state.close()
    const text = await readFile(path('snapshot.json'), 'utf8')
    await writeFile(path('snapshot.json'), text.replace('"waiting":3', '"waiting":4'))
    await expect(openAgain()).rejects.toThrow(path('snapshot.json'))
    await writeFile(path('snapshot.json'), text)
    state = await openAgain()
    expect((await state.journal.latestSnapshot())?.state).toEqual({ waiting: 3 })
  })

  it('begins a new file with each snapshot, and removes those that are not needed', async () => {
    await state.journal.saveSnapshot(term, { engine: 'e 1', position: end, state: {} })
    end = await commit(state, term, groupOf(end, ['d']))
    await state.journal.trim(term, (await state.journal.latestSnapshot())!.position)
    expect((await readdir(path(''))).toSorted()).toEqual(['journal-000002.log', 'snapshot.json'])
    await state.close()
    state = await openAgain()
    expect((await readAll(state, await state.journal.start())).map(({ input }) => input)).toEqual(['d'])
    expect(await state.journal.end()).toEqual(end)
  })

  it('is away while the disk cannot be written, and takes the same group when it can', async () => {
    await state.close()
    // A limit of the kernel stands for a full disk: writing beyond it fails with EFBIG.
    const script = `
      import { openMemoryState } from '${join(import.meta.dirname, '../../src/state/memory/state.ts')}'
      import { RealClock } from '${join(import.meta.dirname, '../../src/clock/real-clock.ts')}'
      import { pino } from 'pino'
      process.on('SIGXFSZ', () => {})
      const folder = { path: ${JSON.stringify(folder.path)} }
      const state = await openMemoryState({ folder, domain: 'main', clock: new RealClock(), logger: pino({ level: 'silent' }) })
      const term = await new Promise((elected) => state.leadership.campaign({ elected, lost() {} }))
      let end = await state.journal.end()
      const reaches = []
      state.onReach((reach) => reaches.push(reach))
      for (;;) {
        const group = { after: end, inputs: [{ at: end.at, input: 'x'.repeat(200) }], effects: new Map(), taken: [] }
        const result = await state.journal.append(term, group)
        if (result.outcome !== 'committed') {
          console.log(JSON.stringify({ outcome: result.outcome, end: end.sequence, reaches }))
          break
        }
        end = result.end
      }
      process.exit(0)
    `
    const limited = start('bash', ['-c', 'ulimit -f 8; exec "$0" --input-type=module', process.execPath], {
      input: script,
    })
    const {
      outcome,
      end: last,
      reaches,
    } = JSON.parse(await limited.line(/^\{/)) as {
      outcome: string
      end: number
      reaches: string[]
    }
    await limited.ended
    expect({ outcome, reaches }).toEqual({ outcome: 'away', reaches: ['away'] })
    state = await openAgain()
    expect((await state.journal.end()).sequence).toBe(last)
  })

  it('elects the writer as soon as a full disk has room again', async () => {
    await state.close()
    const script = `
      import { execFileSync } from 'node:child_process'
      import { openMemoryState } from '${join(import.meta.dirname, '../../src/state/memory/state.ts')}'
      import { RealClock } from '${join(import.meta.dirname, '../../src/clock/real-clock.ts')}'
      import { pino } from 'pino'
      process.on('SIGXFSZ', () => {})
      const folder = { path: ${JSON.stringify(folder.path)} }
      const state = await openMemoryState({ folder, domain: 'main', clock: new RealClock(), logger: pino({ level: 'silent' }) })
      let hadRoom = false
      state.onReach(() => {
        hadRoom = true
        execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited'])
      })
      state.leadership.campaign({ elected: ({ epoch }) => {
        console.log(JSON.stringify({ epoch, hadRoom }))
        process.exit(0)
      }, lost() {} })
    `
    const full = start('bash', ['-c', 'ulimit -S -f 0; exec "$0" --input-type=module', process.execPath], {
      input: script,
    })
    expect(JSON.parse(await full.line(/^\{/))).toEqual({ epoch: term.epoch + 1, hadRoom: true })
    await full.ended
    state = await openAgain()
  })

  it('says which folder it cannot use', async () => {
    await state.close()
    const file = join(folder.path, 'no-folder')
    await (await open(file, 'w')).close()
    await chmod(file, 0o600)
    await expect(
      openMemoryState({ folder: { path: file }, domain: 'main', clock: new RealClock(), logger: silent }),
    ).rejects.toMatchObject({ code: 'STATE_UNREACHABLE' })
    state = await openAgain()
  })
})
