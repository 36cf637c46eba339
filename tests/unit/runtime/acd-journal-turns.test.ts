import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Engine } from '../../../src/acd/engine.ts'
import { RealClock } from '../../../src/clock/real-clock.ts'
import { AcdJournal } from '../../../src/runtime/acd-journal.ts'
import { AcdRunner } from '../../../src/runtime/acd-runner.ts'
import { Archive } from '../../../src/state/archive.ts'
import { BEGINNING, type Journal } from '../../../src/state/journal.ts'
import { openMemoryState } from '../../../src/state/memory/state.ts'
import type { State } from '../../../src/state/state.ts'
import { elect } from '../../conformance/state.ts'
import { silent } from '../../support/database.ts'
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts'
import { until } from '../../support/until.ts'

let folder: TempFolder
let state: State

beforeEach(async () => {
  folder = await tempFolder('journal-turns')
  state = await openMemoryState({ domain: 'main', clock: new RealClock(), logger: silent })
})
afterEach(async () => {
  await state.close()
  await folder.remove()
})

/** Runs behind so many microtasks. */
function after(microtasks: number, run: () => void): void {
  queueMicrotask(() => (microtasks === 0 ? run() : after(microtasks - 1, run)))
}

it.each(Array.from({ length: 12 }, (_, microtasks) => microtasks))(
  'what comes %i moments after an append is written, without anything else that has to come',
  async (microtasks) => {
    const clock = new RealClock()
    const acd = new AcdRunner(new Engine(), clock, silent)
    const put = (agent: string): void => acd.put({ type: 'agent.known', agent, skills: {} })
    const { journal } = state
    const append: Journal['append'] = async (term, group) => {
      const result = await journal.append(term, group)
      if (group.after.sequence === 0) after(microtasks, () => put('luis'))
      return result
    }
    const watched = new Proxy(journal, {
      get(target, name) {
        if (name === 'append') return append
        const member: unknown = Reflect.get(target, name, target)
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
    const written = new AcdJournal(acd, {
      state: { ...state, journal: watched },
      term: await elect(state),
      position: BEGINNING,
      release: 'confirmed',
      archive: new Archive(join(folder.path, 'archive'), 'main'),
      clock,
      logger: silent,
    })
    put('ana')
    await until('both are there', async () => (await journal.end()).sequence === 2, 2_000)
    expect(acd.engine.agents().map(({ agent }) => agent)).toEqual(['ana', 'luis'])
    await written.close()
  },
)
