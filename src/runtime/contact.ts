import type { Skills } from '../acd/contract.ts'
import type { CallId } from '../call/call.ts'
import type { CallEvent } from '../call/events.ts'
import type { InteractionOutcome } from '../call/interaction.ts'
import type { CustomerFacts, FlowInput } from '../flow/inputs.ts'
import type { LiveContact } from './floor.ts'
import { InteractionRecord } from './interaction-record.ts'
import type { NumberedFlow, OfferExplanation, Parts } from './parts.ts'
import { type EndedBy, Talk } from './talk.ts'

export type Offered = Extract<CallEvent, { type: 'call.offered' }>

export interface ContactListener {
  /** An input for the flow that serves this contact. */
  tell(input: FlowInput): void
  /** The caller is gone, the last wrap-up is done, the record is written. */
  over(): void
}

/**
 * Where one contact stands, from its first signal to the end of its last wrap-up: in the flow, in a queue, ringing
 * at an agent, talking; and the record of all that. Longer than most files because every way from one place to
 * another is here and nowhere else.
 */
export class Contact {
  readonly id: string
  readonly call: CallId
  readonly offered: Offered
  readonly parts: Parts
  readonly record: InteractionRecord
  queue: string | undefined
  /** The queue of the last talk, for its wrap-up. */
  lastQueue: string | undefined
  priority = 5
  named: string | undefined

  readonly #listener: ContactListener
  readonly #explanations: OfferExplanation[] = []
  readonly #wrapUps = new Set<string>()
  /** Legs of other parties that are not gone yet. */
  #legs = 0
  #stage: LiveContact['state'] = 'ivr'
  #since: number
  #agent: string | undefined
  #talk: Talk | undefined
  #dialling: CallId | undefined
  #callerGone = false
  #expelled = false
  #over = false

  constructor(parts: Parts, offered: Offered, id: string, { flow }: NumberedFlow, listener: ContactListener) {
    this.id = id
    this.call = offered.call
    this.offered = offered
    this.parts = parts
    this.#listener = listener
    this.#since = parts.clock.now()
    this.record = new InteractionRecord(id, offered, this.#since, { name: flow.name, hash: flow.hash })
    this.record.open('ivr', this.#since)
    parts.records.begin(this.record.view())
  }

  get callerGone(): boolean {
    return this.#callerGone
  }

  /** What the caller hears and presses belongs to somebody else than the flow. */
  get talk(): Talk | undefined {
    return this.#talk
  }

  /** The contact stands in another place now. */
  enter(stage: LiveContact['state'], agent?: string): void {
    this.#stage = stage
    this.#agent = agent
    this.#since = this.parts.clock.now()
    this.announce()
  }

  announce(): void {
    if (!this.#over) this.parts.publish({ type: 'contact.changed', contact: this.live() })
  }

  live(): LiveContact {
    const { record } = this
    const { from, to } = this.offered
    const node = record.path.at(-1)?.node
    const position = this.parts.acd.engine.contact(this.id)?.position
    return {
      id: this.id,
      channel: 'voice',
      state: this.#stage,
      startedAt: record.startedAt,
      since: this.#since,
      from: {
        ...(from.number !== undefined && { number: from.number }),
        ...(from.name !== undefined && { name: from.name }),
      },
      to: to.number === undefined ? {} : { number: to.number },
      ...(record.language !== undefined && { language: record.language }),
      ...(record.customer !== undefined && { customer: record.customer }),
      ...(this.queue !== undefined && { queue: this.queue }),
      ...(this.#agent !== undefined && { agent: this.#agent }),
      ...(position !== undefined && { position }),
      ...(node !== undefined && { node }),
    }
  }

  /** The contact waits in a queue from now on. */
  joinQueue(request: { queue: string; skills: Skills; priority: number; named?: string }): void {
    const now = this.parts.clock.now()
    this.queue = request.queue
    this.lastQueue = request.queue
    this.priority = request.priority
    this.named = request.named
    this.record.close('ivr', now, 'queued')
    this.record.open('queue', now, { queue: request.queue })
    this.enter('waiting')
    this.#lookUpCaller()
    this.parts.acd.put({ type: 'contact.queued', contact: this.id, ...request })
  }

  /** Everybody that the caller's number or what they keyed in fits; one alone is the customer. */
  candidatesFound(candidates: readonly CustomerFacts[]): void {
    this.record.candidates = candidates.map(({ id }) => id)
    const [only, ...others] = this.record.candidates
    if (only !== undefined && others.length === 0) this.setCustomer(only)
  }

  setCustomer(customer: string): void {
    this.record.customer = customer
    this.announce()
  }

  /** The leg of somebody outside who is being rung for this caller; it goes when the caller goes. */
  dialling(call: CallId | undefined): void {
    this.#dialling = call
  }

  /** The screen pop needs to know who calls; a flow without a customer node does not ask. */
  #lookUpCaller(): void {
    const { number } = this.offered.from
    if (number === undefined || this.record.customer !== undefined || this.record.candidates.length > 0)
      return
    this.parts.customers('caller', number).then(
      (candidates) => this.candidatesFound(candidates),
      (error: unknown) =>
        this.parts.logger.error({ contact: this.id, err: error }, 'customers cannot be searched'),
    )
  }

  /** A ring segment begins: an agent is offered this contact. */
  offerMade(offer: OfferExplanation, agent: string): void {
    this.#explanations.push(offer)
    this.record.open('ring', this.parts.clock.now(), { agent, offer: offer.offer, ...this.#inQueue() })
    this.enter('offered', agent)
  }

  offerEnded(result: string): void {
    this.record.close('ring', this.parts.clock.now(), result)
    if (this.#stage === 'offered' && result !== 'accepted' && !this.#callerGone) this.enter('waiting')
  }

  /** The agent's leg is up and the engine has given them this contact: let them talk. */
  connect(agent: string, agentCall: CallId): void {
    const now = this.parts.clock.now()
    this.record.close('queue', now, 'connected')
    this.record.settle('handled')
    this.record.open('talk', now, { agent, ...this.#inQueue() })
    this.#listener.tell({ type: 'queue.connected', agent })
    this.enter('talking', agent)
    this.parts.records.update(this.record.view())
    this.talkWith(agent, agentCall, (by) => {
      this.parts.publish({ type: 'talk.ended', contact: this.id, agent, by })
      this.parts.acd.put({ type: 'contact.ended', contact: this.id })
      this.leftQueue('done')
    })
  }

  /** Bridges the caller with another leg; the segment that is open (`talk` or `transfer`) ends with it. */
  talkWith(party: string, call: CallId, over: (by: EndedBy) => void): void {
    const kind = this.record.isOpen('transfer') ? 'transfer' : 'talk'
    let end = { at: 0, by: 'system' as EndedBy }
    this.#legs++
    const talk = new Talk(this.parts, this, party, call, {
      over: (by) => {
        end = { at: this.parts.clock.now(), by }
        if (this.#talk === talk) this.#talk = undefined
        over(by)
      },
      closed: (media) => {
        this.#legs--
        this.record.close(kind, end.at, `${end.by}-hung-up`, media)
        this.#finishWhenDone()
      },
    })
    this.#talk = talk
  }

  /** Ends the talk from the agent's desk. */
  hangUpAgent(): boolean {
    const talk = this.#talk
    talk?.end('agent')
    return talk !== undefined
  }

  wrapUpStarted(agent: string): void {
    this.#wrapUps.add(agent)
    this.record.open('wrap-up', this.parts.clock.now(), { agent, ...this.#inQueue() })
    if (this.#callerGone) this.enter('wrapping', agent)
    if (this.#expelled) this.#skipWrapUp(agent)
  }

  wrapUpEnded(agent: string): void {
    if (!this.#wrapUps.delete(agent)) return
    this.record.close('wrap-up', this.parts.clock.now(), this.record.disposition ?? 'timed-out')
    this.#finishWhenDone()
  }

  /** The engine no longer holds this contact although its caller is there. */
  leftQueue(reason: 'done' | 'unserved' | 'left'): void {
    this.record.close('queue', this.parts.clock.now(), reason)
    this.queue = undefined
    if (!this.#callerGone) {
      this.record.open('ivr', this.parts.clock.now())
      this.enter('ivr')
      this.#listener.tell({ type: 'queue.left', reason })
    }
  }

  /** Ends the call from our side with an outcome of its own, when none is settled yet. */
  hangUp(outcome: InteractionOutcome): void {
    this.record.settle(outcome)
    this.parts.board.order({ type: 'hangup', call: this.call })
  }

  /** The server is being stopped: nobody is to be rung for this caller any more. */
  withdraw(): void {
    this.record.settle('drained')
    if (this.#stage === 'waiting' || this.#stage === 'offered') {
      this.parts.acd.put({ type: 'contact.left', contact: this.id, reason: 'left' })
    }
  }

  /** Ends what is left of this contact, and its wrap-ups, those that begin now too. */
  expel(): void {
    this.#expelled = true
    if (!this.#callerGone) this.hangUp('drained')
    for (const agent of this.#wrapUps) this.#skipWrapUp(agent)
  }

  /** The caller's leg is over. What the flow makes of it comes before the outcome is settled. */
  ended(event: Extract<CallEvent, { type: 'call.ended' }>): void {
    this.#callerGone = true
    const now = this.parts.clock.now()
    this.record.media = event.media
    this.#talk?.end('caller')
    if (this.#dialling !== undefined) this.parts.board.order({ type: 'hangup', call: this.#dialling })
    if (this.#stage === 'waiting' || this.#stage === 'offered') {
      this.record.settle(this.#stage === 'offered' ? 'abandoned-in-ring' : 'abandoned-in-queue')
      this.record.close('queue', now, 'abandoned')
      this.parts.acd.put({ type: 'contact.left', contact: this.id, reason: 'abandoned' })
    }
    this.#listener.tell({ type: 'ended' })
    const byFlow = event.cause === 'normal' ? 'completed' : 'failed'
    this.record.settle(event.by === 'remote' ? 'abandoned-in-ivr' : byFlow)
    this.record.close('ivr', now, event.by === 'remote' ? 'caller-hung-up' : 'hung-up')
    const [wrapping] = this.#wrapUps
    if (wrapping !== undefined) {
      this.enter('wrapping', wrapping)
      this.parts.records.update(this.record.view())
    }
    this.#finishWhenDone()
  }

  #skipWrapUp(agent: string): void {
    this.parts.acd.put({ type: 'wrap-up.finished', agent, contact: this.id })
  }

  #inQueue(): { queue?: string } {
    return this.queue === undefined ? {} : { queue: this.queue }
  }

  #finishWhenDone(): void {
    if (this.#over || !this.#callerGone || this.#legs > 0 || this.#wrapUps.size > 0) return
    this.#over = true
    this.record.finish(this.parts.clock.now())
    const interaction = this.record.view()
    this.parts.records.end(interaction, this.#explanations)
    this.#listener.over()
    this.parts.logger.info({ contact: this.id, outcome: interaction.outcome }, 'contact ended')
    this.parts.publish({ type: 'contact.ended', interaction })
  }
}
