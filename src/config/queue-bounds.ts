import type { AgentId } from '../acd/ids.ts'
import type { QueueRules } from '../acd/rules.ts'

/** The part that one agent has in one queue. */
export interface Membership {
  readonly agent: AgentId
  readonly preference: number
  readonly delayMs: number
}

/** A queue and who serves it. */
export interface StaffedQueue {
  readonly rules: QueueRules
  readonly members: readonly Membership[]
}

/** For one priority: who joins later by more than this never goes first. */
export interface Bound {
  readonly priority: number
  /** Absent: there is no bound. */
  readonly laterMs?: number
}

const PRIORITIES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

/** The queues that some agents serve, all with the same preferences: where in the list, and with which preference. */
type Profile = ReadonlyMap<number, number>

/**
 * How long somebody who waits can be overtaken, for each priority of each queue. Order is by time of joining minus head
 * start, so that a contact with head start h is overtaken by those only who join less than H - h later, H being the
 * largest head start, with all boosts, of any contact that competes for the same agent. An agent who prefers another
 * queue, or serves one of a lower strict class, may never come to this one: there is a bound only where somebody puts
 * no queue before it, and it is the largest over all of those, so that it holds whoever of them works.
 *
 * Not counted is what flows give a contact of their own: steps, and adjustments by business rules.
 * @returns in the order of the queues
 */
export function overtakingBounds(queues: readonly StaffedQueue[]): readonly (readonly Bound[])[] {
  const rules = queues.map((queue) => queue.rules)
  const gains = largestGains(rules)
  const profiles = profilesIn(queues)
  return rules.map(({ id, headStartMs }, at) => {
    const rivals = rivalsOf(at, rules, profiles)
    if (!rivals) return PRIORITIES.map((priority) => ({ priority }))
    const most = Math.max(...[id, ...rivals].map((one) => gains.get(one) ?? 0))
    return PRIORITIES.map((priority) => ({
      priority,
      laterMs: Math.max(0, most - (headStartMs[priority] ?? 0)),
    }))
  })
}

/** Other queues that agents serve as gladly who put no queue before this one; undefined when all put one before it. */
function rivalsOf(
  at: number,
  rules: readonly QueueRules[],
  profiles: readonly Profile[],
): ReadonlySet<string> | undefined {
  const rivals = new Set<string>()
  let isReached = false
  for (const profile of profiles) {
    const own = profile.get(at)
    if (own === undefined) continue
    const others = [...profile].flatMap(([where, preference]) => {
      const other = where === at ? undefined : rules[where]
      const byClass = (other?.strictClass ?? 0) - (rules[at]?.strictClass ?? 0)
      return other ? [{ id: other.id, order: byClass || preference - own }] : []
    })
    if (others.some(({ order }) => order < 0)) continue
    isReached = true
    for (const { id, order } of others) if (order === 0) rivals.add(id)
  }
  return isReached ? rivals : undefined
}

/** Each once, however many agents have it: thousands of people come to some hundred profiles. */
function profilesIn(queues: readonly StaffedQueue[]): readonly Profile[] {
  const byAgent = new Map<AgentId, Map<number, number>>()
  for (const [at, { members }] of queues.entries()) {
    for (const { agent, preference } of members) {
      const profile = byAgent.get(agent) ?? new Map<number, number>()
      byAgent.set(agent, profile.set(at, preference))
    }
  }
  const profiles = new Map([...byAgent.values()].map((profile) => [[...profile].join(' '), profile]))
  return [...profiles.values()]
}

/** The most that waiting can be worth in each queue beyond its time, for those too who overflow into it. */
function largestGains(queues: readonly QueueRules[]): ReadonlyMap<string, number> {
  const gains = new Map<string, number>()
  for (const queue of queues) {
    let gain = Math.max(0, ...Object.values(queue.headStartMs))
    const seen = new Set<string>()
    let at: QueueRules | undefined = queue
    while (at && !seen.has(at.id)) {
      const { id, steps, afterwards }: QueueRules = at
      seen.add(id)
      gain += steps.reduce((sum, { boostMs = 0 }) => sum + boostMs, 0)
      gains.set(id, Math.max(gains.get(id) ?? 0, gain))
      at = afterwards.do === 'overflow' ? queues.find((next) => next.id === afterwards.queue) : undefined
    }
  }
  return gains
}
