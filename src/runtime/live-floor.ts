/**
 * The running center as the API sees it. Longer than most files because whatever people may see or do passes here, each
 * in a few lines.
 */
import type { Logger } from 'pino'
import type {
  AcdEffect,
  AgentView,
  CapacityRules,
  Explanation,
  QueueRules,
  TeamRules,
  WaitingExplanation,
} from '../acd/contract.ts'
import { SwitchroomError } from '../errors.ts'
import type { AcdRunner } from './acd-runner.ts'
import type { Contact } from './contact.ts'
import type { Floor, FloorEvent, LiveContact, LiveQueue, ScreenPop, WrapUp } from './floor.ts'
import type { OfferRunner } from './offer-runner.ts'
import { type ExplainedOffer, PastOffers } from './past-offers.ts'
import type { HoursOfQueue } from './queue-hours.ts'
import type { PhoneSettings } from './standing-legs.ts'
import { extendWrapUp, type SupervisorInput, supervise } from './supervising.ts'
import type { Whisper } from './whisper.ts'

/** A person as the floor knows them. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly skills: Readonly<Record<string, number>>
  /** Names that their phones register by. */
  readonly devices: readonly string[]
  readonly phone: PhoneSettings
}

export interface FloorOptions {
  /** Everybody who may take contacts. */
  readonly people: () => Promise<readonly Person[]>
  readonly queues: readonly {
    readonly id: string
    readonly name: string
    readonly rules: QueueRules
    /** What its agents are told as they get a contact. */
    readonly whisper?: Whisper
    /** Absent: always open. */
    readonly hours?: HoursOfQueue
  }[]
  readonly teams?: readonly TeamRules[]
  /** One call at a time where none is given. */
  readonly capacity?: CapacityRules
  /** Names the files that the rules come from. */
  readonly rulesHash?: string
}

export interface FloorListener {
  /** Told everybody, whenever somebody may have changed. */
  peopleKnown(people: readonly Person[]): void
  /** The agent says that they work. */
  works(agent: string): void
}

/** What is going on now, and what people may do about it: the floor as the API sees it. */
export class LiveFloor implements Floor {
  readonly contactsById = new Map<string, Contact>()
  readonly offers = new Map<string, OfferRunner>()
  /** By agent. */
  readonly pops = new Map<string, ScreenPop>()
  /** By contact and agent. */
  readonly wrapUps = new Map<string, WrapUp>()
  readonly #acd: AcdRunner
  readonly #logger: Logger
  readonly #options: FloorOptions
  readonly #listener: FloorListener
  readonly #pastOffers = new PastOffers()
  readonly #desks = new Map<string, number>()
  /** With whether they watch the queues. */
  readonly #listeners = new Map<(event: FloorEvent) => void, () => boolean>()
  /** Of queues that are gone too: somebody may still wait there. */
  readonly #queueNames = new Map<string, string>()
  #people = new Map<string, Person>()
  #reading: Promise<void> = Promise.resolve()
  /** The queue that each contact was last told to be in. */
  readonly #queueOf = new Map<string, string>()

  constructor(acd: AcdRunner, options: FloorOptions, logger: Logger, listener: FloorListener) {
    this.#logger = logger
    this.#acd = acd
    this.#options = options
    this.#listener = listener
  }

  /** There are other queues, or they have other members. */
  rulesChanged(): void {
    for (const { id, name } of this.#options.queues) this.#queueNames.set(id, name)
    for (const queue of this.queues()) this.#tell({ type: 'queue.changed', queue })
  }

  /** One after the other, so that what was read last is what counts. */
  peopleChanged(): Promise<void> {
    const reading = this.#reading.then(() => this.#readPeople())
    this.#reading = reading.catch(() => undefined)
    return reading
  }

  async #readPeople(): Promise<void> {
    const people = new Map((await this.#options.people()).map((person) => [person.id, person]))
    // The engine may know of more than we do: it may be older than this process.
    for (const { agent } of this.#acd.engine.agents()) {
      if (!people.has(agent)) this.#acd.put({ type: 'agent.forgotten', agent })
    }
    for (const { id, skills } of people.values()) {
      const before = this.#people.get(id)?.skills
      // What is put in is kept: whoever is as before is not told again for each change of somebody else.
      if (JSON.stringify(before) !== JSON.stringify(skills)) {
        this.#acd.put({ type: 'agent.known', agent: id, skills })
      }
    }
    this.#people = people
    this.#listener.peopleKnown([...people.values()])
  }

  agents(): readonly AgentView[] {
    return this.#acd.engine.agents()
  }

  agent(agent: string): AgentView | undefined {
    return this.#acd.engine.agent(agent)
  }

  queues(only?: ReadonlySet<string>): readonly LiveQueue[] {
    return this.#acd.engine
      .queues(this.#acd.now(), only)
      .map((queue) => ({ ...queue, name: this.queueName(queue.queue) }))
  }

  queuesOf(agent: string): readonly string[] {
    return this.#acd.engine.queuesOf(agent)
  }

  contacts(): readonly LiveContact[] {
    return [...this.contactsById.values()].map((contact) => contact.live())
  }

  contact(contact: string): LiveContact | undefined {
    return this.contactsById.get(contact)?.live()
  }

  offerFor(agent: string): ScreenPop | undefined {
    const pop = this.pops.get(agent)
    const record = pop && this.contactsById.get(pop.contact)?.record
    if (!pop || !record) return pop
    const { customer, candidates } = record
    return { ...pop, candidates, ...(customer !== undefined && { customer }) }
  }

  wrapUpsOf(agent: string): readonly WrapUp[] {
    return [...this.wrapUps.values()].filter((wrapUp) => wrapUp.agent === agent)
  }

  signIn(agent: string): void {
    this.#known(agent)
    this.#acd.put({ type: 'agent.signed-in', agent })
    this.#listener.works(agent)
  }

  setAvailable(agent: string): void {
    this.#known(agent)
    this.#acd.put({ type: 'agent.available', agent })
    this.#listener.works(agent)
  }

  pause(agent: string, reason: string): void {
    this.#known(agent)
    this.#acd.put({ type: 'agent.paused', agent, reason })
  }

  signOut(agent: string): void {
    this.#known(agent)
    this.#acd.put({ type: 'agent.signed-out', agent })
  }

  deskConnected(agent: string): () => void {
    this.#desks.set(agent, (this.#desks.get(agent) ?? 0) + 1)
    let gone = false
    return () => {
      if (gone) return
      gone = true
      const left = (this.#desks.get(agent) ?? 1) - 1
      if (left > 0) this.#desks.set(agent, left)
      else this.#desks.delete(agent)
    }
  }

  acknowledge(offer: string, agent: string): void {
    this.#offerOf(offer, agent).ring()
  }

  reject(offer: string, agent: string): void {
    this.#offerOf(offer, agent).refuse('rejected')
  }

  accept(offer: string, agent: string): void {
    this.#offerOf(offer, agent).take()
  }

  hangUp(contact: string, agent: string): void {
    const runner = this.#contactOf(contact)
    if (!runner.hangUpAgent(agent)) {
      throw new SwitchroomError('WRONG_STATE', `${agent} is not talking in contact ${contact}`, {
        remedy: 'Only a talk that is going on can be ended.',
      })
    }
  }

  finishWrapUp(contact: string, agent: string, result: { disposition: string; notes?: string }): void {
    if (!this.wrapUps.has(`${contact}/${agent}`)) {
      throw new SwitchroomError('WRONG_STATE', `${agent} has no wrap-up to finish for contact ${contact}`, {
        remedy: 'It may have timed out; the interaction can still be read.',
      })
    }
    this.#contactOf(contact).wrapUpFinished(agent, result)
  }

  extendWrapUp(contact: string, agent: string, byMs: number): void {
    extendWrapUp(
      () => this.wrapUps.get(`${contact}/${agent}`)?.until,
      () => this.#acd.put({ type: 'wrap-up.extended', agent, contact, byMs }),
    )
  }

  supervise(act: SupervisorInput): void {
    supervise(this.#acd, act)
  }

  setCustomer(contact: string, customer: string): void {
    this.#contactOf(contact).setCustomer(customer)
  }

  why(offer: string): Explanation | undefined {
    return this.#pastOffers.why(offer)
  }

  whyWaiting(contact: string): WaitingExplanation | undefined {
    return this.#acd.engine.whyWaiting(contact, this.#acd.now())
  }

  offersOf(contact: string): readonly ExplainedOffer[] {
    return this.#pastOffers.of(contact)
  }

  subscribe(listener: (event: FloorEvent) => void, watchesQueues = () => true): () => void {
    this.#listeners.set(listener, watchesQueues)
    return () => this.#listeners.delete(listener)
  }

  hasDesk(agent: string): boolean {
    return this.#desks.has(agent)
  }

  queueName(queue: string): string {
    return this.#queueNames.get(queue) ?? queue
  }

  explained({ offer, why }: Extract<AcdEffect, { type: 'offer.made' }>): void {
    this.#pastOffers.made(offer, why)
  }

  /** Tells every listener, and then what it means for the queues. */
  publish(event: FloorEvent): void {
    if (event.type === 'talk.ended') this.pops.delete(event.agent)
    if (event.type === 'offer.ended') this.#pastOffers.ended(event.offer, event.outcome)
    if (event.type === 'contact.ended') this.#pastOffers.contactEnded(event.interaction.id)
    this.#tell(event)
    for (const queue of this.#queuesTouchedBy(event)) this.#tell({ type: 'queue.changed', queue })
  }

  #tell(event: FloorEvent): void {
    for (const listener of this.#listeners.keys()) {
      try {
        listener(event)
      } catch (error) {
        this.#logger.error({ err: error, event: event.type }, 'a listener of the floor failed')
      }
    }
  }

  /** The queues whose figures an event may have changed. */
  #queuesTouchedBy(event: FloorEvent): readonly LiveQueue[] {
    const ofContact =
      event.type === 'contact.changed' || event.type === 'contact.ended' ? this.#queuesOf(event) : []
    if (![...this.#listeners.values()].some((watchesQueues) => watchesQueues())) return []
    const ofAgent = event.type === 'agent.changed' ? this.queuesOf(event.agent.agent) : []
    const ids = new Set([...ofContact, ...ofAgent])
    return ids.size === 0 ? [] : this.queues(ids)
  }

  /** Where the contact was, and where it is now. */
  #queuesOf(event: Extract<FloorEvent, { type: 'contact.changed' | 'contact.ended' }>): readonly string[] {
    const [id, now] =
      event.type === 'contact.changed' ? [event.contact.id, event.contact.queue] : [event.interaction.id]
    const before = this.#queueOf.get(id)
    if (now === undefined) this.#queueOf.delete(id)
    else this.#queueOf.set(id, now)
    return [before, now].filter((queue) => queue !== undefined)
  }

  #known(agent: string): void {
    if (!this.#people.has(agent)) {
      throw new SwitchroomError('NOT_FOUND', `${agent} is not somebody who takes contacts`, {
        remedy: 'Give the person the role agent, and skills.',
      })
    }
  }

  #contactOf(contact: string): Contact {
    const runner = this.contactsById.get(contact)
    if (runner) return runner
    throw new SwitchroomError('NOT_FOUND', `there is no contact ${contact} going on`, {
      remedy: 'It may be over; its interaction can be read.',
    })
  }

  #offerOf(offer: string, agent: string): OfferRunner {
    const runner = this.offers.get(offer)
    if (runner?.offer.agent === agent) return runner
    throw new SwitchroomError('NOT_FOUND', `there is no offer ${offer} for ${agent} now`, {
      remedy: 'It may be over; GET /v1/agents/me says what is going on.',
    })
  }
}
