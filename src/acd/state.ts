import type { Agent } from './agent.ts'
import { NOBODY_BY_NAME, placeOf } from './contact.ts'
import type { AcdEffect } from './contract.ts'
import { FloorIndex } from './floor-index.ts'
import type { AgentId, Channel, ContactId, OfferId } from './ids.ts'
import { KeyedHeap } from './keyed-heap.ts'
import type { Place, Queue } from './model.ts'
import { comeIn, newQueue } from './queue.ts'
import { meets } from './requirement.ts'
import { type CapacityRules, ONE_CALL, type RoutingRules } from './rules.ts'
import {
  type Counters,
  ENGINE_VERSION,
  type EngineSnapshot,
  type Hours,
  type LastTalk,
  type LeftPlace,
  type RunningTimer,
  type TimerPurpose,
} from './snapshot.ts'

/** Everything the engine remembers, and what the present input has done so far. */
export class State {
  rules: RoutingRules = { queues: [], teams: [], capacity: ONE_CALL }
  hash: string | undefined
  readonly queues = new Map<string, Queue>()
  readonly agents = new Map<AgentId, Agent>()
  readonly places = new Map<ContactId, Place>()
  /** The contact of every offer that stands or was accepted. */
  readonly offers = new Map<OfferId, Place>()
  /** Contacts whose step ends, or to which further members are let. */
  readonly clocks = new KeyedHeap<Place>((place, dueAt) => place.dueAt === dueAt)
  index = new FloorIndex(['voice'], new Set(), this.agents)
  readonly counters: Counters = { agents: 0, arrivals: 0, tokens: 0, clocks: 0 }
  now = 0

  effects: AcdEffect[] = []
  readonly changed = new Set<Agent>()
  /** Whoever may have a match since this input: whoever came to be waiting or free. Nobody else can. */
  readonly unmatched = { contacts: new Set<Place>(), agents: new Set<Agent>() }
  /** Contacts that are new in their queue: they are looked after once before their time can be up. */
  readonly newcomers = new Set<Place>()

  /** Who has been logged out by this input. */
  readonly gone = new Set<Agent>()
  /** Who has been signed in, or can do something else. */
  readonly came = new Set<Agent>()

  /** By queue; one that is not there is open. */
  readonly hours = new Map<string, Hours>()
  readonly callbacks = new Set<Place>()
  readonly leftPlaces = new Map<string, LeftPlace>()
  readonly lastTalks = new Map<string, LastTalk>()
  /** Queues in which nobody is signed in, and since when; kept only where it matters. */
  readonly deserted = new Map<string, number>()
  /** Whether it matters to any queue that nobody is signed in. */
  minded = false
  /** Contacts of which more than the next agent is to be decided: they are looked at before the match. */
  readonly stirred = new Set<Place>()

  readonly #timers = new Map<string, RunningTimer>()
  /** The timer that wakes the engine for the next step of any contact. It may come too early, never too late. */
  #clock: RunningTimer | undefined

  tell(effect: AcdEffect): void {
    this.effects.push(effect)
  }

  /** Changes an agent, unless `mutate` says that nothing changed; whoever comes to be free looks for a contact. */
  change(agent: Agent, mutate: () => boolean): void {
    const wasLoggedIn = agent.presence !== 'logged-out'
    if (!mutate()) return
    const isLoggedIn = agent.presence !== 'logged-out'
    if (wasLoggedIn && !isLoggedIn) this.gone.add(agent)
    if (!wasLoggedIn && isLoggedIn) this.came.add(agent)
    this.index.profiles.refresh(agent)
    this.changed.add(agent)
    this.unmatched.agents.add(agent)
  }

  /** Puts an agent among those of the same abilities. */
  seat(agent: Agent): void {
    if (this.index.profiles.has(agent)) this.index.removeAgent(agent)
    const capacity = this.capacityOf(agent)
    const isNew = channelsOf(capacity).some((channel) => !this.index.hasChannel(channel))
    if (isNew) this.buildIndex()
    else this.index.addAgent(agent, { skills: agent.skills, teams: this.teamsOf(agent) }, capacity)
  }

  capacityOf(agent: Agent): CapacityRules {
    return agent.capacity ?? this.rules.capacity
  }

  /** Teams that list the agent, or whose requirement they meet. */
  teamsOf({ id, skills }: Agent): string[] {
    return this.rules.teams
      .filter(({ agents, who }) => agents.includes(id) || (who && meets({ skills, teams: [] }, who)))
      .map((team) => team.id)
      .sort()
  }

  /** Works the index out anew. Nobody's step, place or turn changes by it. */
  buildIndex(): void {
    const channels = new Set<Channel>(['voice', ...channelsOf(this.rules.capacity)])
    for (const agent of this.agents.values()) {
      for (const channel of channelsOf(this.capacityOf(agent))) channels.add(channel)
    }
    for (const { contact } of this.places.values()) channels.add(contact.channel)
    const orders = new Set([...this.queues.values()].map(({ strategy }) => strategy.order))
    this.index = new FloorIndex(channels, orders, this.agents)
    for (const agent of this.agents.values()) {
      if (!agent.forgotten) this.seat(agent)
    }
    for (const place of this.places.values()) {
      place.waitingIn = undefined
      place.named = NOBODY_BY_NAME
      if (place.contact.state !== 'connected') this.#enter(place)
    }
  }

  #enter(place: Place): void {
    const queue = this.queues.get(place.contact.queue)
    if (!queue) return
    const { steps } = this.index.enter(place, queue)
    place.contact.step = Math.min(place.contact.step, steps.length - 1)
    this.index.setStage(place, this.now)
    if (place.contact.state === 'waiting') this.index.wait(place)
  }

  startTimer(timer: string, at: number, purpose: TimerPurpose): void {
    this.#timers.set(timer, { timer, at, purpose })
    this.tell({ type: 'timer.start', timer, at })
  }

  stopTimer(timer: string): void {
    if (this.#timers.delete(timer)) this.tell({ type: 'timer.stop', timer })
  }

  /** When a timer fires; undefined when it does not run. */
  timerAt(timer: string): number | undefined {
    return this.#timers.get(timer)?.at
  }

  /** Takes a timer that came back; undefined when it was stopped in the meantime. */
  takeTimer(timer: string): TimerPurpose | undefined {
    const running = this.#timers.get(timer)
    this.#timers.delete(timer)
    if (running === this.#clock) this.#clock = undefined
    return running?.purpose
  }

  timers(): Iterable<RunningTimer> {
    return this.#timers.values()
  }

  /** Sees to it that the clock runs, and not beyond the next step that is due. */
  setClock(): void {
    const due = this.clocks.first?.dueAt
    if (this.#clock && (due === undefined || due < this.#clock.at)) {
      this.stopTimer(this.#clock.timer)
      this.#clock = undefined
    }
    if (due === undefined || this.#clock) return
    const timer = `steps:${++this.counters.clocks}`
    this.startTimer(timer, due, { kind: 'steps' })
    this.#clock = this.#timers.get(timer)
  }

  snapshot(): EngineSnapshot {
    return structuredClone({
      version: ENGINE_VERSION,
      now: this.now,
      counters: this.counters,
      rules: this.rules,
      hash: this.hash ?? null,
      formerQueues: [...this.queues.values()].filter((queue) => !queue.configured).map(({ rules }) => rules),
      agents: [...this.agents.values()],
      contacts: [...this.places.values()].map(({ contact }) => contact),
      timers: [...this.#timers.values()],
      hours: [...this.hours],
      leftPlaces: [...this.leftPlaces],
      lastTalks: [...this.lastTalks],
      deserted: [...this.deserted],
    })
  }

  /** @throws RangeError when the snapshot is of another version of the engine. */
  static restore(snapshot: EngineSnapshot): State {
    const copy = structuredClone(snapshot)
    const { version, now, counters, rules, hash, formerQueues, agents, contacts, timers } = copy
    if (version !== ENGINE_VERSION) {
      throw new RangeError(
        `the snapshot is of version ${version} of the routing engine, this is version ${ENGINE_VERSION}`,
      )
    }
    const state = new State()
    state.now = now
    state.rules = rules
    state.hash = hash ?? undefined
    Object.assign(state.counters, counters)
    for (const queue of rules.queues) state.queues.set(queue.id, newQueue(queue))
    for (const former of formerQueues) state.queues.set(former.id, { ...newQueue(former), configured: false })
    for (const agent of agents) state.agents.set(agent.id, agent)
    for (const contact of contacts) {
      const place = placeOf(contact)
      state.places.set(contact.id, place)
      if (contact.callback) state.callbacks.add(place)
      for (const offer of contact.offers) state.offers.set(offer.id, place)
      const queue = state.queues.get(contact.queue)
      if (queue && contact.state !== 'connected') comeIn(queue, place)
    }
    for (const [queue, hours] of copy.hours) state.hours.set(queue, hours)
    for (const [key, left] of copy.leftPlaces) state.leftPlaces.set(key, left)
    for (const [customer, talk] of copy.lastTalks) state.lastTalks.set(customer, talk)
    for (const [queue, since] of copy.deserted) state.deserted.set(queue, since)
    state.minded = [...state.queues.values()].some(
      (queue) => queue.rules.leave?.nobodyLoggedInMs !== undefined,
    )
    state.buildIndex()
    for (const timer of timers) {
      state.#timers.set(timer.timer, timer)
      if (timer.purpose.kind === 'steps') state.#clock = timer
    }
    return state
  }
}

function channelsOf({ slots, while: rules }: CapacityRules): Channel[] {
  return [
    ...Object.keys(slots),
    ...Object.keys(rules),
    ...Object.values(rules).flatMap((limits) => Object.keys(limits ?? {})),
  ]
}
