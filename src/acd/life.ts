import { desertionOver, leaveOverdue, patienceOver } from './admission.ts'
import { extendWrapUp } from './after-call.ts'
import { accept, giveBack } from './assignments.ts'
import {
  answered,
  callbackDue,
  callbackOver,
  dial,
  failed,
  notReached,
  tendCallback,
  tendCallbacks,
  turnIntoCallback,
} from './callbacks.ts'
import type { RefusalCause } from './contract.ts'
import type { ContactId, OfferId } from './ids.ts'
import type { LifeInput } from './life-inputs.ts'
import type { TimerPurpose } from './snapshot.ts'
import type { State } from './state.ts'
import { assign, dissolve, force, move, reprioritise } from './supervising.ts'

/** The inputs of callbacks, of joining and leaving, of work after the call, and of supervisors. */
export function takeLife(state: State, input: LifeInput): void {
  switch (input.type) {
    case 'queue.hours': {
      const { queue, open, callbacks } = input
      state.hours.set(queue, { open, callbacks })
      return tendCallbacks(state, queue)
    }
    case 'contact.callback':
      return turnIntoCallback(state, input.contact, input.callback, input.mode)
    case 'callback.answered':
      return answered(state, input.contact)
    case 'callback.failed':
      return failed(state, input.contact)
    case 'wrap-up.extended': {
      const agent = state.agents.get(input.agent)
      return agent && extendWrapUp(state, agent, input.contact, input.byMs)
    }
    case 'supervisor.moved':
      return move(state, input)
    case 'supervisor.assigned':
      return assign(state, input)
    case 'supervisor.reprioritised':
      return reprioritise(state, input)
    case 'supervisor.forced':
      return force(state, input)
  }
}

export type LifeTimer = Extract<TimerPurpose, { kind: 'patience' | 'deserted' | 'callback' | 'callback-end' }>

export function fireLife(state: State, purpose: LifeTimer): void {
  switch (purpose.kind) {
    case 'patience':
      return patienceOver(state, purpose.contact)
    case 'deserted':
      return desertionOver(state, purpose.queue)
    case 'callback':
      return callbackDue(state, purpose.contact)
    case 'callback-end':
      return callbackOver(state, purpose.contact)
  }
}

/** Before anybody is matched: those who must leave go, and callbacks wait or do not. */
export function settleStirred(state: State): void {
  for (const place of state.stirred) {
    if (state.places.get(place.contact.id) !== place) continue
    if (leaveOverdue(state, place)) continue
    const { front, refusedBy } = place.contact
    if (front && refusedBy.includes(front.agent)) dissolve(state, place, front.agent)
    tendCallback(state, place)
  }
  state.stirred.clear()
}

/** The agent takes it; of a callback, the customer is called now. */
export function acceptOffer(state: State, offer: OfferId): void {
  const place = state.offers.get(offer)
  accept(state, offer)
  const { contact } = place ?? {}
  const [accepted] = contact?.offers ?? []
  const isTaken = contact?.state === 'connected' && accepted?.id === offer
  if (place && isTaken && contact.callback?.stage === 'due') dial(state, place, accepted.agent)
}

export function giveBackTalk(state: State, contact: ContactId, cause: RefusalCause): void {
  const place = state.places.get(contact)
  if (place?.contact.state === 'connected') notReached(state, place)
  giveBack(state, contact, cause)
}
