import { endOffers, endTalk } from './assignments.ts'
import { placeOf } from './contact.ts'
import type { ContactRequest } from './contract.ts'
import type { ContactId } from './ids.ts'
import { peersOf } from './plan.ts'
import { comeIn, newQueue, setRules } from './queue.ts'
import { normalForm } from './requirement.ts'
import type { RoutingRules } from './rules.ts'
import type { State } from './state.ts'
import { beginSteps, remove, resume, walkAgain } from './steps.ts'

/** How contacts come into the line and leave it, and what new rules do to them. */

/** Puts new rules in force. Whoever waits keeps place and head start; who may serve them follows the new rules. */
export function configure(state: State, rules: RoutingRules, hash: string | undefined): void {
  const before = new Map(
    [...state.places.values()].map((place) => [place, JSON.stringify(place.plan?.steps)]),
  )
  state.rules = rules
  state.hash = hash
  for (const queue of state.queues.values()) queue.configured = false
  for (const each of rules.queues) {
    const queue = state.queues.get(each.id)
    if (queue) {
      setRules(queue, each)
      queue.configured = true
    } else state.queues.set(each.id, newQueue(each))
  }
  state.buildIndex()
  for (const agent of state.agents.values()) state.unmatched.agents.add(agent)
  for (const place of state.places.values()) {
    if (place.contact.state === 'connected') continue
    if (JSON.stringify(place.plan?.steps) !== before.get(place)) walkAgain(state, place)
    resume(state, place)
    state.unmatched.contacts.add(place)
  }
}

export function join(state: State, request: ContactRequest): void {
  const { contact: id, channel = 'voice', named, priority, adjustmentMs = 0, customer } = request
  if (state.places.has(id)) return
  const queue = state.queues.get(request.queue)
  if (!queue?.configured) return unserved(state, id, request.queue, 'unknown-queue')
  const requirement = normalForm(request.requirement)
  const known = named === undefined ? undefined : state.agents.get(named)
  const place = placeOf({
    id,
    arrival: ++state.counters.arrivals,
    channel,
    requirement,
    named,
    steps: request.steps,
    afterwards: request.afterwards,
    priority,
    customer,
    joinedAt: state.now,
    queue: queue.rules.id,
    queuedAt: state.now,
    peers: peersOf(requirement, known?.skills, queue),
    cameFrom: [],
    headStartMs: queue.rules.headStartMs[priority] ?? 0,
    adjustmentMs,
    boostMs: 0,
    step: 0,
    stepSince: state.now,
    skipped: [],
    state: 'waiting',
    offers: [],
    refusedBy: [],
  })
  state.places.set(id, place)
  if (!state.index.hasChannel(channel)) state.buildIndex()
  else state.index.enter(place, queue)
  comeIn(queue, place)
  beginSteps(state, place)
}

/** The contact is over, or nobody's business any more: whatever it was in ends. */
export function end(state: State, id: ContactId): void {
  const place = state.places.get(id)
  if (!place) return
  endOffers(state, place, 'cancelled-by-caller')
  if (place.contact.state === 'connected') endTalk(state, place)
  remove(state, place)
}

function unserved(state: State, contact: ContactId, queue: string, reason: 'unknown-queue'): void {
  state.tell({ type: 'contact.unserved', contact, queue, reason })
}
