import { AgentStatistics } from '../simulation/agent-statistics.ts'
import { type Arrival, DAY_MS } from '../simulation/arrivals.ts'
import { type ContactResult, ContactStatistics } from '../simulation/contact-statistics.ts'
import type { Measuring } from '../simulation/measuring.ts'
import { type Observer, type SimulatedContact, Simulator } from '../simulation/simulator.ts'
import type { Past } from './past.ts'
import { type Draft, worldOf } from './past-world.ts'

/** How a queue or a tier did. Times are seconds; a share of nothing is NaN. */
export interface Figures
  extends Pick<ContactResult, 'offered' | 'answered' | 'abandoned' | 'unserved' | 'left'> {
  readonly serviceLevel: number
  readonly meanWait: number
  readonly asa: number
  readonly abandonment: number
  /** Of the agents who serve the queue, with all that they did. */
  readonly occupancy?: number
}

/** What was, or what would have been. */
export interface Side {
  readonly whole: Figures
  readonly queues: Readonly<Record<string, Figures>>
  /** Queue -> tier of customers. */
  readonly tiers: Readonly<Record<string, Readonly<Record<string, Figures>>>>
  /** Contacts whose wait was not over at the end. */
  readonly unfinished: number
}

/** Plain data. */
export interface WhatIfReport {
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
  readonly contacts: number
  readonly thresholdSeconds: number
  readonly journal: Side
  readonly draft: Side
}

export interface WhatIfOptions {
  /** Answered within so long is answered in time. */
  readonly thresholdMs: number
  /** Told of everything that happens under the draft. */
  readonly observers?: readonly Observer[]
  readonly progress?: (share: number) => void
}

const WHOLE = 'whole'
const INTERVAL_MS = 1_800_000

/** Plays the contacts of the past under other rules; the figures of both stand beside one another. */
export function whatIf(past: Past, draft: Draft, options: WhatIfOptions): WhatIfReport {
  const { from = 0, to = 0 } = past
  const start = Math.floor(from / DAY_MS) * DAY_MS
  const days = Math.floor((to - start) / DAY_MS) + 1
  const measuring: Measuring = {
    start,
    days,
    warmUpDays: 0,
    open: { fromMs: 0, toMs: DAY_MS },
    intervalMs: INTERVAL_MS,
    thresholdMs: options.thresholdMs,
    shortAbandonMs: 0,
    batches: 2,
  }
  const world = worldOf(past, draft)
  const arrivals = [...world.arrivals]
  const journal = new Tally(measuring, (agent) => past.queuesOf.get(agent) ?? '')
  for (const { at, agent } of past.changes) journal.agents.agentChanged(agent, at)
  for (const [index, { contact, at, waitEndedAt, outcome }] of [...past.contacts.values()].entries()) {
    const arrival = arrivals[index]
    if (arrival === undefined || waitEndedAt === undefined || !outcome) continue
    journal.contacts.waited(
      { contact, arrival: { ...arrival, at }, offers: 0, outcome, waitEndedAt },
      waitEndedAt,
    )
  }
  const served = new Map<string, string>()
  const played = new Tally(measuring, (agent) => served.get(agent) ?? '')
  const simulator: Simulator = new Simulator(
    { ...world, arrivals },
    {
      agentChanged: ({ agent }) => {
        const queues = simulator.engine.queuesOf(agent)
        if (queues.length > 0) served.set(agent, queues.toSorted().join(' '))
      },
    },
    played.contacts,
    played.agents,
    ...(options.observers ?? []),
  )
  for (let until = from; simulator.run(until); until += INTERVAL_MS) {
    options.progress?.(Math.min(1, (until - from) / Math.max(1, to - from)))
  }
  const keys = keysIn(arrivals)
  return {
    from,
    to,
    contacts: arrivals.length,
    thresholdSeconds: options.thresholdMs / 1000,
    journal: journal.side(keys, new Set(past.queuesOf.values()), to, arrivals.length),
    draft: played.side(keys, new Set(served.values()), to, arrivals.length),
  }
}

/** Counts what happens on one side. */
class Tally {
  readonly contacts: ContactStatistics
  readonly agents: AgentStatistics

  constructor(measuring: Measuring, profileOf: (agent: string) => string) {
    this.contacts = new ContactStatistics(measuring, ({ arrival }: SimulatedContact) => keysOf(arrival))
    this.agents = new AgentStatistics(measuring, profileOf)
  }

  side(
    queues: ReadonlyMap<string, ReadonlySet<string>>,
    profiles: ReadonlySet<string>,
    end: number,
    arrived: number,
  ): Side {
    this.agents.finish(end)
    const occupancyOf = (queue: string | undefined): number =>
      this.agents.result(
        [...profiles].filter((profile) => queue === undefined || profile.split(' ').includes(queue)),
      ).occupancy.value
    const whole = { ...figuresOf(this.contacts.result(WHOLE)), occupancy: occupancyOf(undefined) }
    const names = [...queues.keys()].toSorted()
    return {
      whole,
      queues: Object.fromEntries(
        names.map((queue) => [
          queue,
          { ...figuresOf(this.contacts.result(queueKey(queue))), occupancy: occupancyOf(queue) },
        ]),
      ),
      tiers: Object.fromEntries(
        names.map((queue) => {
          const tiers = [...(queues.get(queue) ?? [])].toSorted()
          const own = tiers.map((tier) => [tier, figuresOf(this.contacts.result(tierKey(queue, tier)))])
          return [queue, Object.fromEntries(own)]
        }),
      ),
      unfinished: arrived - whole.offered,
    }
  }
}

function figuresOf(result: ContactResult): Figures {
  const { offered, answered, abandoned, unserved, left } = result
  return {
    offered,
    answered,
    abandoned,
    unserved,
    left,
    serviceLevel: result.serviceLevel.value,
    meanWait: result.meanWait.value,
    asa: result.asa.value,
    abandonment: result.abandonment.value,
  }
}

/** Queues with their tiers. */
function keysIn(arrivals: readonly Arrival[]): Map<string, Set<string>> {
  const queues = new Map<string, Set<string>>()
  for (const { request, tier } of arrivals) {
    const tiers = queues.get(request.queue) ?? new Set()
    queues.set(request.queue, tiers)
    if (tier !== undefined) tiers.add(tier)
  }
  return queues
}

function keysOf({ request: { queue }, tier }: Arrival): string[] {
  return [WHOLE, queueKey(queue), ...(tier === undefined ? [] : [tierKey(queue, tier)])]
}

function queueKey(queue: string): string {
  return `queue ${queue}`
}

function tierKey(queue: string, tier: string): string {
  return `tier ${queue} ${tier}`
}
