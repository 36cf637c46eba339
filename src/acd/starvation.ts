import type { QueueRules, RoutingRules } from './rules.ts'

/**
 * How long, at most, somebody can be overtaken: after so many milliseconds from joining, nobody who joins later is
 * served before this contact by an agent who serves both.
 */
export interface StarvationBound {
  readonly queue: string
  /** 1 to 10. */
  readonly priority: number
  /** Milliseconds; `none`: contacts of a lower strict class, or of a queue that agents prefer, may always come first. */
  readonly overtakenForMs: number | 'none'
  /** What it comes from, in words. */
  readonly because: string
}

const PRIORITIES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const

/**
 * The bound of each queue and priority. A contact's place is joined time minus head start, so whoever joins later
 * comes first only when they have the greater head start, and by no more than that: the bound is the greatest head
 * start that anybody in the same strict class can ever have, minus one's own. Head starts are those of priorities and
 * in full the boosts of steps, also of queues before an overflow; one's own boosts, which may come late, do not count.
 *
 * Holds between contacts that the agent may have all the time. What contacts bring themselves, adjustments by business
 * rules and steps of their own, is not in the rules: whoever knows its greatest amount says it.
 * @param greatestAdjustmentMs most that one contact can bring more than another
 */
export function starvationBounds(rules: RoutingRules, greatestAdjustmentMs = 0): StarvationBound[] {
  return rules.queues.flatMap((queue) =>
    PRIORITIES.map((priority) => boundOf(rules, queue, priority, greatestAdjustmentMs)),
  )
}

function boundOf(
  { queues }: RoutingRules,
  queue: QueueRules,
  priority: number,
  adjustmentMs: number,
): StarvationBound {
  const stricter = queues.find((other) => other.strictClass < queue.strictClass)
  if (stricter) {
    const because = `contacts of ${stricter.id} (strict class ${stricter.strictClass}) always go first`
    return { queue: queue.id, priority, overtakenForMs: 'none', because }
  }
  const preferred = queues.find(
    (other) => other.strictClass === queue.strictClass && mayBePreferred(other, queue),
  )
  if (preferred) {
    const because = `agents who prefer ${preferred.id} take its contacts first`
    return { queue: queue.id, priority, overtakenForMs: 'none', because }
  }
  const own = queue.headStartMs[priority] ?? 0
  let greatest = { ms: own, of: queue.id }
  for (const other of queues) {
    if (other.strictClass !== queue.strictClass) continue
    const ms = greatestHeadStart(queues, other)
    if (ms > greatest.ms) greatest = { ms, of: other.id }
  }
  const overtakenForMs = greatest.ms - own + adjustmentMs
  const because =
    overtakenForMs === 0
      ? 'nobody has a greater head start'
      : `a contact of ${greatest.of} can have ${overtakenForMs / 1000} s more of a head start`
  return { queue: queue.id, priority, overtakenForMs, because }
}

/** The greatest head start of any priority, with everything that steps can give on top. */
function greatestHeadStart(queues: readonly QueueRules[], queue: QueueRules): number {
  const heads = PRIORITIES.map((priority) => queue.headStartMs[priority] ?? 0)
  return Math.max(...heads) + boostsUpTo(queues, queue, [])
}

/** What the steps of a queue can give, and those of the queues that a contact can have overflowed from. */
function boostsUpTo(queues: readonly QueueRules[], queue: QueueRules, after: readonly QueueRules[]): number {
  const own = queue.steps.reduce((sum, { boostMs = 0 }) => sum + Math.max(0, boostMs), 0)
  const seen = [...after, queue]
  const sources = queues.filter(
    ({ id, afterwards }) =>
      afterwards.do === 'overflow' && afterwards.queue === queue.id && !seen.some((one) => one.id === id),
  )
  return own + Math.max(0, ...sources.map((source) => boostsUpTo(queues, source, seen)))
}

/** Whether some agent may prefer one queue to the other: by what the entries say, whoever meets them. */
function mayBePreferred(one: QueueRules, other: QueueRules): boolean {
  if (one === other) return false
  const best = Math.min(...one.members.map(({ preference }) => preference))
  const worst = Math.max(...other.members.map(({ preference }) => preference))
  return one.members.length > 0 && other.members.length > 0 && best < worst
}
