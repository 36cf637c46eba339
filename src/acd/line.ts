import { activityOf } from './agent.ts'
import { endOffer, endTalk, makeOffer } from './assignments.ts'
import { byPlace, type Contact } from './contact.ts'
import type { AcdEffect, ContactId, ContactRequest, QueueRules, RoutingRules } from './contract.ts'
import { agentFor, contactFor } from './matching.ts'
import { requiredOf } from './required.ts'
import type { State } from './state.ts'
import type { Queue } from './views.ts'

/** How contacts come into the line, leave it, and find somebody. */

/** Puts new rules in force. Whoever waits keeps place and head start; who may serve them follows the new rules. */
export function configure(state: State, rules: RoutingRules): void {
  for (const queue of state.queues.values()) queue.configured = false
  for (const each of rules.queues) {
    const queue = state.queues.get(each.id)
    if (queue) Object.assign(queue, { rules: each, configured: true })
    else state.queues.set(each.id, { rules: each, configured: true, line: new Set() })
  }
  for (const queue of state.queues.values()) for (const contact of queue.line) regroup(state, contact, queue)
}

function regroup(state: State, contact: Contact, queue: Queue): void {
  state.groups.leave(contact)
  contact.required = requiredOf(queue.rules, contact.requirement)
  state.groups.enter(contact)
  if (contact.state === 'waiting') state.wait(contact)
}

export function join(state: State, request: ContactRequest): void {
  const { contact: id, requirement, named, priority } = request
  if (state.contacts.has(id)) return
  const queue = state.queues.get(request.queue)
  if (!queue?.configured) return unserved(state, id, request.queue, 'unknown-queue')
  const contact: Contact = {
    id,
    arrival: ++state.counters.arrivals,
    queue: queue.rules.id,
    requirement,
    named,
    joinedAt: state.now,
    headStartMs: (queue.rules.headStartMs[priority] ?? 0) + (request.adjustmentMs ?? 0),
    required: requiredOf(queue.rules, requirement),
    state: 'waiting',
    offer: undefined,
    refusedBy: [],
  }
  state.contacts.set(id, contact)
  state.groups.enter(contact)
  state.wait(contact)
}

/** The contact is over, or nobody's business any more: whatever it was in ends. */
export function end(state: State, id: ContactId): void {
  const contact = state.contacts.get(id)
  if (!contact) return
  if (contact.state === 'offered') endOffer(state, contact, 'cancelled-by-caller')
  if (contact.state === 'connected') endTalk(state, contact)
  remove(state, contact)
}

/**
 * Makes every offer that can be made. Between inputs nobody is free while somebody waits whom they could serve, so
 * only those who have just come to be waiting or free can have a match. The agents come first: each of them serves
 * the first in the order, who need not be the contact that has just come.
 */
export function match(state: State): void {
  const { contacts, agents } = state.unmatched
  for (const agent of [...agents].sort((one, other) => state.floor.strategy.compare(one, other))) {
    while (activityOf(agent) === 'free') {
      const contact = contactFor(state.floor, agent)
      if (!contact || !findAgent(state, contact)) break
    }
  }
  for (const contact of [...contacts].sort(byPlace)) {
    if (contact.state === 'waiting' && state.contacts.get(contact.id) === contact) findAgent(state, contact)
  }
  contacts.clear()
  agents.clear()
}

function findAgent(state: State, contact: Contact): boolean {
  const queue = state.queues.get(contact.queue)
  if (!queue) return false
  const choice = agentFor(state.floor, contact, namedAgentMs(queue.rules), state.now)
  if (choice) makeOffer(state, contact, choice, queue.rules)
  else if (state.groups.requirementOf(contact)?.servedBy.size === 0) {
    remove(state, contact)
    unserved(state, contact.id, contact.queue, 'nobody-qualified')
  }
  return choice !== undefined
}

function remove(state: State, contact: Contact): void {
  state.groups.leave(contact)
  state.queues.get(contact.queue)?.line.delete(contact)
  state.contacts.delete(contact.id)
}

function unserved(
  state: State,
  contact: ContactId,
  queue: string,
  reason: Extract<AcdEffect, { type: 'contact.unserved' }>['reason'],
): void {
  state.tell({ type: 'contact.unserved', contact, queue, reason })
}

/** How long the named agent comes first. */
function namedAgentMs(rules: QueueRules): number {
  return rules.steps.find(({ who }) => who === 'named')?.forMs ?? 0
}
