import type { Agent } from './agent.ts'
import { setDevice, setPresence, viewOf as viewOfAgent } from './agent.ts'
import {
  accept,
  endBackOff,
  endOfferOf,
  expire,
  finishWrapUp,
  giveBack,
  refuse,
  ring,
} from './assignments.ts'
import { viewOf as viewOfContact } from './contact.ts'
import type {
  AcdEffect,
  AcdInput,
  AgentId,
  AgentView,
  ContactId,
  ContactView,
  QueueView,
} from './contract.ts'
import { configure, end, join, match } from './line.ts'
import { forget, know, makeAvailable, signOut } from './people.ts'
import { requiredOf } from './required.ts'
import { ANYONE, meets } from './requirement.ts'
import type { EngineSnapshot } from './snapshot.ts'
import { State } from './state.ts'
import { lineView, positionOf, queueView } from './views.ts'

type AgentInput = Extract<AcdInput, { agent: AgentId }>

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
    return new Engine(State.restore(snapshot))
  }

  /**
   * Takes one input and says what is to be done about it.
   * @param now milliseconds since 1970; a time before that of the last input counts as that one
   */
  handle(input: AcdInput, now: number): readonly AcdEffect[] {
    const state = this.#state
    state.now = Math.max(state.now, now)
    this.#take(input)
    match(state)
    for (const agent of state.changed) state.tell({ type: 'agent.changed', agent: viewOfAgent(agent) })
    state.changed.clear()
    return state.effects.splice(0)
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
    const { queues, contacts } = this.#state
    const connected = [...contacts.values()].filter((contact) => contact.state === 'connected')
    return [
      ...[...queues.values()].flatMap(lineView),
      ...connected.map((contact) => viewOfContact(contact, undefined)),
    ]
  }

  contact(contact: ContactId): ContactView | undefined {
    const known = this.#state.contacts.get(contact)
    const queue = known && this.#state.queues.get(known.queue)
    return queue && viewOfContact(known, positionOf(queue, known))
  }

  queues(now: number): QueueView[] {
    const { queues, groups } = this.#state
    return [...queues.values()]
      .filter((queue) => queue.configured || queue.line.size > 0)
      .map((queue) => queueView(queue, groups, now))
  }

  /** The queues that an agent is a member of. */
  queuesOf(agent: AgentId): string[] {
    const skills = this.#state.agents.get(agent)?.skills
    return [...this.#state.queues.values()]
      .filter(({ rules }) => skills && meets({ skills, teams: [] }, requiredOf(rules, ANYONE)))
      .map(({ rules }) => rules.id)
  }

  /** The timers that run: to be set again after `restore`. */
  timers(): { readonly timer: string; readonly at: number }[] {
    return [...this.#state.timers()].map(({ timer, at }) => ({ timer, at }))
  }

  /** Everything the engine knows, as plain data that survives JSON. */
  snapshot(): EngineSnapshot {
    return this.#state.snapshot()
  }

  #take(input: AcdInput): void {
    const state = this.#state
    switch (input.type) {
      case 'rules.configured':
        return configure(state, input.rules)
      case 'agent.known':
        return know(state, input.agent, input.skills)
      case 'contact.queued':
        return join(state, input)
      case 'contact.left':
      case 'contact.ended':
        return end(state, input.contact)
      case 'contact.returned':
        return giveBack(state, input.contact, input.cause)
      case 'offer.ringing':
        return ring(state, input.offer)
      case 'offer.accepted':
        return accept(state, input.offer)
      case 'offer.refused':
        return refuse(state, input.offer, input.cause)
      case 'timer':
        return this.#fire(input.timer)
      default: {
        const agent = state.agents.get(input.agent)
        if (agent) this.#takeOf(agent, input)
      }
    }
  }

  #takeOf(agent: Agent, input: Exclude<AgentInput, { type: 'agent.known' }>): void {
    const state = this.#state
    switch (input.type) {
      case 'agent.forgotten':
        return forget(state, agent)
      case 'agent.signed-in':
        return state.change(agent, () => setPresence(agent, 'signIn', state.now, 'signed-in'))
      case 'agent.available':
        return makeAvailable(state, agent)
      case 'agent.paused': {
        const verb = agent.slot === 'free' ? 'pause' : 'pauseLater'
        return state.change(agent, () => setPresence(agent, verb, state.now, input.reason))
      }
      case 'agent.signed-out':
        return signOut(state, agent)
      case 'device.ok':
        return state.change(agent, () => setDevice(agent, 'register', state.now))
      case 'device.unregistered':
        endOfferOf(state, agent, 'device-failed')
        return state.change(agent, () => setDevice(agent, 'unregister', state.now))
      case 'wrap-up.finished':
        return finishWrapUp(state, agent, input.contact)
    }
  }

  #fire(timer: string): void {
    const purpose = this.#state.takeTimer(timer)
    if (!purpose) return
    if (purpose.kind === 'lease') return expire(this.#state, purpose.offer)
    const agent = this.#state.agents.get(purpose.agent)
    if (!agent) return
    if (purpose.kind === 'back-off') endBackOff(this.#state, agent)
    else finishWrapUp(this.#state, agent, purpose.contact)
  }
}
