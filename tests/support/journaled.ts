import { join } from 'node:path'
import type { AcdEffect, AcdInput } from '../../src/acd/contract.ts'
import type { EngineSnapshot } from '../../src/acd/snapshot.ts'
import { RealClock } from '../../src/clock/real-clock.ts'
import { decisionOf, ENGINE } from '../../src/replay/decision.ts'
import { type Observer, Simulator, type World } from '../../src/simulation/simulator.ts'
import { Archive } from '../../src/state/archive.ts'
import { BEGINNING } from '../../src/state/journal.ts'
import { openMemoryState } from '../../src/state/memory/state.ts'
import { commit, elect } from '../conformance/state.ts'
import { silent } from './database.ts'

/** Inputs with their decisions, and the engine behind the last of them. */
export interface Stretch {
  readonly inputs: readonly { readonly at: number; readonly decided: string; readonly input: AcdInput }[]
  readonly state: EngineSnapshot
}

/** Plays a world, cut into stretches of about so many inputs. */
export function stretchesOf(world: World, length: number, ...observers: readonly Observer[]): Stretch[] {
  const stretches: Stretch[] = []
  let inputs: { at: number; decided: string; input: AcdInput }[] = []
  const cut = (): void => {
    stretches.push({ inputs, state: simulator.engine.snapshot() })
    inputs = []
  }
  const handled = (input: AcdInput, at: number, effects: readonly AcdEffect[]): void => {
    inputs.push({ at, decided: decisionOf(effects), input })
    if (inputs.length === length) cut()
  }
  const simulator = new Simulator(world, { handled }, ...observers)
  simulator.run()
  cut()
  return stretches
}

/**
 * Writes stretches as a server without Redis does: to `routing/main` of the folder, with a snapshot behind each but the
 * last, and into an archive.
 * @returns the folders of the disk journal and of the archive
 */
export async function journaled(
  folder: string,
  stretches: readonly Stretch[],
  { trim = true, engine = ENGINE }: { readonly trim?: boolean; readonly engine?: string } = {},
): Promise<{ readonly disk: string; readonly archive: string }> {
  const state = await openMemoryState({
    folder: { path: folder },
    domain: 'main',
    clock: new RealClock(),
    logger: silent,
  })
  const term = await elect(state)
  const archive = new Archive(join(folder, 'archive'), 'main')
  let end = BEGINNING
  for (const [index, { inputs, state: reached }] of stretches.entries()) {
    for (let from = 0; from < inputs.length; from += 1_000) {
      const some = inputs.slice(from, from + 1_000)
      end = await commit(state, term, { after: end, inputs: some, effects: new Map(), taken: [] })
    }
    if (index === stretches.length - 1) break
    await state.journal.saveSnapshot(term, { engine, position: end, state: reached })
    await archive.take(state.journal, end.sequence)
    if (trim) await state.journal.trim(term, end)
  }
  await state.close()
  return { disk: join(folder, 'routing', 'main'), archive: join(folder, 'archive') }
}
