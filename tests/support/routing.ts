/** The routing engine with its journal, as the server opens it, and somebody who looks at what it does. */
import type { AcdEffect, AcdInput } from '../../src/acd/contract.ts'
import { ONE_CALL } from '../../src/acd/rules.ts'
import { RealClock } from '../../src/clock/real-clock.ts'
import type { Settings } from '../../src/config/settings.ts'
import { openRouting, type Routing } from '../../src/open-routing.ts'
import { rules } from '../unit/acd/floor.ts'
import { silent } from './database.ts'

export const STATE: Settings['state'] = {
  redisUrl: '',
  domain: 'main',
  lease: 2,
  degradeAfter: 10,
  archiveDays: 30,
}

export const RULES: AcdInput = {
  type: 'rules.configured',
  rules: { queues: [rules('billing')], teams: [], capacity: ONE_CALL },
  hash: 'rules-1',
}

export interface Floor extends Routing {
  /** What was performed, timers left out. */
  readonly effects: readonly AcdEffect[]
  put(...inputs: readonly AcdInput[]): void
  /** Ana and ben are at work, with phones. */
  staff(): void
}

const clock = new RealClock()

export async function openFloor(
  folder: { readonly path: string },
  settings: Partial<Settings['state']> = {},
  progress: (step: string) => void = () => undefined,
): Promise<Floor> {
  const parts = {
    settings: { ...STATE, ...settings },
    folder,
    clock,
    logger: silent,
    progress,
    ended: undefined,
  }
  const routing = await openRouting(parts)
  const effects: AcdEffect[] = []
  routing.acd.onEffect((effect) => effects.push(effect))
  const put = (...inputs: readonly AcdInput[]): void => {
    for (const input of inputs) routing.acd.put(input)
  }
  return {
    ...routing,
    effects,
    put,
    staff: () => {
      put(RULES)
      for (const agent of ['ana', 'ben']) {
        put(
          { type: 'agent.known', agent, skills: { billing: 5 } },
          { type: 'agent.signed-in', agent },
          { type: 'agent.available', agent },
          { type: 'device.ok', agent },
        )
      }
    },
  }
}

export function queued(contact: string): AcdInput {
  return { type: 'contact.queued', contact, queue: 'billing', requirement: { all: [] }, priority: 5 }
}

/** The latest offer of a contact. */
export function offerOf({ effects }: Floor, contact: string): Extract<AcdEffect, { type: 'offer.made' }> {
  const made = effects.findLast((effect) => effect.type === 'offer.made' && effect.contact === contact)
  if (made?.type !== 'offer.made') throw new Error(`${contact} was offered to nobody`)
  return made
}
