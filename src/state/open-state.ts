import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../clock/clock.ts'
import type { State } from './state.ts'

export interface StateOptions {
  /** Empty: in memory, and on the disk of this process. */
  readonly redisUrl: string
  readonly domain: string
  readonly leaseMs: number
  /** An opened data folder. */
  readonly folder: { readonly path: string }
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Opens the state of a routing domain; the client of Redis is loaded only where it is needed.
 * @throws SwitchroomError SETTING_INVALID, STATE_UNREACHABLE, STATE_DAMAGED
 */
export async function openState({ redisUrl: url, folder, ...options }: StateOptions): Promise<State> {
  if (url === '') {
    const { openMemoryState } = await import('./memory/state.ts')
    return openMemoryState({ ...options, folder })
  }
  const { openRedisState } = await import('./redis/state.ts')
  return openRedisState({ ...options, url })
}

/**
 * An empty journal on the disk, in place of Redis while that is away; `remove` closes and forgets it. One that is there
 * already was left by a process that ended meanwhile, and is set aside.
 */
export async function openDegradedState({
  domain,
  folder,
  clock,
  logger,
}: StateOptions): Promise<{ readonly state: State; remove(): Promise<void> }> {
  const name = `${domain.slice(0, 54)}-degraded`
  const path = join(folder.path, 'routing', name)
  await setAside(path, logger)
  const { openMemoryState } = await import('./memory/state.ts')
  const state = await openMemoryState({ folder, domain: name, clock, logger })
  return {
    state,
    remove: async () => {
      await state.close()
      await rm(path, { recursive: true, force: true })
    },
  }
}

async function setAside(path: string, logger: Logger): Promise<void> {
  const aside = `${path}.left`
  await rm(aside, { recursive: true, force: true })
  try {
    await rename(path, aside)
    logger.warn({ folder: aside }, 'a journal that was never taken over by Redis is set aside')
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown
  }
}
