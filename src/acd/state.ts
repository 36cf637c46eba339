import type { Agent } from './agent.ts'
import type { Contact } from './contact.ts'
import type { AcdEffect, AgentId, ContactId, OfferId } from './contract.ts'
import { Groups } from './groups.ts'
import type { Floor } from './matching.ts'
import { longestIdle } from './routing/longest-idle.ts'
import { ENGINE_VERSION, type EngineSnapshot, type RunningTimer, type TimerPurpose } from './snapshot.ts'
import type { Queue } from './views.ts'

/** Everything the engine remembers, and what the present input has done so far. */
export class State {
  readonly queues = new Map<string, Queue>()
  readonly agents = new Map<AgentId, Agent>()
  readonly contacts = new Map<ContactId, Contact>()
  /** The contact of every offer that stands or was accepted. */
  readonly offers = new Map<OfferId, Contact>()
  readonly groups = new Groups(longestIdle)
  readonly floor: Floor = { groups: this.groups, agents: this.agents, strategy: longestIdle }
  readonly counters = { agents: 0, arrivals: 0, tokens: 0 }
  now = 0

  readonly effects: AcdEffect[] = []
  readonly changed = new Set<Agent>()
  /** Whoever may have a match since this input: whoever came to be waiting or free. Nobody else can. */
  readonly unmatched = { contacts: new Set<Contact>(), agents: new Set<Agent>() }

  readonly #timers = new Map<string, RunningTimer>()

  tell(effect: AcdEffect): void {
    this.effects.push(effect)
  }

  /** Changes an agent, unless `mutate` says that nothing changed; whoever comes to be free looks for a contact. */
  change(agent: Agent, mutate: () => boolean): void {
    let changed = false
    this.groups.change(agent, () => {
      changed = mutate()
    })
    if (!changed) return
    this.changed.add(agent)
    this.unmatched.agents.add(agent)
  }

  startTimer(timer: string, at: number, purpose: TimerPurpose): void {
    this.#timers.set(timer, { timer, at, purpose })
    this.tell({ type: 'timer.start', timer, at })
  }

  stopTimer(timer: string): void {
    if (this.#timers.delete(timer)) this.tell({ type: 'timer.stop', timer })
  }

  /** Takes a timer that came back; undefined when it was stopped in the meantime. */
  takeTimer(timer: string): TimerPurpose | undefined {
    const running = this.#timers.get(timer)
    this.#timers.delete(timer)
    return running?.purpose
  }

  timers(): Iterable<RunningTimer> {
    return this.#timers.values()
  }

  /** Puts a contact into its queue and group, and lets it wait there. */
  wait(contact: Contact): void {
    contact.state = 'waiting'
    contact.offer = undefined
    this.queues.get(contact.queue)?.line.add(contact)
    this.groups.wait(contact)
    this.unmatched.contacts.add(contact)
  }

  snapshot(): EngineSnapshot {
    return structuredClone({
      version: ENGINE_VERSION,
      now: this.now,
      counters: this.counters,
      queues: [...this.queues.values()].map(({ rules, configured }) => ({ rules, configured })),
      agents: [...this.agents.values()],
      contacts: [...this.contacts.values()],
      timers: [...this.#timers.values()],
    })
  }

  /** @throws RangeError when the snapshot is of another version of the engine. */
  static restore(snapshot: EngineSnapshot): State {
    const { version, now, counters, queues, agents, contacts, timers } = structuredClone(snapshot)
    if (version !== ENGINE_VERSION) {
      throw new RangeError(
        `the snapshot is of version ${version} of the routing engine, this is version ${ENGINE_VERSION}`,
      )
    }
    const state = new State()
    state.now = now
    Object.assign(state.counters, counters)
    for (const queue of queues) state.queues.set(queue.rules.id, { ...queue, line: new Set() })
    for (const agent of agents) {
      state.agents.set(agent.id, agent)
      if (!agent.forgotten) state.groups.add(agent)
    }
    for (const contact of contacts) state.#putBack(contact)
    for (const timer of timers) state.#timers.set(timer.timer, timer)
    return state
  }

  #putBack(contact: Contact): void {
    this.contacts.set(contact.id, contact)
    if (contact.offer) this.offers.set(contact.offer.id, contact)
    if (contact.state === 'connected') return
    this.queues.get(contact.queue)?.line.add(contact)
    this.groups.enter(contact)
    if (contact.state === 'waiting') this.groups.wait(contact)
  }
}
