import { type Agent, setDevice, setPresence, setSlot } from './agent.ts'
import type { Contact, Offer } from './contact.ts'
import type { ContactId, OfferId, OfferOutcome, QueueRules, RefusalCause } from './contract.ts'
import { explain } from './explanation.ts'
import type { Choice } from './matching.ts'
import { requiredOf } from './required.ts'
import type { State } from './state.ts'

/**
 * What agent and contact have together: the offer, the talk, the wrap-up.
 */

/** After a fault of the machinery between, which is no agent's. */
const BACKEND_BACK_OFF_MS = 2_000

export function makeOffer(state: State, contact: Contact, choice: Choice, rules: QueueRules): void {
  const { agent } = choice
  const why = explain(state.floor, contact, choice, state.now)
  const token = ++state.counters.tokens
  const id = `${contact.id}.${token}`
  const expiresAt = state.now + rules.offerMs
  const offer: Offer = { id, agent: agent.id, contact: contact.id, expiresAt, timer: `lease:${id}` }
  // Asking somebody who refused opens a new round: everybody else may be asked again as well.
  if (contact.refusedBy.includes(agent.id)) contact.refusedBy = []
  contact.state = 'offered'
  contact.offer = offer
  state.groups.stopWaiting(contact)
  state.offers.set(id, contact)
  state.change(agent, () => {
    agent.contact = contact.id
    return setSlot(agent, 'reserve', state.now)
  })
  state.tell({
    type: 'offer.made',
    offer: id,
    token,
    contact: contact.id,
    agent: agent.id,
    queue: contact.queue,
    expiresAt,
    why,
  })
  state.startTimer(offer.timer, expiresAt, { kind: 'lease', offer: id })
}

export function ring(state: State, offer: OfferId): void {
  const standing = standingOffer(state, offer)
  if (standing) state.change(standing.agent, () => setSlot(standing.agent, 'ring', state.now))
}

export function accept(state: State, offer: OfferId): void {
  const standing = standingOffer(state, offer)
  if (!standing) return
  const { contact, agent } = standing
  contact.state = 'connected'
  state.queues.get(contact.queue)?.line.delete(contact)
  state.groups.leave(contact)
  state.tell({ type: 'offer.ended', offer, contact: contact.id, agent: agent.id, outcome: 'accepted' })
  state.stopTimer(standing.offer.timer)
  state.tell({ type: 'contact.connected', contact: contact.id, agent: agent.id, offer })
  state.change(agent, () => {
    agent.missed = 0
    return setSlot(agent, 'connect', state.now)
  })
}

export function refuse(state: State, offer: OfferId, cause: RefusalCause): void {
  const standing = standingOffer(state, offer)
  if (standing) endOffer(state, standing.contact, cause)
}

/** The lease ran out. Only a phone that rang can have gone unanswered. */
export function expire(state: State, offer: OfferId): void {
  const standing = standingOffer(state, offer)
  if (standing)
    endOffer(state, standing.contact, standing.agent.slot === 'offered' ? 'no-answer' : 'rescinded')
}

/** Ends the offer that stands for this agent, if there is one. */
export function endOfferOf(state: State, agent: Agent, outcome: Exclude<OfferOutcome, 'accepted'>): void {
  const contact = agent.contact === undefined ? undefined : state.contacts.get(agent.contact)
  if (contact?.state === 'offered' && contact.offer?.agent === agent.id) endOffer(state, contact, outcome)
}

/** Ends the offer that stands for this contact, which waits again, in its place. */
export function endOffer(state: State, contact: Contact, outcome: Exclude<OfferOutcome, 'accepted'>): void {
  const { offer } = contact
  const agent = offer && state.agents.get(offer.agent)
  if (!offer || !agent) return
  state.offers.delete(offer.id)
  state.tell({ type: 'offer.ended', offer: offer.id, contact: contact.id, agent: agent.id, outcome })
  state.stopTimer(offer.timer)
  free(state, agent)
  if (outcome !== 'cancelled-by-caller') refusedBy(contact, agent, outcome)
  state.wait(contact)
  penalize(state, agent, offer, outcome, state.queues.get(contact.queue)?.rules)
}

/** The talk of this contact never came about: it waits again, in its place. */
export function giveBack(state: State, id: ContactId, cause: RefusalCause): void {
  const contact = state.contacts.get(id)
  const offer = contact?.state === 'connected' ? contact.offer : undefined
  const agent = offer && state.agents.get(offer.agent)
  if (!contact || !offer || !agent) return
  state.offers.delete(offer.id)
  free(state, agent)
  refusedBy(contact, agent, cause)
  // The rules may have changed during the talk.
  contact.required = requiredOf(state.queues.get(contact.queue)?.rules, contact.requirement)
  state.groups.enter(contact)
  state.wait(contact)
  penalize(state, agent, offer, cause, state.queues.get(contact.queue)?.rules)
}

/** A fault is nobody's refusal. */
function refusedBy(contact: Contact, agent: Agent, cause: OfferOutcome): void {
  if (cause !== 'device-failed' && cause !== 'backend-failed') contact.refusedBy.push(agent.id)
}

function penalize(
  state: State,
  agent: Agent,
  offer: Offer,
  outcome: OfferOutcome,
  rules: QueueRules | undefined,
): void {
  if (outcome === 'device-failed') state.change(agent, () => setDevice(agent, 'fail', state.now))
  if (outcome === 'backend-failed') leaveAlone(state, agent, offer, BACKEND_BACK_OFF_MS)
  if (!rules || agent.presence !== 'available') return
  if (outcome === 'no-answer') {
    agent.missed++
    if (rules.noAnswerLimit > 0 && agent.missed >= rules.noAnswerLimit) {
      return state.change(agent, () => setPresence(agent, 'pause', state.now, 'no-answer'))
    }
    leaveAlone(state, agent, offer, rules.backOffMs.noAnswer)
  }
  if (outcome === 'rejected') leaveAlone(state, agent, offer, rules.backOffMs.rejected)
  if (outcome === 'busy') leaveAlone(state, agent, offer, rules.backOffMs.busy)
}

function leaveAlone(state: State, agent: Agent, offer: Offer, ms: number): void {
  if (ms <= 0) return
  const until = state.now + ms
  const timer = `back-off:${offer.id}`
  state.change(agent, () => {
    agent.leftAlone = { until, timer }
    return true
  })
  state.startTimer(timer, until, { kind: 'back-off', agent: agent.id })
}

export function endBackOff(state: State, agent: Agent): void {
  const { leftAlone } = agent
  if (!leftAlone) return
  state.stopTimer(leftAlone.timer)
  state.change(agent, () => {
    agent.leftAlone = undefined
    return true
  })
}

/** Ends the talk: wrap-up, where the queue has one and somebody is there to do it. */
export function endTalk(state: State, contact: Contact): void {
  const { offer } = contact
  const agent = offer && state.agents.get(offer.agent)
  if (!offer || !agent) return
  state.offers.delete(offer.id)
  const wrapUpMs = state.queues.get(contact.queue)?.rules.wrapUpMs ?? 0
  if (wrapUpMs <= 0 || agent.presence === 'sign-out-pending') return free(state, agent)
  const until = state.now + wrapUpMs
  const timer = `wrap-up:${offer.id}`
  state.change(agent, () => {
    agent.wrapUps.push({ contact: contact.id, offer: offer.id, until, timer })
    return setSlot(agent, 'wrap', state.now)
  })
  state.tell({ type: 'wrap-up.started', agent: agent.id, contact: contact.id, until })
  state.startTimer(timer, until, { kind: 'wrap-up', agent: agent.id, contact: contact.id })
}

export function finishWrapUp(state: State, agent: Agent, contact: ContactId): void {
  const at = agent.wrapUps.findIndex((wrapUp) => wrapUp.contact === contact)
  const [wrapUp] = at < 0 ? [] : agent.wrapUps.splice(at, 1)
  if (!wrapUp) return
  state.tell({ type: 'wrap-up.ended', agent: agent.id, contact })
  state.stopTimer(wrapUp.timer)
  if (agent.wrapUps.length === 0) free(state, agent)
}

/** The present work is done: the slot is free, and what was pending comes into force. */
function free(state: State, agent: Agent): void {
  state.change(agent, () => {
    agent.contact = undefined
    setPresence(agent, agent.forgotten ? 'signOut' : 'workDone', state.now)
    return setSlot(agent, 'release', state.now)
  })
  if (agent.presence === 'logged-out') endBackOff(state, agent)
  if (agent.forgotten) state.agents.delete(agent.id)
}

function standingOffer(
  state: State,
  id: OfferId,
): { readonly offer: Offer; readonly contact: Contact; readonly agent: Agent } | undefined {
  const contact = state.offers.get(id)
  const offer = contact?.state === 'offered' ? contact.offer : undefined
  const agent = offer && state.agents.get(offer.agent)
  return contact && offer && agent && { offer, contact, agent }
}
