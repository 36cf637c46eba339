import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../../clock/clock.ts'
import { messageOf, SwitchroomError } from '../../errors.ts'
import { DOMAIN_NAME, type State } from '../state.ts'
import { MemoryBus } from './bus.ts'
import { DomainState } from './domain-state.ts'
import { DomainFiles } from './files.ts'
import { MemoryJournal } from './journal.ts'
import { MemoryLeadership } from './leadership.ts'
import { MemoryStore } from './store.ts'

export interface MemoryStateOptions {
  /**
   * An opened data folder (`DataFolder`): its lock keeps every other process out. Without one, nothing
   * outlives this process.
   */
  readonly folder?: { readonly path: string }
  readonly domain: string
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Opens the state of a domain in this process, journaled to `routing/<domain>` of the data folder.
 * @throws SwitchroomError STATE_DAMAGED, STATE_UNREACHABLE when the folder cannot be read or written
 */
export async function openMemoryState({ folder, domain, clock, logger }: MemoryStateOptions): Promise<State> {
  if (!DOMAIN_NAME.test(domain)) throw new RangeError(`a domain cannot be called ${domain}`)
  const state = new DomainState(clock)
  const files = folder && (await openFiles(join(folder.path, 'routing', domain), state, logger))
  const store = new MemoryStore({ state, files, clock, logger })
  const journal = new MemoryJournal(store)
  return {
    journal,
    leadership: new MemoryLeadership(journal, store),
    bus: new MemoryBus(logger),
    get reachable() {
      return store.reachable
    },
    onReach: (listener) => store.onReach(listener),
    close: () => store.close(),
  }
}

async function openFiles(path: string, state: DomainState, logger: Logger): Promise<DomainFiles> {
  try {
    return await DomainFiles.open(path, state, logger)
  } catch (thrown) {
    if (thrown instanceof SwitchroomError) throw thrown
    throw new SwitchroomError(
      'STATE_UNREACHABLE',
      `The journal in ${path} cannot be used: ${messageOf(thrown)}.`,
      {
        remedy: 'Make the folder readable and writable for this user.',
        cause: thrown,
      },
    )
  }
}
