import type {
  AcdEffect,
  AcdInput,
  AgentId,
  AgentView,
  ContactId,
  OfferId,
  RefusalCause,
} from '../acd/contract.ts'
import { Engine } from '../acd/engine.ts'
import type { Arrival } from './arrivals.ts'
import { type Event, EventHeap } from './event-heap.ts'

/** What the simulator is given. */
export interface World {
  /** Rules, people and what they do (shifts, breaks), in the order of time. */
  readonly timeline: Iterable<{ readonly at: number; readonly input: AcdInput }>
  /** In the order of time. */
  readonly arrivals: Iterable<Arrival>
  /** What an agent does whose phone rings; without it everybody answers at once. */
  readonly ringing?: (arrival: Arrival, agent: AgentId) => Ringing
  /**
   * After how long somebody is back who was paused at this time for not answering; Infinity where the timeline says so.
   * Five minutes without it.
   */
  readonly backAfterMs?: (agent: AgentId, now: number) => number
}

export interface Ringing {
  readonly does: 'answer' | 'reject' | 'ignore'
  /** Of a rejection; `rejected` without it. */
  readonly cause?: RefusalCause
  readonly afterMs: number
}

/** How it goes with one contact. All times are milliseconds since 1970. */
export interface SimulatedContact {
  readonly contact: ContactId
  readonly arrival: Arrival
  offers: number
  /** The agent who has, or had, the contact. */
  agent?: AgentId
  /** When the wait was over, and how. */
  waitEndedAt?: number
  /**
   * `unserved`: nobody who exists could have served it. `left`: its last step sent it elsewhere (callback, voicemail).
   */
  outcome?: 'answered' | 'abandoned' | 'unserved' | 'left'
}

/** Whoever wants to know what happens. Called in the order of time. */
export interface Observer {
  /** Before the engine hears of the contact. */
  arrived?(contact: SimulatedContact, now: number): void
  /** The wait is over: answered, given up, or nobody could serve it. */
  waited?(contact: SimulatedContact, now: number): void
  agentChanged?(agent: AgentView, now: number): void
  /** Every input with its effects: the log of the run. */
  handled?(input: AcdInput, now: number, effects: readonly AcdEffect[]): void
}

/** Who did not answer and was paused for it comes back after so long. */
const BACK_AFTER_MS = 300_000

/**
 * Plays callers, agents and telephones before the routing engine that is also in production. Time is virtual and
 * passes from event to event; nothing is random here, so that the same world gives the same log.
 */
export class Simulator {
  readonly engine = new Engine()
  readonly #world: World
  readonly #observers: readonly Observer[]
  readonly #events = new EventHeap()
  readonly #timers = new Map<string, Event>()
  readonly #contacts = new Map<ContactId, SimulatedContact>()
  readonly #arrivals: Iterator<Arrival>
  readonly #timeline: Iterator<{ readonly at: number; readonly input: AcdInput }>
  #nextArrival: Arrival | undefined
  #nextInput: { readonly at: number; readonly input: AcdInput } | undefined
  readonly #inputs: AcdInput[] = []
  #now = Number.NEGATIVE_INFINITY
  #arrived = 0

  constructor(world: World, ...observers: readonly Observer[]) {
    this.#world = world
    this.#observers = observers
    this.#arrivals = world.arrivals[Symbol.iterator]()
    this.#timeline = world.timeline[Symbol.iterator]()
    this.#nextArrival = following(this.#arrivals)
    this.#nextInput = following(this.#timeline)
  }

  get now(): number {
    return this.#now
  }

  /** Contacts that have come so far. */
  get arrived(): number {
    return this.#arrived
  }

  /**
   * Lets time pass until `until`, or until the last contact is gone.
   * @returns whether there is more to come
   */
  run(until = Number.POSITIVE_INFINITY): boolean {
    for (;;) {
      if (!this.#nextArrival && this.#contacts.size === 0) return false
      const inputAt = this.#nextInput?.at ?? Number.POSITIVE_INFINITY
      const arrivalAt = this.#nextArrival?.at ?? Number.POSITIVE_INFINITY
      const eventAt = this.#events.nextAt
      const next = Math.min(inputAt, arrivalAt, eventAt)
      if (next === Number.POSITIVE_INFINITY) return false
      if (next > until) return true
      this.#now = Math.max(this.#now, next)
      if (inputAt === next) this.#takeInput()
      else if (eventAt === next) this.#events.pop()?.run()
      else this.#takeArrival()
    }
  }

  #takeInput(): void {
    const { input } = this.#nextInput ?? {}
    this.#nextInput = following(this.#timeline)
    if (input) this.#put(input)
  }

  #takeArrival(): void {
    const arrival = this.#nextArrival
    this.#nextArrival = following(this.#arrivals)
    if (!arrival) return
    const id = arrival.contact ?? `c${this.#arrived + 1}`
    const contact: SimulatedContact = { contact: id, arrival, offers: 0 }
    this.#arrived++
    this.#contacts.set(id, contact)
    for (const observer of this.#observers) observer.arrived?.(contact, this.#now)
    this.#put({ type: 'contact.queued', contact: id, ...arrival.request })
    if (contact.outcome !== undefined || arrival.patienceMs === Number.POSITIVE_INFINITY) return
    this.#after(arrival.patienceMs, () => this.#giveUp(contact))
  }

  #giveUp(contact: SimulatedContact): void {
    if (contact.outcome !== undefined) return
    const reason = contact.arrival.leaving ?? 'abandoned'
    this.#waited(contact, reason)
    this.#contacts.delete(contact.contact)
    this.#put({ type: 'contact.left', contact: contact.contact, reason })
  }

  /** One input at a time, as the runtime has it: what an effect leads to comes after its other effects. */
  #put(input: AcdInput): void {
    this.#inputs.push(input)
    if (this.#inputs.length > 1) return
    for (let at = 0; at < this.#inputs.length; at++) {
      const next = this.#inputs[at]
      if (next) this.#handle(next)
    }
    this.#inputs.length = 0
  }

  #handle(input: AcdInput): void {
    const effects = this.engine.handle(input, this.#now)
    for (const observer of this.#observers) observer.handled?.(input, this.#now, effects)
    for (const effect of effects) this.#perform(effect)
  }

  #perform(effect: AcdEffect): void {
    switch (effect.type) {
      case 'offer.made':
        return this.#ring(effect.offer, effect.contact, effect.agent)
      case 'contact.connected':
        return this.#connected(effect.contact, effect.agent)
      case 'contact.unserved':
        return this.#gone(effect.contact, 'unserved')
      case 'contact.exited':
        return this.#gone(effect.contact, 'left')
      case 'wrap-up.started':
        return this.#wrapUp(effect.contact, effect.agent, effect.until)
      case 'agent.changed':
        return this.#agentChanged(effect.agent)
      case 'timer.start':
        return this.#startTimer(effect.timer, effect.at)
      case 'timer.stop': {
        const timer = this.#timers.get(effect.timer)
        if (timer) timer.calledOff = true
        this.#timers.delete(effect.timer)
      }
    }
  }

  #ring(offer: OfferId, id: ContactId, agent: AgentId): void {
    const contact = this.#contacts.get(id)
    if (!contact) return
    contact.offers++
    this.#put({ type: 'offer.ringing', offer })
    const {
      does,
      afterMs,
      cause = 'rejected',
    } = this.#world.ringing?.(contact.arrival, agent) ?? ANSWERS_AT_ONCE
    if (does === 'ignore') return
    const answer: AcdInput =
      does === 'answer' ? { type: 'offer.accepted', offer } : { type: 'offer.refused', offer, cause }
    if (afterMs === 0) this.#put(answer)
    else this.#after(afterMs, () => this.#put(answer))
  }

  #connected(id: ContactId, agent: AgentId): void {
    const contact = this.#contacts.get(id)
    if (!contact) return
    contact.agent = agent
    this.#waited(contact, 'answered')
    this.#after(contact.arrival.talkMs, () => {
      this.#put({ type: 'contact.ended', contact: id })
      this.#contacts.delete(id)
    })
  }

  #wrapUp(id: ContactId, agent: AgentId, until: number): void {
    const wrapUpMs = this.#contacts.get(id)?.arrival.wrapUpMs
    if (wrapUpMs === undefined || this.#now + wrapUpMs >= until) return
    this.#after(wrapUpMs, () => this.#put({ type: 'wrap-up.finished', agent, contact: id }))
  }

  #agentChanged(view: AgentView): void {
    for (const observer of this.#observers) observer.agentChanged?.(view, this.#now)
    if (view.reason !== 'no-answer') return
    const afterMs = this.#world.backAfterMs?.(view.agent, this.#now) ?? BACK_AFTER_MS
    if (afterMs === Number.POSITIVE_INFINITY) return
    this.#after(afterMs, () => this.#put({ type: 'agent.available', agent: view.agent }))
  }

  #startTimer(timer: string, at: number): void {
    const event = this.#events.push(at, () => {
      this.#timers.delete(timer)
      this.#put({ type: 'timer', timer })
    })
    this.#timers.set(timer, event)
  }

  #gone(id: ContactId, outcome: 'unserved' | 'left'): void {
    const contact = this.#contacts.get(id)
    if (!contact) return
    this.#contacts.delete(id)
    this.#waited(contact, outcome)
  }

  #waited(contact: SimulatedContact, outcome: NonNullable<SimulatedContact['outcome']>): void {
    contact.outcome = outcome
    contact.waitEndedAt = this.#now
    for (const observer of this.#observers) observer.waited?.(contact, this.#now)
  }

  #after(ms: number, run: () => void): void {
    this.#events.push(this.#now + ms, run)
  }
}

const ANSWERS_AT_ONCE: Ringing = { does: 'answer', afterMs: 0 }

function following<Value>(iterator: Iterator<Value, unknown, undefined>): Value | undefined {
  const { done, value } = iterator.next()
  return done === true ? undefined : value
}
