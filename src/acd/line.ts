import { refusedEntry } from './admission.ts'
import { endOffers, endTalk, freeFromTalk } from './assignments.ts'
import { tendCallbacks } from './callbacks.ts'
import { placeOf } from './contact.ts'
import type { ContactRequest } from './contract.ts'
import { watchAllQueues, watchQueue } from './desertion.ts'
import type { ContactId } from './ids.ts'
import { startPatience } from './patience.ts'
import { peersOf } from './plan.ts'
import { comeIn, newQueue, setRules } from './queue.ts'
import { normalForm } from './requirement.ts'
import { lastAgentStep, placeOfOld, rememberPlace } from './returning.ts'
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
  watchAllQueues(state)
  for (const agent of state.agents.values()) state.unmatched.agents.add(agent)
  for (const place of state.places.values()) {
    if (place.contact.state === 'connected') continue
    if (JSON.stringify(place.plan?.steps) !== before.get(place)) walkAgain(state, place)
    resume(state, place)
    state.unmatched.contacts.add(place)
  }
}

/** @param tried queues that would not have it */
export function join(state: State, request: ContactRequest, tried: readonly string[] = []): void {
  const { contact: id, channel = 'voice', named, priority, adjustmentMs = 0, customer } = request
  if (state.places.has(id)) return
  const queue = state.queues.get(request.queue)
  if (!queue?.configured) return unserved(state, id, request.queue, 'unknown-queue')
  const requirement = normalForm(request.requirement)
  const known = named === undefined ? undefined : state.agents.get(named)
  const old = placeOfOld(state, customer, queue.rules.id)
  const place = placeOf({
    id,
    arrival: old?.arrival ?? ++state.counters.arrivals,
    channel,
    requirement,
    named,
    steps: request.steps,
    afterwards: request.afterwards,
    priority,
    customer,
    joinedAt: old?.joinedAt ?? state.now,
    queue: queue.rules.id,
    queuedAt: state.now,
    peers: peersOf(requirement, known?.skills, queue),
    cameFrom: [...tried],
    headStartMs: queue.rules.headStartMs[priority] ?? 0,
    adjustmentMs,
    boostMs: 0,
    step: 0,
    stepSince: state.now,
    skipped: [],
    state: 'waiting',
    offers: [],
    refusedBy: [],
    front: request.steps ? undefined : lastAgentStep(state, queue, customer),
    callback: undefined,
    overdue: false,
    acts: [],
  })
  state.places.set(id, place)
  if (!state.index.hasChannel(channel)) state.buildIndex()
  else state.index.enter(place, queue)
  const refusal = refusedEntry(state, place, queue, request, old !== undefined)
  if (refusal) {
    state.index.leave(place)
    state.places.delete(id)
    const { queue: first } = request
    const other = queue.rules.join?.otherwise
    const isOpen = other !== undefined && state.queues.get(other)?.configured
    if (isOpen && other !== first && !tried.includes(other)) {
      const { estimateMs: _, ...elsewhere } = request
      return join(state, { ...elsewhere, queue: other }, [...tried, first])
    }
    return state.tell({ type: 'contact.turned-away', contact: id, queue: tried[0] ?? first, reason: refusal })
  }
  const [from] = tried
  if (from !== undefined) {
    state.tell({ type: 'contact.moved', contact: id, from, to: queue.rules.id, reason: 'overflow' })
  }
  if (old) {
    old.take()
    const { joinedAt, after } = old
    state.tell({ type: 'contact.resumed', contact: id, queue: queue.rules.id, joinedAt, after })
  }
  comeIn(queue, place)
  startPatience(state, place)
  watchQueue(state, queue, true)
  beginSteps(state, place)
}

/** The contact is over, or nobody's business any more: whatever it was in ends. */
export function end(state: State, id: ContactId, reason: 'ended' | 'abandoned' | 'left' | 'lost'): void {
  const place = state.places.get(id)
  if (!place) return
  const { queue, callback } = place.contact
  if (reason !== 'ended') rememberPlace(state, place, reason)
  endOffers(state, place, 'cancelled-by-caller')
  if (place.contact.state === 'connected' && callback) freeFromTalk(state, place)
  else if (place.contact.state === 'connected') endTalk(state, place)
  remove(state, place)
  if (callback) tendCallbacks(state, queue)
}

function unserved(state: State, contact: ContactId, queue: string, reason: 'unknown-queue'): void {
  state.tell({ type: 'contact.unserved', contact, queue, reason })
}
