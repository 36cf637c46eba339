import { LineOrder } from './line-order.ts'
import type { Place, Queue } from './model.ts'
import type { Able } from './requirement.ts'
import { anyOf, meets, normalForm } from './requirement.ts'
import { strategies } from './routing/strategies.ts'
import type { Member, QueueRules } from './rules.ts'

export function newQueue(rules: QueueRules): Queue {
  const queue: Queue = {
    rules,
    strategy: strategies[rules.strategy],
    configured: true,
    line: new LineOrder<Place>(),
    first: undefined,
    last: undefined,
    delays: [],
    membership: { any: [] },
  }
  setRules(queue, rules)
  return queue
}

export function setRules(queue: Queue, rules: QueueRules): void {
  queue.rules = rules
  queue.strategy = strategies[rules.strategy]
  const delays = new Set(rules.members.map(({ delayMs }) => delayMs).filter((delay) => delay > 0))
  queue.delays = [...delays].sort((one, other) => one - other)
  queue.membership = normalForm(anyOf(rules.members.map(({ who }) => who)))
}

/** The entry by which somebody belongs to a queue: the first that they meet. */
export function memberEntry(queue: Queue, able: Able): Member | undefined {
  return queue.rules.members.find(({ who }) => meets(able, who))
}

/** The contact is in this queue now. */
export function comeIn(queue: Queue, place: Place): void {
  queue.line.add(place)
  // Nearly everybody has joined last. Whoever came from another queue is further ahead.
  let before = queue.last
  while (before && joinedAfter(before, place)) before = before.before
  const after = before ? before.after : queue.first
  place.before = before
  place.after = after
  if (before) before.after = place
  else queue.first = place
  if (after) after.before = place
  else queue.last = place
}

/** Takes the contact out of its queue, when it is in it. */
export function goOut(queue: Queue, place: Place): void {
  if (!place.before && queue.first !== place) return
  queue.line.delete(place)
  const { before, after } = place
  if (before) before.after = after
  else queue.first = after
  if (after) after.before = before
  else queue.last = before
  place.before = undefined
  place.after = undefined
}

function joinedAfter(one: Place, other: Place): boolean {
  return one.contact.joinedAt > other.contact.joinedAt
}

/** How many of its delays have passed after so long. */
export function delaysPassed(queue: Queue, waitedMs: number): number {
  let passed = 0
  while (passed < queue.delays.length && (queue.delays[passed] ?? 0) <= waitedMs) passed++
  return passed
}
