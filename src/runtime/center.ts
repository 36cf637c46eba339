import { randomBytes, randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { Engine } from '../acd/engine.ts'
import { ONE_CALL } from '../acd/rules.ts'
import type { CallEvent } from '../call/events.ts'
import type { Clock } from '../clock/clock.ts'
import type { Telephony } from '../telephony/telephony.ts'
import { AcdEffects } from './acd-effects.ts'
import { AcdRunner } from './acd-runner.ts'
import { Callbacks } from './callbacks.ts'
import { callerKey } from './caller-key.ts'
import { ContactRunner, SERVER_STOPS } from './contact-runner.ts'
import { Devices } from './devices.ts'
import { InteractionRecord } from './interaction-record.ts'
import { isAboutLines, type LineEvent, Lines } from './lines.ts'
import { type FloorOptions, LiveFloor, type Person } from './live-floor.ts'
import type { FindFlow, NumberedFlow, Parts } from './parts.ts'
import { QueueHours } from './queue-hours.ts'
import { StandingLegs, type StandingLegsOptions } from './standing-legs.ts'
import { Switchboard } from './switchboard.ts'

export interface CenterParts
  extends Pick<
      Parts,
      'clock' | 'logger' | 'prompts' | 'customers' | 'calendars' | 'records' | 'voicemails' | 'findRoute'
    >,
    FloorOptions {
  readonly telephony: Telephony
  readonly findFlow: FindFlow
  /** `desk.popLead`: longest wait for a desk before the phone rings, milliseconds. */
  readonly popLeadMs: number
  readonly legAdded?: Parts['legAdded']
  readonly standing: StandingOptions
  /** A routing engine that was brought back; a new one where none is given. */
  readonly acd?: AcdRunner
  /** With which callers are made unknown to the routing engine; one that is made up where none is given. */
  readonly callerSecret?: Buffer
}

interface StandingOptions extends StandingLegsOptions {
  /** The number that agents call to make a standing call; undefined: there is none. */
  readonly number: string | undefined
}

/** After the last hang-up of a drain, every leg is gone within moments; one that is not must not keep the server. */
const LAST_LEGS_MS = 10_000

/**
 * The running center: gives every call to a contact runner, every offer to an offer runner, every event to whom
 * it concerns, and what the engine decides to those who carry it out.
 */
export class Center {
  readonly floor: LiveFloor
  readonly acd: AcdRunner
  readonly lines: Lines
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #options: CenterParts
  readonly #parts: Parts
  readonly #board: Switchboard
  readonly #devices: Devices
  readonly #standing: StandingLegs
  readonly #callbacks: Callbacks
  readonly #hours: QueueHours
  readonly #runners = new Map<string, ContactRunner>()
  readonly #keeping = new Set<Promise<void>>()
  #draining = false
  #idle: (() => void) | undefined

  constructor(options: CenterParts) {
    this.#options = options
    this.#clock = options.clock
    this.#logger = options.logger
    this.lines = new Lines(options.logger)
    this.acd = options.acd ?? new AcdRunner(new Engine(), options.clock, options.logger)
    this.#board = new Switchboard((command) => options.telephony.execute(command), options.logger)
    this.#devices = new Devices(
      (agent, ok) => this.#deviceChanged(agent, ok),
      (agent) => this.#standing.stands(agent),
    )
    this.floor = new LiveFloor(this.acd, options, options.logger, {
      peopleKnown: (people) => this.#peopleKnown(people),
      works: (agent) => this.#standing.works(agent),
    })
    this.#standing = new StandingLegs(
      { ...options, board: this.#board, acd: this.acd, devices: this.#devices },
      options.standing,
    )
    const { clock, calendars, callerSecret = randomBytes(32) } = options
    this.#hours = new QueueHours(this.acd, clock, calendars, () => options.queues)
    this.#callbacks = new Callbacks(() => this.#parts, {
      began: ({ contact }) => this.floor.contactsById.set(contact.id, contact),
      over: ({ contact }) => this.#contactOver(contact.id),
    })
    const publish: Parts['publish'] = (event) => this.floor.publish(event)
    const { voicemails } = options
    this.#parts = {
      ...options,
      board: this.#board,
      acd: this.acd,
      publish,
      askCallback: (id, ...asked) => {
        const contact = this.floor.contactsById.get(id)
        if (contact) this.#callbacks.ask(contact, ...asked)
      },
      callerKey: (number) => callerKey(callerSecret, number),
      estimateMs: (queue) => this.#estimateMs(queue),
      legAdded: options.legAdded ?? (() => undefined),
      voicemails: { ...voicemails, keep: (voicemail) => this.#keeps(voicemails.keep(voicemail)) },
    }
    const effects = new AcdEffects(this.#parts, {
      floor: this.floor,
      devices: this.#devices,
      standing: this.#standing,
      callbacks: this.#callbacks,
      queues: () => options.queues,
      popLeadMs: options.popLeadMs,
    })
    this.acd.onEffect((effect) => effects.perform(effect))
  }

  /** Takes the rules of the queues and everybody who serves them, before the first call. */
  async open(): Promise<void> {
    this.rulesChanged()
    await this.floor.peopleChanged()
    for (const { agent, presence } of this.acd.engine.agents()) {
      this.#standing.present(agent, presence !== 'logged-out')
    }
  }

  /** Takes the rules as they are now. Whoever waits keeps place and waiting time; a queue that is gone still serves. */
  rulesChanged(): void {
    const { queues, teams = [], capacity = ONE_CALL, rulesHash: hash } = this.#options
    this.acd.put({
      type: 'rules.configured',
      rules: { queues: queues.map(({ rules }) => rules), teams, capacity },
      ...(hash !== undefined && { hash }),
    })
    this.#hours.look()
    this.floor.rulesChanged()
  }

  #estimateMs(queue: string): number | undefined {
    const { rules } = this.#options.queues.find(({ id }) => id === queue) ?? {}
    if (rules?.join?.maxEstimateMs === undefined) return undefined
    const view = this.acd.engine.queues(this.acd.now()).find((one) => one.queue === queue)
    return view && this.acd.waits.medianMs(view)
  }

  /** Legs, contacts, offers and wrap-ups that are alive; all 0 on an idle floor. */
  sizes(): Record<string, number> {
    return {
      legs: this.#board.size,
      contacts: this.floor.contactsById.size,
      offers: this.floor.offers.size,
      wrapUps: this.floor.wrapUps.size,
    }
  }

  receive(event: CallEvent): void {
    if (event.type === 'call.offered') this.#callOffered(event)
    else if (event.type === 'device.reachable') this.#deviceReachable(event.device)
    else if (event.type === 'device.unreachable') this.#devices.unreachable(event.device)
    else if (isAboutLines(event)) this.#lineChanged(event)
    else this.#board.receive(event)
  }

  /**
   * While nothing serves nobody's pick-up would be heard of: whoever is being rung is free again, without blame, and
   * nobody else is offered anything. Those who are not being rung go first, or each contact would be offered to one
   * after the other of them.
   */
  #lineChanged(event: LineEvent): void {
    this.lines.receive(event)
    if (!this.lines.serving) {
      const ringing = [...this.floor.offers.values()]
      this.#devices.suspend(true, new Set(ringing.map(({ offer }) => offer.agent)))
      for (const offer of ringing) offer.refuse('backend-failed')
    }
    this.#devices.suspend(!this.lines.serving)
  }

  /**
   * Takes no new calls, tells the callers who are not talking and ends them; what is left after `drainMs` is
   * ended too. Resolves when the last contact is over and its voicemail is listed.
   */
  async drain(drainMs: number): Promise<void> {
    this.#draining = true
    this.#logger.info({ contacts: this.floor.contactsById.size }, 'draining')
    const over = new Promise<void>((resolve) => {
      this.#idle = resolve
    })
    const expel = this.#clock.after(drainMs, () => {
      for (const contact of this.floor.contactsById.values()) contact.expel()
    })
    const giveUp = this.#clock.after(drainMs + LAST_LEGS_MS, () => {
      this.#logger.error({ contacts: [...this.floor.contactsById.keys()] }, 'contacts that do not end')
      this.#idle?.()
    })
    for (const runner of this.#runners.values()) runner.farewell()
    for (const callback of this.#callbacks.values()) callback.farewell()
    if (this.floor.contactsById.size > 0) await over
    expel()
    giveUp()
    this.#standing.stop()
    this.#hours.stop()
    this.acd.stop()
    await Promise.all(this.#keeping)
  }

  #peopleKnown(people: readonly Person[]): void {
    // Who is to have a standing call cannot be rung without one.
    this.#standing.assign(new Map(people.map(({ id, phone }) => [id, phone])))
    this.#devices.assign(people.flatMap(({ id, devices }) => devices.map((device) => [device, id] as const)))
    this.#standing.tend()
  }

  /** Phones say again and again that they are there; only what is news to the engine is worth a place in its journal. */
  #deviceChanged(agent: string, ok: boolean): void {
    if (ok && this.acd.engine.agent(agent)?.device === 'ok') return
    this.acd.put({ type: ok ? 'device.ok' : 'device.unregistered', agent })
  }

  #deviceReachable(device: string): void {
    this.#devices.reachable(device)
    this.#standing.reachable(device)
  }

  #callOffered(event: Extract<CallEvent, { type: 'call.offered' }>): void {
    const { number } = this.#options.standing
    if (number !== undefined && event.to.number === number) {
      if (this.#draining) this.#board.order({ type: 'reject', call: event.call, ...SERVER_STOPS })
      else this.#standing.dialledIn(event.call, event.device)
      return
    }
    const flow = this.#options.findFlow(event.to.number ?? '')
    if (!flow) this.#refuse(event, { cause: 'not-found' })
    else if (this.#draining) this.#refuse(event, SERVER_STOPS)
    else this.#begin(event, flow)
  }

  /** A contact that never was one: it is over as it begins, and has its record all the same. */
  #refuse(
    event: Extract<CallEvent, { type: 'call.offered' }>,
    why: { cause: 'not-found' } | typeof SERVER_STOPS,
  ): void {
    const { call, to } = event
    this.#board.order({ type: 'reject', call, ...why })
    const now = this.#clock.now()
    const record = new InteractionRecord(randomUUID(), event, now, undefined)
    this.#parts.legAdded({ contact: record.id, call, party: { kind: 'caller' } })
    record.settle('refused')
    record.finish(now)
    this.#logger.info({ contact: record.id, call, to: to.number, cause: why.cause }, 'call refused')
    this.#options.records.end(record.view(), [])
  }

  /** What is being written must be written before the database is closed. */
  async #keeps(work: Promise<void>): Promise<void> {
    const settled = work.catch(() => undefined)
    this.#keeping.add(settled)
    await settled
    this.#keeping.delete(settled)
    return work
  }

  #begin(event: Extract<CallEvent, { type: 'call.offered' }>, flow: NumberedFlow): void {
    const id = randomUUID()
    const runner = new ContactRunner(this.#parts, event, id, flow, () => {
      this.#runners.delete(id)
      this.#contactOver(id)
    })
    this.floor.contactsById.set(id, runner.contact)
    this.#runners.set(id, runner)
    const { call, to, trunk } = event
    const party = { kind: 'caller', ...(event.trunk !== undefined && { name: event.trunk }) } as const
    this.#parts.legAdded({ contact: id, call, party })
    this.#logger.info({ contact: id, call, to: to.number, trunk, flow: flow.flow.name }, 'call offered')
    runner.begin()
  }

  #contactOver(id: string): void {
    this.floor.contactsById.delete(id)
    if (this.floor.contactsById.size === 0) this.#idle?.()
  }
}
