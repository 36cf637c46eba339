import type { AgentId, AgentView } from '../acd/contract.ts'
import { DAY_MS } from './arrivals.ts'
import { type Estimate, estimate } from './batch-means.ts'
import { batchOf, type Measuring } from './measuring.ts'
import type { Observer } from './simulator.ts'

/** How the agents of one profile spent their time, within the hours in which contacts come. */
export interface AgentResult {
  /** Ringing, talk and wrap-up, of that and the time free for work. */
  readonly occupancy: Estimate
  /** Mean number of agents at work (busy or free). */
  readonly atWork: number
}

type Doing = 'busy' | 'free' | 'away'

interface Times {
  busy: number
  free: number
  away: number
}

/** Adds up what agents do. */
export class AgentStatistics implements Observer {
  readonly #measuring: Measuring
  readonly #profileOf: (agent: AgentId) => string
  readonly #since = new Map<AgentId, { at: number; doing: Doing }>()
  readonly #profiles = new Map<string, Times[]>()

  /** @param profileOf what an agent is counted under */
  constructor(measuring: Measuring, profileOf: (agent: AgentId) => string) {
    this.#measuring = measuring
    this.#profileOf = profileOf
  }

  agentChanged(view: AgentView, now: number): void {
    const doing = doingOf(view)
    const before = this.#since.get(view.agent)
    if (before?.doing === doing) return
    if (before) this.#add(view.agent, before.doing, before.at, now)
    this.#since.set(view.agent, { at: now, doing })
  }

  /** What agents do last, lasts until the end. */
  finish(now: number): void {
    for (const [agent, { at, doing }] of this.#since) this.#add(agent, doing, at, now)
    this.#since.clear()
  }

  /** Of the agents of these profiles together. */
  result(profiles: readonly string[]): AgentResult {
    const { days, warmUpDays, open, batches } = this.#measuring
    const times = Array.from({ length: batches }, (_, batch) => {
      const own = profiles.map((profile) => this.#profiles.get(profile)?.[batch])
      return {
        busy: own.reduce((sum, each) => sum + (each?.busy ?? 0), 0),
        free: own.reduce((sum, each) => sum + (each?.free ?? 0), 0),
      }
    })
    const worked = times.reduce((sum, { busy, free }) => sum + busy + free, 0)
    return {
      occupancy: estimate(times.map(({ busy, free }) => ({ top: busy, bottom: busy + free }))),
      atWork: worked / ((days - warmUpDays) * (open.toMs - open.fromMs)),
    }
  }

  /** Cuts a span into the days that it covers, and leaves out the hours in which the center is closed. */
  #add(agent: AgentId, doing: Doing, from: number, to: number): void {
    const { start, open } = this.#measuring
    const times = this.#timesOf(this.#profileOf(agent))
    const firstDay = start + Math.floor((from - start) / DAY_MS) * DAY_MS
    for (let midnight = firstDay; midnight < to; midnight += DAY_MS) {
      const batch = batchOf(midnight, this.#measuring)
      const of = batch === undefined ? undefined : times[batch]
      const spent = Math.min(to, midnight + open.toMs) - Math.max(from, midnight + open.fromMs)
      if (of && spent > 0) of[doing] += spent
    }
  }

  #timesOf(profile: string): Times[] {
    const known = this.#profiles.get(profile)
    if (known) return known
    const times = Array.from({ length: this.#measuring.batches }, () => ({ busy: 0, free: 0, away: 0 }))
    this.#profiles.set(profile, times)
    return times
  }
}

function doingOf({ slot, presence, device }: AgentView): Doing {
  if (slot !== 'free') return 'busy'
  return presence === 'available' && device === 'ok' ? 'free' : 'away'
}
