import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Metric } from './api/metrics.ts'
import type { Clock } from './clock/clock.ts'
import type { Settings } from './config/settings.ts'
import { StandbyStopped } from './errors.ts'
import { AcdJournal, type JournalStanding } from './runtime/acd-journal.ts'
import { AcdRunner } from './runtime/acd-runner.ts'
import { settle } from './runtime/acd-settling.ts'
import { Standby } from './runtime/acd-standby.ts'
import { Archive } from './state/archive.ts'
import { openDegradedState, openState, type StateOptions } from './state/open-state.ts'

const DAY_MS = 86_400_000

/** Another process writes, where nobody has been elected after so long. */
const SOON_MS = 500

export interface RoutingParts {
  readonly settings: Settings['state']
  /** An opened data folder. */
  readonly folder: { readonly path: string }
  readonly clock: Clock
  readonly logger: Logger
  /** Is told while this process waits for another one to end. */
  readonly progress: (step: string) => void
  /** Resolves when this process is to end while it waits. */
  readonly ended: Promise<unknown> | undefined
}

/** The routing engine as it was kept, and what keeps it. */
export interface Routing {
  readonly acd: AcdRunner
  readonly journal: AcdJournal
  /** Resolves when another process has become the writer. */
  readonly deposed: Promise<string>
  /** Whether another process has written before, while this one stood by. */
  readonly stoodBy: boolean
  close(): Promise<void>
}

/**
 * Opens the state of the routing domain, waits until this process is its writer, and brings the engine back. What ended
 * with the writer before is ended in it.
 * @throws SwitchroomError STATE_UNREACHABLE, STATE_DAMAGED, SETTING_INVALID; StandbyStopped
 */
export async function openRouting({
  settings,
  folder,
  clock,
  logger,
  progress,
  ended,
}: RoutingParts): Promise<Routing> {
  const { redisUrl, domain, lease, degradeAfter, archiveDays } = settings
  const options: StateOptions = { redisUrl, domain, leaseMs: lease * 1000, folder, clock, logger }
  const state = await openState(options)
  try {
    const archive = new Archive(join(folder.path, 'archive', domain), domain)
    await archive.expire(clock.now() - archiveDays * DAY_MS)
    let journal: AcdJournal | undefined
    let isLost = false
    let stoodBy = false
    const lost = (): void => {
      isLost = true
      journal?.depose('the lease has gone to another one')
    }
    const cancel = clock.after(SOON_MS, () => {
      stoodBy = redisUrl !== ''
      if (stoodBy)
        progress(`standby: another process routes the domain ${domain}; this one takes over when it ends`)
    })
    const stopped = new Promise<never>((_, reject) => {
      void ended?.then(() => stoodBy && reject(new StandbyStopped()))
    })
    const elected = new Standby({ state, clock, logger, lost }).elected()
    const { engine, position, term } = await Promise.race([elected, stopped])
    cancel()
    const acd = new AcdRunner(engine, clock, logger, position.at)
    const release = redisUrl === '' ? 'at-once' : 'confirmed'
    const onDisk = { afterMs: degradeAfter * 1000, open: () => openDegradedState(options) }
    const writer = new AcdJournal(acd, {
      state,
      term,
      position,
      release,
      archive,
      clock,
      logger,
      ...(release === 'confirmed' && degradeAfter > 0 && { disk: onDisk }),
    })
    journal = writer
    const deposed = new Promise<string>((resolve) => {
      writer.onDeposed(resolve)
    })
    if (isLost) writer.depose('the lease has gone to another one')
    const { length: agents } = engine.agents().filter(({ presence }) => presence !== 'logged-out')
    const { length: contacts } = engine.contacts()
    logger.info(
      { domain, epoch: term.epoch, sequence: position.sequence, agents, contacts },
      'routing is ours',
    )
    settle(acd)
    return {
      acd,
      journal: writer,
      deposed,
      stoodBy,
      close: async () => {
        await writer.close()
        await state.leadership.resign()
        await state.close()
      },
    }
  } catch (error) {
    await state.close()
    throw error
  }
}

const faults: Record<JournalStanding, string | undefined> = {
  writing: undefined,
  away: 'the store of routing does not answer: nobody is offered anything until it does',
  degraded: 'the store of routing is away: the journal is on the disk of this process alone',
  deposed: 'another process routes',
}

export interface RoutingHealth {
  /** Whether calls can be routed here. */
  readonly serves: boolean
  readonly fault: string | undefined
}

export function routingHealth({ standing }: AcdJournal): RoutingHealth {
  return { serves: standing === 'writing' || standing === 'degraded', fault: faults[standing] }
}

export function routingMetrics({ standing, appends }: AcdJournal): Metric[] {
  return [
    {
      name: 'switchroom_journal_standing',
      type: 'gauge',
      help: 'How it stands with the journal of routing: 1 for what is the case.',
      samples: Object.keys(faults).map((each) => ({
        labels: { standing: each },
        value: each === standing ? 1 : 0,
      })),
    },
    {
      name: 'switchroom_journal_appends_total',
      type: 'counter',
      help: 'Groups of inputs of routing that were written.',
      samples: [{ labels: {}, value: appends }],
    },
  ]
}
