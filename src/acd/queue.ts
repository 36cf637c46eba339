import { byJoining, byPlace, inQueue } from './contact.ts'
import { Heap } from './heap.ts'
import type { Place, Queue } from './model.ts'
import type { Able } from './requirement.ts'
import { anyOf, meets, normalForm } from './requirement.ts'
import { strategies } from './routing/strategies.ts'
import type { Member, QueueRules } from './rules.ts'
import { SortedList } from './sorted-list.ts'

export function newQueue(rules: QueueRules): Queue {
  const queue: Queue = {
    rules,
    strategy: strategies[rules.strategy],
    configured: true,
    line: new SortedList(byPlace),
    joined: new Heap(byJoining, inQueue),
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
  queue.joined.add(place)
}

export function goOut(queue: Queue, place: Place): void {
  queue.line.delete(place)
  queue.joined.delete(place)
}

/** How many of its delays have passed after so long. */
export function delaysPassed(queue: Queue, waitedMs: number): number {
  let passed = 0
  while (passed < queue.delays.length && (queue.delays[passed] ?? 0) <= waitedMs) passed++
  return passed
}
