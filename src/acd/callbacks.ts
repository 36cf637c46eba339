import { endOffers, freeFromTalk } from './assignments.ts'
import { endTimer, over, stopTimer } from './callback-end.ts'
import { placeOf } from './contact.ts'
import type { AgentId, ContactId } from './ids.ts'
import type { CallbackMode, CallbackOutcome } from './life-inputs.ts'
import type { Callback, Place } from './model.ts'
import { comeIn } from './queue.ts'
import type { State } from './state.ts'
import { goAhead, outOfLine, remove, resume } from './steps.ts'

/**
 * Callbacks: contacts whose customer is not on the line. They keep their place; the customer is called when an agent
 * has accepted, or when one could. One that cannot be offered now is in the state `callback`.
 */

/** What the end of the call is waited for beyond its ringing, before it counts as failed. */
const DIAL_GRACE_MS = 10_000

export function turnIntoCallback(state: State, id: ContactId, callback: ContactId, mode: CallbackMode): void {
  const place = state.places.get(id)
  const { state: stands } = place?.contact ?? {}
  if (!place || place.contact.callback || state.places.has(callback)) return
  if (stands !== 'waiting' && stands !== 'offered') return
  const queue = state.queues.get(place.contact.queue)
  const rules = queue?.rules.callback
  if (!queue || !rules) {
    state.tell({ type: 'callback.refused', contact: id, callback })
    return
  }
  endOffers(state, place, 'cancelled-by-caller')
  remove(state, place)
  const until = state.now + rules.keepMs
  const kept = placeOf({
    ...place.contact,
    id: callback,
    state: 'waiting',
    offers: [],
    overdue: false,
    callback: { mode, attempts: 0, stage: 'due', timer: undefined, retryAt: undefined, until },
  })
  state.places.set(callback, kept)
  state.callbacks.add(kept)
  state.index.enter(kept, queue)
  comeIn(queue, kept)
  resume(state, kept)
  state.stirred.add(kept)
  state.unmatched.contacts.add(kept)
  state.startTimer(endTimer(callback), until, { kind: 'callback-end', contact: callback })
  state.tell({ type: 'callback.kept', contact: id, callback, queue: kept.contact.queue, mode, until })
}

/** Lets every callback wait that may be served now, and holds those that may not. */
export function tendCallback(state: State, place: Place): void {
  const { contact } = place
  const { callback } = contact
  if (!callback) return
  const may = mayBeServed(state, place, callback)
  if (may && contact.state === 'callback') {
    contact.state = 'waiting'
    resume(state, place)
    state.unmatched.contacts.add(place)
  } else if (!may && contact.state === 'waiting') {
    contact.state = 'callback'
    state.index.stopWaiting(place)
    resume(state, place)
  }
}

/** Looks at all of a queue again; of all queues where none is given. */
export function tendCallbacks(state: State, queue?: string): void {
  for (const place of state.callbacks) {
    if (queue === undefined || place.contact.queue === queue) tendCallback(state, place)
  }
}

function mayBeServed(state: State, { contact }: Place, { stage, mode }: Callback): boolean {
  if (stage !== 'due' || state.hours.get(contact.queue)?.callbacks === false) return false
  if (mode === 'agent-first') return true
  const atOnce = state.queues.get(contact.queue)?.rules.callback?.atOnce ?? 1
  let dialling = 0
  for (const other of state.callbacks) {
    const { callback, queue, state: stands } = other.contact
    if (queue === contact.queue && callback?.stage === 'dialling' && stands === 'callback') dialling++
  }
  return dialling < atOnce
}

/** Whether the customer has to be on the line before anybody is offered this contact. */
export function isCustomerFirst({ contact }: Place): boolean {
  return contact.callback?.mode === 'customer-first'
}

/** An agent could take it: the customer is called. */
export function dialFirst(state: State, place: Place): void {
  const { contact } = place
  contact.state = 'callback'
  state.index.stopWaiting(place)
  resume(state, place)
  dial(state, place)
  tendCallbacks(state, contact.queue)
}

/** @param agent who has accepted the callback */
export function dial(state: State, place: Place, agent?: AgentId): void {
  const { callback, id, queue } = place.contact
  if (!callback) return
  const ringMs = state.queues.get(queue)?.rules.callback?.ringMs ?? 30_000
  callback.stage = 'dialling'
  callback.attempts++
  state.tell({
    type: 'callback.dial',
    contact: id,
    attempt: callback.attempts,
    ringMs,
    ...(agent !== undefined && { agent }),
  })
  startTimer(state, place, callback, state.now + ringMs + DIAL_GRACE_MS)
}

/** The customer is on the line: with the agent who waits for them, or first in the queue. */
export function answered(state: State, id: ContactId): void {
  const place = state.places.get(id)
  if (place?.contact.callback?.stage !== 'dialling') return
  const { contact } = place
  over(state, place, 'answered')
  if (contact.state === 'connected') return
  goAhead(state, place)
  contact.state = 'waiting'
  resume(state, place)
  state.unmatched.contacts.add(place)
  tendCallbacks(state, contact.queue)
}

export function failed(state: State, id: ContactId): void {
  const place = state.places.get(id)
  const callback = place?.contact.callback
  if (!place || callback?.stage !== 'dialling') return
  const { contact } = place
  const rules = state.queues.get(contact.queue)?.rules.callback
  const wasWithAgent = contact.state === 'connected'
  if (wasWithAgent) freeFromTalk(state, place)
  const retryAt = state.now + (rules?.retryMs ?? 0)
  if (!rules || callback.attempts >= rules.attempts) return give(state, place, 'exhausted')
  if (retryAt >= callback.until) return give(state, place, 'expired')
  callback.stage = 'later'
  callback.retryAt = retryAt
  contact.state = 'callback'
  if (wasWithAgent) backInLine(state, place)
  startTimer(state, place, callback, retryAt)
  state.tell({ type: 'callback.retry', contact: id, attempt: callback.attempts, at: retryAt })
  resume(state, place)
  tendCallbacks(state, contact.queue)
}

/** The agent who accepted could not stay: the customer is called when another has accepted. */
export function notReached(state: State, { contact }: Place): void {
  const { callback } = contact
  if (callback?.stage !== 'dialling') return
  stopTimer(state, callback)
  callback.stage = 'due'
  callback.attempts--
}

/** The time of a call or of a delay is up. */
export function callbackDue(state: State, id: ContactId): void {
  const callback = state.places.get(id)?.contact.callback
  const place = state.places.get(id)
  if (!place || !callback) return
  callback.timer = undefined
  if (callback.stage === 'dialling') return failed(state, id)
  callback.stage = 'due'
  callback.retryAt = undefined
  tendCallback(state, place)
}

/** The promise ends. A call to the customer that goes on, and an agent who has it, are left to their end. */
export function callbackOver(state: State, id: ContactId): void {
  const place = state.places.get(id)
  const { callback, state: stands } = place?.contact ?? {}
  if (!place || !callback || callback.stage === 'dialling' || stands === 'connected') return
  give(state, place, 'expired')
}

/** The contact is over with its callback. */
export function give(state: State, place: Place, outcome: CallbackOutcome): void {
  const { queue } = place.contact
  endOffers(state, place, 'cancelled-by-caller')
  over(state, place, outcome)
  remove(state, place)
  tendCallbacks(state, queue)
}

function backInLine(state: State, place: Place): void {
  const queue = state.queues.get(place.contact.queue)
  if (!queue) return
  outOfLine(state, place)
  const { steps } = state.index.enter(place, queue)
  place.contact.step = Math.min(place.contact.step, steps.length - 1)
  place.contact.offers = []
  comeIn(queue, place)
}

function startTimer(state: State, { contact }: Place, callback: Callback, at: number): void {
  stopTimer(state, callback)
  callback.timer = `callback:${contact.id}:${++state.counters.clocks}`
  state.startTimer(callback.timer, at, { kind: 'callback', contact: contact.id })
}
