import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { AcdEffect, AgentView, Explanation, QueueRules } from '../acd/contract.ts'
import { Engine } from '../acd/engine.ts'
import { meets } from '../acd/skills.ts'
import type { CallEvent } from '../call/events.ts'
import type { Clock } from '../clock/clock.ts'
import { SwitchroomError } from '../errors.ts'
import type { Telephony } from '../telephony/telephony.ts'
import { AcdRunner } from './acd-runner.ts'
import type { Contact } from './contact.ts'
import { ContactRunner } from './contact-runner.ts'
import { Devices } from './devices.ts'
import type { Floor, FloorEvent, LiveContact, LiveQueue, ScreenPop, WrapUp } from './floor.ts'
import { OfferRunner } from './offer-runner.ts'
import type { FindFlow, NumberedFlow, Parts } from './parts.ts'
import { screenPop } from './screen-pop.ts'
import { Switchboard } from './switchboard.ts'

/** How many explanations of past offers are kept in memory; all are with their interaction in the database. */
const RECENT_OFFERS = 1000

/** A person as the floor knows them. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly skills: Readonly<Record<string, number>>
  /** Names that their phones register by. */
  readonly devices: readonly string[]
}

export interface CenterParts
  extends Pick<Parts, 'clock' | 'logger' | 'prompts' | 'customers' | 'calendars' | 'records' | 'voicemails'> {
  readonly telephony: Telephony
  readonly findFlow: FindFlow
  /** Everybody who may take contacts. */
  readonly people: () => Promise<readonly Person[]>
  readonly queues: readonly { readonly id: string; readonly name: string; readonly rules: QueueRules }[]
  /** `desk.popLead`: longest wait for a desk before the phone rings, milliseconds. */
  readonly popLeadMs: number
}

/**
 * The running center: gives every call to a contact runner, every offer to an offer runner, every event to whom
 * it concerns, and tells the floor's listeners.
 */
export class Center implements Floor {
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #options: CenterParts
  readonly #parts: Parts
  readonly #acd: AcdRunner
  readonly #board: Switchboard
  readonly #devices: Devices
  readonly #contacts = new Map<string, Contact>()
  readonly #runners = new Map<string, ContactRunner>()
  readonly #offers = new Map<string, OfferRunner>()
  readonly #pops = new Map<string, ScreenPop>()
  readonly #wrapUps = new Map<string, WrapUp>()
  readonly #why = new Map<string, Explanation>()
  readonly #desks = new Map<string, number>()
  readonly #listeners = new Set<(event: FloorEvent) => void>()
  readonly #queueNames: ReadonlyMap<string, string>
  #people = new Map<string, Person>()
  #draining = false
  #idle: (() => void) | undefined

  constructor(options: CenterParts) {
    this.#options = options
    this.#clock = options.clock
    this.#logger = options.logger
    this.#queueNames = new Map(options.queues.map(({ id, name }) => [id, name]))
    this.#acd = new AcdRunner(new Engine(), options.clock)
    this.#acd.onEffect((effect) => this.#perform(effect))
    this.#board = new Switchboard((command) => options.telephony.execute(command), options.logger)
    this.#devices = new Devices((agent, ok) =>
      this.#acd.put({ type: ok ? 'device.ok' : 'device.unregistered', agent }),
    )
    this.#parts = { ...options, board: this.#board, acd: this.#acd, publish: (event) => this.#publish(event) }
  }

  get acd(): AcdRunner {
    return this.#acd
  }

  /** Legs, contacts, offers and wrap-ups that are alive; all 0 on an idle floor. */
  sizes(): Record<string, number> {
    return {
      legs: this.#board.size,
      contacts: this.#contacts.size,
      offers: this.#offers.size,
      wrapUps: this.#wrapUps.size,
    }
  }

  receive(event: CallEvent): void {
    if (event.type === 'call.offered') this.#callOffered(event)
    else if (event.type === 'device.reachable') this.#devices.reachable(event.device)
    else if (event.type === 'device.unreachable') this.#devices.unreachable(event.device)
    else this.#board.receive(event)
  }

  async peopleChanged(): Promise<void> {
    const people = new Map((await this.#options.people()).map((person) => [person.id, person]))
    for (const agent of this.#people.keys()) {
      if (!people.has(agent)) this.#acd.put({ type: 'agent.forgotten', agent })
    }
    this.#people = people
    for (const { id, skills } of people.values()) this.#acd.put({ type: 'agent.known', agent: id, skills })
    this.#devices.assign(
      [...people.values()].flatMap(({ id, devices }) => devices.map((device) => [device, id])),
    )
  }

  /**
   * Takes no new calls, tells the callers who are not talking and ends them; resolves when the last contact is
   * over or `drainMs` have passed. What is left then is ended too.
   */
  async drain(drainMs: number): Promise<void> {
    this.#draining = true
    this.#logger.info({ contacts: this.#contacts.size }, 'draining')
    const over = new Promise<void>((resolve) => {
      this.#idle = resolve
    })
    const cancel = this.#clock.after(drainMs, () => {
      for (const contact of this.#contacts.values()) contact.expel()
    })
    for (const runner of this.#runners.values()) runner.farewell()
    if (this.#contacts.size > 0) await over
    cancel()
    this.#acd.stop()
  }

  agents(): readonly AgentView[] {
    return this.#acd.engine.agents()
  }

  agent(agent: string): AgentView | undefined {
    return this.#acd.engine.agent(agent)
  }

  queues(): readonly LiveQueue[] {
    return this.#acd.engine
      .queues(this.#acd.now())
      .map((queue) => ({ ...queue, name: this.#queueNames.get(queue.queue) ?? queue.queue }))
  }

  contacts(): readonly LiveContact[] {
    return [...this.#contacts.values()].map((contact) => contact.live())
  }

  contact(contact: string): LiveContact | undefined {
    return this.#contacts.get(contact)?.live()
  }

  offerFor(agent: string): ScreenPop | undefined {
    return this.#pops.get(agent)
  }

  wrapUpsOf(agent: string): readonly WrapUp[] {
    return [...this.#wrapUps.values()].filter((wrapUp) => wrapUp.agent === agent)
  }

  signIn(agent: string): void {
    this.#known(agent)
    this.#acd.put({ type: 'agent.signed-in', agent })
  }

  setAvailable(agent: string): void {
    this.#known(agent)
    this.#acd.put({ type: 'agent.available', agent })
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

  hangUp(contact: string, agent: string): void {
    const runner = this.#contactOf(contact)
    if (this.#acd.engine.agent(agent)?.contact !== contact || !runner.hangUpAgent()) {
      throw new SwitchroomError('WRONG_STATE', `${agent} is not talking in contact ${contact}`, {
        remedy: 'Only a talk that is going on can be ended.',
      })
    }
  }

  finishWrapUp(contact: string, agent: string, result: { disposition: string; notes?: string }): void {
    if (!this.#wrapUps.has(`${contact}/${agent}`)) {
      throw new SwitchroomError('WRONG_STATE', `${agent} has no wrap-up to finish for contact ${contact}`, {
        remedy: 'It may have timed out; the interaction can still be read.',
      })
    }
    const { record } = this.#contactOf(contact)
    record.disposition = result.disposition
    if (result.notes !== undefined) record.notes = result.notes
    this.#acd.put({ type: 'wrap-up.finished', contact, agent })
  }

  setCustomer(contact: string, customer: string): void {
    this.#contactOf(contact).setCustomer(customer)
  }

  why(offer: string): Explanation | undefined {
    return this.#why.get(offer)
  }

  subscribe(listener: (event: FloorEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #callOffered(event: Extract<CallEvent, { type: 'call.offered' }>): void {
    const { call } = event
    if (this.#draining) {
      this.#board.order({ type: 'reject', call, cause: 'overloaded', retryAfterSeconds: 60 })
      return
    }
    const flow = this.#options.findFlow(event.to.number ?? '')
    if (!flow) {
      this.#logger.info({ call, to: event.to.number }, 'refused: the number is not in the plan')
      this.#board.order({ type: 'reject', call, cause: 'not-found' })
      return
    }
    this.#begin(event, flow)
  }

  #begin(event: Extract<CallEvent, { type: 'call.offered' }>, flow: NumberedFlow): void {
    const id = randomUUID()
    const runner = new ContactRunner(this.#parts, event, id, flow, () => {
      this.#contacts.delete(id)
      this.#runners.delete(id)
      if (this.#contacts.size === 0) this.#idle?.()
    })
    this.#contacts.set(id, runner.contact)
    this.#runners.set(id, runner)
    const { call, to } = event
    this.#logger.info({ contact: id, call, to: to.number, flow: flow.flow.name }, 'call offered')
    runner.begin()
  }

  #perform(effect: AcdEffect): void {
    switch (effect.type) {
      case 'offer.made':
        return this.#offerMade(effect)
      case 'offer.ended':
        return this.#offerEnded(effect)
      case 'contact.connected':
        return this.#connected(effect)
      case 'contact.unserved':
        this.#logger.warn(
          { contact: effect.contact, queue: effect.queue, reason: effect.reason },
          'nobody can serve the contact',
        )
        return this.#contacts.get(effect.contact)?.leftQueue('unserved')
      case 'agent.changed':
        return this.#publish({ type: 'agent.changed', agent: effect.agent })
      case 'wrap-up.started': {
        const contact = this.#contacts.get(effect.contact)
        const { agent, until } = effect
        const customer = contact?.record.customer
        const queue = contact?.lastQueue ?? ''
        const wrapUp = {
          contact: effect.contact,
          agent,
          queue,
          until,
          ...(customer !== undefined && { customer }),
        }
        this.#wrapUps.set(`${effect.contact}/${agent}`, wrapUp)
        contact?.wrapUpStarted(agent)
        return this.#publish({ type: 'wrap-up.started', wrapUp })
      }
      case 'wrap-up.ended':
        this.#wrapUps.delete(`${effect.contact}/${effect.agent}`)
        this.#publish({ type: 'wrap-up.ended', contact: effect.contact, agent: effect.agent })
        return this.#contacts.get(effect.contact)?.wrapUpEnded(effect.agent)
      default:
    }
  }

  #offerMade(offer: Extract<AcdEffect, { type: 'offer.made' }>): void {
    const contact = this.#contacts.get(offer.contact)
    if (!contact) return
    this.#why.set(offer.offer, offer.why)
    if (this.#why.size > RECENT_OFFERS) this.#why.delete([...this.#why.keys()][0] ?? '')
    contact.offerMade({ offer: offer.offer, why: offer.why }, offer.agent)
    const pop = screenPop(contact, offer, this.#queueNames.get(offer.queue) ?? offer.queue)
    this.#pops.set(offer.agent, pop)
    const runner = new OfferRunner(this.#parts, offer, {
      device: this.#devices.of(offer.agent),
      from: contact.offered.from,
      popLeadMs: this.#desks.has(offer.agent) ? this.#options.popLeadMs : 0,
    })
    this.#offers.set(offer.offer, runner)
    this.#publish({ type: 'offer.made', pop })
    runner.begin()
  }

  #offerEnded({ offer, contact, agent, outcome }: Extract<AcdEffect, { type: 'offer.ended' }>): void {
    this.#logger.info({ contact, offer, agent, outcome }, 'offer ended')
    this.#offers.get(offer)?.end(outcome === 'accepted')
    if (outcome !== 'accepted') {
      this.#offers.delete(offer)
      this.#pops.delete(agent)
    }
    this.#contacts.get(contact)?.offerEnded(outcome)
    this.#publish({ type: 'offer.ended', offer, contact, agent, outcome })
  }

  #connected({ contact, agent, offer }: Extract<AcdEffect, { type: 'contact.connected' }>): void {
    const runner = this.#offers.get(offer)
    this.#offers.delete(offer)
    const pop = this.#pops.get(agent)
    if (pop) this.#pops.set(agent, { ...pop, state: 'connected' })
    if (runner) this.#contacts.get(contact)?.connect(agent, runner.call)
    this.#publish({ type: 'contact.connected', contact, agent, offer })
  }

  #publish(event: FloorEvent): void {
    if (event.type === 'talk.ended') this.#pops.delete(event.agent)
    this.#tell(event)
    for (const queue of this.#queuesTouchedBy(event)) this.#tell({ type: 'queue.changed', queue })
  }

  #tell(event: FloorEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  /** The queues whose figures an event may have changed. */
  #queuesTouchedBy(event: FloorEvent): readonly LiveQueue[] {
    const ids = new Set<string>()
    if (event.type === 'contact.changed' && event.contact.queue !== undefined) ids.add(event.contact.queue)
    if (event.type === 'agent.changed') {
      for (const { id, rules } of this.#options.queues) {
        if (meets(event.agent.skills, rules.members)) ids.add(id)
      }
    }
    return ids.size === 0 ? [] : this.queues().filter(({ queue }) => ids.has(queue))
  }

  #known(agent: string): void {
    if (!this.#people.has(agent)) {
      throw new SwitchroomError('NOT_FOUND', `${agent} is not somebody who takes contacts`, {
        remedy: 'Give the person the role agent, and skills.',
      })
    }
  }

  #contactOf(contact: string): Contact {
    const runner = this.#contacts.get(contact)
    if (runner) return runner
    throw new SwitchroomError('NOT_FOUND', `there is no contact ${contact} going on`, {
      remedy: 'It may be over; its interaction can be read.',
    })
  }

  #offerOf(offer: string, agent: string): OfferRunner {
    const runner = this.#offers.get(offer)
    if (runner?.offer.agent === agent) return runner
    throw new SwitchroomError('NOT_FOUND', `there is no offer ${offer} for ${agent} now`, {
      remedy: 'It may be over; GET /v1/agents/me says what is going on.',
    })
  }
}
