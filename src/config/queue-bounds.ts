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

/**
 * How long somebody who waits can be overtaken, for each priority of a queue. Order is by time of joining minus head
 * start, so that a contact with head start h is overtaken by those only who join less than H - h later, H being the
 * largest head start, with all boosts, of any contact that competes for the same agent. An agent who prefers another
 * queue, or serves one of a lower strict class, may never come to this one: there is a bound only where somebody puts
 * no queue before it, and it is the largest over all of those, so that it holds whoever of them works.
 *
 * Not counted is what flows give a contact of their own: steps, and adjustments by business rules.
 */
export function overtakingBounds(queue: StaffedQueue, all: readonly StaffedQueue[]): readonly Bound[] {
  const { strictClass, headStartMs } = queue.rules
  const rivals = new Set<string>()
  let isReached = false
  for (const { agent, preference } of queue.members) {
    const others = all.flatMap((other) => {
      const membership = other === queue ? undefined : other.members.find((one) => one.agent === agent)
      return membership ? [{ rules: other.rules, preference: membership.preference }] : []
    })
    const order = (other: (typeof others)[number]): number =>
      other.rules.strictClass - strictClass || other.preference - preference
    if (others.some((other) => order(other) < 0)) continue
    isReached = true
    for (const other of others) if (order(other) === 0) rivals.add(other.rules.id)
  }
  if (!isReached) return PRIORITIES.map((priority) => ({ priority }))
  const gains = largestGains(all.map(({ rules }) => rules))
  const most = Math.max(...[queue.rules.id, ...rivals].map((id) => gains.get(id) ?? 0))
  return PRIORITIES.map((priority) => ({
    priority,
    laterMs: Math.max(0, most - (headStartMs[priority] ?? 0)),
  }))
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
