import type { Agent } from './agent.ts'
import { setDevice, setPresence, viewOf as viewOfAgent } from './agent.ts'
import { endBackOff, endOffersOf, expire, finishWrapUp, refuse, ring } from './assignments.ts'
import { membershipOf } from './classes.ts'
import { viewOf as viewOfContact } from './contact.ts'
import type {
  AcdEffect,
  AcdInput,
  AgentId,
  AgentView,
  ContactId,
  ContactView,
  QueueView,
  WaitingExplanation,
} from './contract.ts'
import { watchDesertion } from './desertion.ts'
import { acceptOffer, fireLife, giveBackTalk, settleStirred, takeLife } from './life.ts'
import type { LifeInput } from './life-inputs.ts'
import { configure, end, join } from './line.ts'
import { match } from './offering.ts'
import { forget, know, makeAvailable, signOut } from './people.ts'
import type { EngineSnapshot, TimerPurpose } from './snapshot.ts'
import { State } from './state.ts'
import { advance, restoreClock, skipAbandonedSteps } from './steps.ts'
import { lineView, positionOf, queueView } from './views.ts'
import { whyWaiting } from './waiting.ts'

type AgentInput = Exclude<Extract<AcdInput, { agent: AgentId }>, LifeInput | { type: 'agent.known' }>

/**
 * The routing engine: who waits, who is next, who gets whom and why. Pure and deterministic: the same inputs at the
 * same times give the same effects, also from a snapshot taken on the way.
 */
export class Engine {
  readonly #state: State

  constructor(state = new State()) {
    this.#state = state
  }

  /** @throws RangeError when the snapshot is of another version of the engine. */
  static restore(snapshot: EngineSnapshot): Engine {
    const state = State.restore(snapshot)
    for (const place of state.places.values()) restoreClock(state, place)
    return new Engine(state)
  }

  /**
   * Takes one input and says what is to be done about it.
   * @param now milliseconds since 1970; a time before that of the last input counts as that one
   */
  handle(input: AcdInput, now: number): readonly AcdEffect[] {
    const state = this.#state
    state.now = Math.max(state.now, now)
    // What comes back runs no longer, whatever the steps make of it that are due.
    const fired = input.type === 'timer' ? state.takeTimer(input.timer) : undefined
    advance(state)
    if (input.type !== 'timer') this.#take(input)
    else if (fired) this.#fire(fired)
    for (const agent of state.gone) skipAbandonedSteps(state, agent)
    if (state.gone.size > 0 || state.came.size > 0) {
      watchDesertion(state, [...state.gone, ...state.came])
      state.gone.clear()
      state.came.clear()
    }
    if (state.stirred.size > 0) settleStirred(state)
    advance(state)
    do {
      match(state)
      state.newcomers.clear()
    } while (advance(state))
    state.setClock()
    for (const agent of state.changed) state.tell({ type: 'agent.changed', agent: viewOfAgent(agent) })
    state.changed.clear()
    const { effects } = state
    state.effects = []
    return effects
  }

  agents(): AgentView[] {
    return [...this.#state.agents.values()].map(viewOfAgent)
  }

  agent(agent: AgentId): AgentView | undefined {
    const known = this.#state.agents.get(agent)
    return known && viewOfAgent(known)
  }

  /** Everybody in a queue, queue by queue in the order of service; then everybody who is connected. */
  contacts(): ContactView[] {
    const { queues, places } = this.#state
    const connected = [...places.values()].filter(({ contact }) => contact.state === 'connected')
    return [
      ...[...queues.values()].flatMap(lineView),
      ...connected.map((place) => viewOfContact(place, undefined)),
    ]
  }

  contact(contact: ContactId): ContactView | undefined {
    const known = this.#state.places.get(contact)
    const queue = known && this.#state.queues.get(known.contact.queue)
    return queue && viewOfContact(known, positionOf(queue, known))
  }

  /** @param only the others are left out, and cost nothing */
  queues(now: number, only?: ReadonlySet<string>): QueueView[] {
    const { queues, index } = this.#state
    return [...queues.values()]
      .filter((queue) => queue.configured || queue.line.size > 0)
      .filter((queue) => only?.has(queue.rules.id) ?? true)
      .map((queue) => queueView(queue, index, now))
  }

  /** The queues that an agent is a member of. */
  queuesOf(agent: AgentId): string[] {
    const { agents, queues, index } = this.#state
    const known = agents.get(agent)
    const profile = known && index.profiles.profileOf(known)
    if (!profile) return []
    return [...queues.values()]
      .filter((queue) => membershipOf(profile, queue) !== undefined)
      .map(({ rules }) => rules.id)
  }

  /** Why a contact still waits; undefined when it does not. Changes nothing. */
  whyWaiting(contact: ContactId, now: number): WaitingExplanation | undefined {
    const { places, queues, index, agents } = this.#state
    const place = places.get(contact)
    const queue = place && queues.get(place.contact.queue)
    const position = queue && positionOf(queue, place)
    const { state } = place?.contact ?? {}
    if (position === undefined || !place || !state || state === 'connected') return undefined
    return whyWaiting({ index, agents, now: Math.max(now, this.#state.now) }, place, position, state)
  }

  /** Of the files that the rules in force come from; undefined where they named none. */
  rulesHash(): string | undefined {
    return this.#state.hash
  }

  /** The timers that run: to be set again after `restore`. */
  timers(): { readonly timer: string; readonly at: number }[] {
    return [...this.#state.timers()].map(({ timer, at }) => ({ timer, at }))
  }

  /** Everything the engine knows, as plain data that survives JSON. */
  snapshot(): EngineSnapshot {
    return this.#state.snapshot()
  }

  #take(input: Exclude<AcdInput, { type: 'timer' }>): void {
    const state = this.#state
    switch (input.type) {
      case 'rules.configured':
        return configure(state, input.rules, input.hash)
      case 'agent.known':
        return know(state, input.agent, input.skills, input.capacity)
      case 'contact.queued':
        return join(state, input)
      case 'contact.left':
        return end(state, input.contact, input.reason)
      case 'contact.ended':
        return end(state, input.contact, 'ended')
      case 'contact.returned':
        return giveBackTalk(state, input.contact, input.cause)
      case 'offer.ringing':
        return ring(state, input.offer)
      case 'offer.accepted':
        return acceptOffer(state, input.offer)
      case 'offer.refused':
        return refuse(state, input.offer, input.cause)
      case 'agent.forgotten':
      case 'agent.signed-in':
      case 'agent.available':
      case 'agent.paused':
      case 'agent.signed-out':
      case 'device.ok':
      case 'device.unregistered':
      case 'wrap-up.finished': {
        const agent = state.agents.get(input.agent)
        return agent && this.#takeOf(agent, input)
      }
      default:
        return takeLife(state, input)
    }
  }

  #takeOf(agent: Agent, input: AgentInput): void {
    const state = this.#state
    switch (input.type) {
      case 'agent.forgotten':
        return forget(state, agent)
      case 'agent.signed-in':
        return state.change(agent, () => setPresence(agent, 'signIn', state.now, 'signed-in'))
      case 'agent.available':
        return makeAvailable(state, agent)
      case 'agent.paused': {
        const verb = agent.work.length === 0 ? 'pause' : 'pauseLater'
        return state.change(agent, () => setPresence(agent, verb, state.now, input.reason))
      }
      case 'agent.signed-out':
        return signOut(state, agent)
      case 'device.ok':
        return state.change(agent, () => setDevice(agent, 'register', state.now))
      case 'device.unregistered':
        endOffersOf(state, agent, 'device-failed', 'voice')
        return state.change(agent, () => setDevice(agent, 'unregister', state.now))
      case 'wrap-up.finished':
        return finishWrapUp(state, agent, input.contact)
    }
  }

  #fire(purpose: TimerPurpose): void {
    // That a step is due was seen to when the input came.
    if (purpose.kind === 'steps') return
    if (purpose.kind === 'lease') return expire(this.#state, purpose.offer)
    if (!('agent' in purpose)) return fireLife(this.#state, purpose)
    const agent = this.#state.agents.get(purpose.agent)
    if (!agent) return
    if (purpose.kind === 'back-off') endBackOff(this.#state, agent)
    else finishWrapUp(this.#state, agent, purpose.contact)
  }
}
