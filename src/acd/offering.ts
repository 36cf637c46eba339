import { FREE } from './activity.ts'
import type { Agent } from './agent.ts'
import { makeOffers } from './assignments.ts'
import { dialFirst, isCustomerFirst } from './callbacks.ts'
import { byPlace } from './contact.ts'
import { agentFor, contactFor } from './matching.ts'
import type { Place } from './model.ts'
import type { State } from './state.ts'
import { remove } from './steps.ts'

/**
 * Makes every offer that can be made. Between inputs nobody is free while somebody waits whom they could serve, so
 * only those who have just come to be waiting or free can have a match. The agents come first: each of them serves
 * the first in the order, who need not be the contact that has just come.
 */
export function match(state: State): void {
  const { contacts, agents } = state.unmatched
  if (agents.size > 0) {
    const inTurn = agents.size === 1 ? agents : [...agents].sort((one, other) => one.serial - other.serial)
    for (const agent of inTurn) findContacts(state, agent)
    agents.clear()
  }
  if (contacts.size > 0) {
    const inTurn = contacts.size === 1 ? contacts : [...contacts].sort((one, other) => byClass(one, other))
    for (const place of inTurn) {
      const isThere = place.contact.state === 'waiting' && state.places.get(place.contact.id) === place
      if (isThere) findAgent(state, place)
    }
    contacts.clear()
  }
}

function findContacts(state: State, agent: Agent): void {
  for (const lane of state.index.lanes()) {
    for (;;) {
      const seat = state.index.profiles.seatOf(agent, lane)
      const place = seat?.activity === FREE ? contactFor(state, seat) : undefined
      if (!place || !findAgent(state, place)) break
    }
  }
}

function findAgent(state: State, place: Place): boolean {
  const choice = agentFor(state, place)
  if (choice) {
    if (isCustomerFirst(place)) dialFirst(state, place)
    else makeOffers(state, place, choice)
    return true
  }
  if (!state.index.isServable(place)) {
    const { id, queue } = place.contact
    remove(state, place)
    state.tell({ type: 'contact.unserved', contact: id, queue, reason: 'nobody-qualified' })
  }
  return false
}

/** Those who come up for an agent in the same moment: strict class first, then place. */
function byClass(one: Place, other: Place): number {
  const mine = one.plan?.queue.rules.strictClass ?? 0
  const theirs = other.plan?.queue.rules.strictClass ?? 0
  return mine - theirs || byPlace(one, other)
}

/** Contacts that nobody could serve any more are to be looked at, though nobody came free. */
export function recheckWaiting(state: State): void {
  for (const place of state.places.values()) {
    const { plan } = place
    // Of most plans somebody is left: then nothing about their contacts has to be looked at.
    const isSuspect = plan && plan.afterwards.do === 'stay' && plan.ever.profiles.next(0) < 0
    if (isSuspect && place.contact.state === 'waiting') state.unmatched.contacts.add(place)
  }
}
