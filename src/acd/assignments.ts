import { pauseAfterCall, rememberTalk } from './after-call.ts'
import { type Agent, setDevice, setPresence, setSlot, takeOn, type Work, workOf } from './agent.ts'
import type { OfferOutcome, RefusalCause } from './contract.ts'
import { explain } from './explanation.ts'
import type { ContactId, OfferId } from './ids.ts'
import type { Choice } from './matching.ts'
import type { Offer, Place } from './model.ts'
import { comeIn } from './queue.ts'
import type { QueueRules } from './rules.ts'
import type { State } from './state.ts'
import { outOfLine, resume } from './steps.ts'

/**
 * What agent and contact have together: the offer, the talk, the wrap-up.
 */

/** After a fault of the machinery between, which is no agent's. */
const BACKEND_BACK_OFF_MS = 2_000

type Ending = Exclude<OfferOutcome, 'accepted'>

/** Offers the contact to whoever was chosen; all of them are explained as the floor stands before the first. */
export function makeOffers(state: State, place: Place, choice: Choice): void {
  const { contact } = place
  const rung = choice.besides.length > 0 ? [choice.agent, ...choice.besides] : [choice.agent]
  const whys = rung.map((agent) => explain(state, place, choice, agent))
  // Asking somebody who refused opens a new round: everybody else may be asked again as well.
  if (contact.refusedBy.includes(choice.agent.id)) contact.refusedBy = []
  contact.state = 'offered'
  state.index.stopWaiting(place)
  const expiresAt = state.now + choice.pool.profiles.queue.rules.offerMs
  for (const [index, agent] of rung.entries()) {
    const token = ++state.counters.tokens
    const id = `${contact.id}.${token}`
    const offer: Offer = { id, agent: agent.id, contact: contact.id, expiresAt, timer: `lease:${id}` }
    contact.offers.push(offer)
    state.offers.set(id, place)
    state.change(agent, () => {
      takeOn(agent, { contact: contact.id, offer: id, channel: contact.channel }, token, state.now)
      return true
    })
    const why = whys[index]
    if (!why) continue
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
  // The last step does not end while somebody is being rung.
  if (place.dueAt !== undefined) resume(state, place)
}

export function ring(state: State, offer: OfferId): void {
  const standing = standingOffer(state, offer)
  if (!standing) return
  const { agent, work } = standing
  state.change(agent, () => setSlot(agent, work, 'ring', state.now))
}

export function accept(state: State, id: OfferId): void {
  const standing = standingOffer(state, id)
  if (!standing) return
  const { place, offer, agent, work } = standing
  const { contact } = place
  const losers = contact.offers.filter((other) => other !== offer)
  contact.state = 'connected'
  contact.offers = [offer]
  outOfLine(state, place)
  state.tell({ type: 'offer.ended', offer: id, contact: contact.id, agent: agent.id, outcome: 'accepted' })
  state.stopTimer(offer.timer)
  state.tell({ type: 'contact.connected', contact: contact.id, agent: agent.id, offer: id })
  state.change(agent, () => {
    agent.missed = 0
    agent.handled++
    return setSlot(agent, work, 'connect', state.now)
  })
  for (const other of losers) closeOffer(state, other, 'rescinded')
}

export function refuse(state: State, offer: OfferId, cause: RefusalCause): void {
  const standing = standingOffer(state, offer)
  if (standing) endOffer(state, standing.place, standing.offer, cause)
}

/** The lease ran out. Only a phone that rang can have gone unanswered. */
export function expire(state: State, id: OfferId): void {
  const standing = standingOffer(state, id)
  if (!standing) return
  const { place, offer, work } = standing
  endOffer(state, place, offer, work.state === 'offered' ? 'no-answer' : 'rescinded')
}

/** Ends the offers that stand for this agent; those of one channel where it is given. */
export function endOffersOf(state: State, agent: Agent, outcome: Ending, channel?: string): void {
  // What ends is gone from the list at once.
  for (const work of agent.work.filter((each) => channel === undefined || each.channel === channel)) {
    const standing = standingOffer(state, work.offer)
    if (standing) endOffer(state, standing.place, standing.offer, outcome)
  }
}

/** Ends every offer of this contact. */
export function endOffers(state: State, place: Place, outcome: Ending): void {
  if (place.contact.state !== 'offered') return
  for (const offer of place.contact.offers) endOffer(state, place, offer, outcome)
}

/** Ends one offer. When it was the last of its contact, that one waits again, in its place, unless it is going. */
function endOffer(state: State, place: Place, offer: Offer, outcome: Ending): void {
  const { contact } = place
  contact.offers = contact.offers.filter((other) => other !== offer)
  const agent = closeOffer(state, offer, outcome)
  if (agent && outcome !== 'cancelled-by-caller') refusedBy(place, agent, outcome)
  if (contact.offers.length === 0 && outcome !== 'cancelled-by-caller') waitAgain(state, place)
  if (agent) penalize(state, agent, offer, outcome, state.queues.get(contact.queue)?.rules)
}

function closeOffer(state: State, offer: Offer, outcome: Ending): Agent | undefined {
  const agent = state.agents.get(offer.agent)
  const work = agent && workOf(agent, offer.id)
  state.offers.delete(offer.id)
  state.tell({ type: 'offer.ended', offer: offer.id, contact: offer.contact, agent: offer.agent, outcome })
  state.stopTimer(offer.timer)
  if (agent && work) release(state, agent, work)
  return agent
}

/** The talk of this contact never came about: it waits again, in its place. */
export function giveBack(state: State, id: ContactId, cause: RefusalCause): void {
  const place = state.places.get(id)
  const talk = place && talkOf(state, place)
  const queue = place && state.queues.get(place.contact.queue)
  if (!place || !talk || !queue) return
  const { agent, offer, work } = talk
  state.offers.delete(offer.id)
  release(state, agent, work)
  refusedBy(place, agent, cause)
  // The rules may have changed during the talk.
  const { steps } = state.index.enter(place, queue)
  place.contact.step = Math.min(place.contact.step, steps.length - 1)
  comeIn(queue, place)
  waitAgain(state, place)
  penalize(state, agent, offer, cause, queue.rules)
}

function waitAgain(state: State, place: Place): void {
  const { callback, front, overdue } = place.contact
  if (callback || front || overdue) state.stirred.add(place)
  place.contact.state = 'waiting'
  place.contact.offers = []
  state.unmatched.contacts.add(place)
  resume(state, place)
}

/** A fault is nobody's refusal. */
function refusedBy({ contact }: Place, agent: Agent, cause: OfferOutcome): void {
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
      const verb = agent.work.length === 0 ? 'pause' : 'pauseLater'
      return state.change(agent, () => setPresence(agent, verb, state.now, 'no-answer'))
    }
    leaveAlone(state, agent, offer, rules.backOffMs.noAnswer)
  }
  if (outcome === 'rejected') leaveAlone(state, agent, offer, rules.backOffMs.rejected)
  if (outcome === 'busy') leaveAlone(state, agent, offer, rules.backOffMs.busy)
}

function leaveAlone(state: State, agent: Agent, offer: Offer, ms: number): void {
  const until = state.now + ms
  // With several offers at a time, the longest of several back-offs holds.
  if (ms <= 0 || until <= (agent.leftAlone?.until ?? 0)) return
  if (agent.leftAlone) state.stopTimer(agent.leftAlone.timer)
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

/** The talk never began, and that is not the agent's doing: no wrap-up, no blame. */
export function freeFromTalk(state: State, place: Place): void {
  const talk = talkOf(state, place)
  if (!talk) return
  const { agent, offer, work } = talk
  state.offers.delete(offer.id)
  agent.handled--
  release(state, agent, work)
}

/** Ends the talk: wrap-up, where the queue has one and somebody is there to do it. */
export function endTalk(state: State, place: Place): void {
  const talk = talkOf(state, place)
  if (!talk) return
  const { agent, offer, work } = talk
  state.offers.delete(offer.id)
  const rules = state.queues.get(place.contact.queue)?.rules
  rememberTalk(state, place, agent.id)
  pauseAfterCall(state, agent, rules)
  const wrapUpMs = rules?.wrapUpMs ?? 0
  if (wrapUpMs <= 0 || agent.presence === 'sign-out-pending') return release(state, agent, work)
  const until = state.now + wrapUpMs
  const timer = `wrap-up:${offer.id}`
  const contact = place.contact.id
  // Whoever talks with the same contact again before the work is done has that work once, after the last talk.
  finishWrapUp(state, agent, contact)
  state.change(agent, () => {
    work.wrapUp = { until, latest: Math.max(until, state.now + (rules?.wrapUpLimitMs ?? 0)), timer }
    return setSlot(agent, work, 'wrap', state.now)
  })
  state.tell({ type: 'wrap-up.started', agent: agent.id, contact, until })
  state.startTimer(timer, until, { kind: 'wrap-up', agent: agent.id, contact })
}

export function finishWrapUp(state: State, agent: Agent, contact: ContactId): void {
  const work = agent.work.find((each) => each.contact === contact && each.wrapUp)
  if (!work?.wrapUp) return
  state.tell({ type: 'wrap-up.ended', agent: agent.id, contact })
  state.stopTimer(work.wrapUp.timer)
  release(state, agent, work)
}

/** This work is done. When it was the last, what was pending comes into force. */
function release(state: State, agent: Agent, work: Work): void {
  state.change(agent, () => {
    const isFree = setSlot(agent, work, 'release', state.now)
    if (agent.work.length === 0) setPresence(agent, agent.forgotten ? 'signOut' : 'workDone', state.now)
    return isFree
  })
  if (agent.presence === 'logged-out') endBackOff(state, agent)
  if (agent.forgotten && agent.work.length === 0) state.agents.delete(agent.id)
}

function standingOffer(
  state: State,
  id: OfferId,
): { readonly offer: Offer; readonly place: Place; readonly agent: Agent; readonly work: Work } | undefined {
  const place = state.offers.get(id)
  const offer =
    place?.contact.state === 'offered' ? place.contact.offers.find((each) => each.id === id) : undefined
  const agent = offer && state.agents.get(offer.agent)
  const work = agent && workOf(agent, id)
  return place && offer && agent && work && { offer, place, agent, work }
}

function talkOf(
  state: State,
  { contact }: Place,
): { readonly offer: Offer; readonly agent: Agent; readonly work: Work } | undefined {
  const [offer] = contact.state === 'connected' ? contact.offers : []
  const agent = offer && state.agents.get(offer.agent)
  const work = agent && workOf(agent, offer.id)
  return offer && agent && work && { offer, agent, work }
}
