/**
 * Where one contact stands, from its first signal to the end of its last wrap-up: in the flow, in a queue, ringing
 * at an agent, talking; and the record of all that. Longer than most files because every way from one place to
 * another is here and nowhere else.
 */
import type { RefusalCause } from '../acd/contract.ts'
import type { CallId } from '../call/call.ts'
import type { CallEvent } from '../call/events.ts'
import type { InteractionOutcome } from '../call/interaction.ts'
import type { CustomerFacts, FlowInput } from '../flow/inputs.ts'
import type { LiveContact } from './floor.ts'
import { InteractionRecord, type Stretch } from './interaction-record.ts'
import { lookUpCaller, type QueueRequest, queuedAs } from './joining.ts'
import type { NumberedFlow, OfferExplanation, Parts } from './parts.ts'
import { signalledFacts } from './signalled.ts'
import { refusalOf, Talk, type TalkListener } from './talk.ts'
import type { AnsweredLeg, TalkLeg } from './talk-leg.ts'

export type Offered = Extract<CallEvent, { type: 'call.offered' }>

export interface ContactListener {
  /** An input for the flow that serves this contact. */
  tell(input: FlowInput): void
  /** The caller is gone, the last wrap-up is done, the record is written. */
  over(): void
}

interface WrapUpStretch {
  readonly stretch: Stretch
  result: string
}

/** One contact. What is done to it is told to the floor, written in its record, and passed on to the flow. */
export class Contact {
  readonly id: string
  /** The caller's leg. */
  call: CallId
  readonly offered: Offered
  readonly parts: Parts
  readonly record: InteractionRecord
  readonly flow: NumberedFlow
  queue: string | undefined
  /** The queue of the last talk, for its wrap-up. */
  lastQueue: string | undefined
  priority = 5
  named: string | undefined

  readonly #listener: ContactListener
  readonly #explanations: OfferExplanation[] = []
  /** By agent. */
  readonly #wrapUps = new Map<string, WrapUpStretch>()
  /** Talks whose other leg is not gone yet. */
  #legs = 0
  #stage: LiveContact['state'] = 'ivr'
  #since: number
  #agent: string | undefined
  /** By offer: several agents may be rung at once. */
  readonly #rings = new Map<string, Stretch>()
  #talk: Talk | undefined
  #transfer: { cancel(): void } | undefined
  #callerGone = false
  callerLookedUp = false
  /** The agent never heard the caller: there is nothing to wrap up. */
  #wrapsNothing = false
  #expelled = false
  #over = false

  constructor(parts: Parts, offered: Offered, id: string, numbered: NumberedFlow, listener: ContactListener) {
    const { flow } = numbered
    this.id = id
    this.flow = numbered
    this.call = offered.call
    this.offered = offered
    this.parts = parts
    this.#listener = listener
    this.#since = parts.clock.now()
    this.record = new InteractionRecord(id, offered, this.#since, { name: flow.name, hash: flow.hash })
    for (const [field, value] of Object.entries(signalledFacts(offered))) {
      this.record.data[`call.${field}`] = value
    }
    this.record.enter('ivr', this.#since, '')
    parts.records.begin(this.record.soFar(this.#since))
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
  joinQueue(request: QueueRequest): void {
    this.queue = request.queue
    this.lastQueue = request.queue
    this.priority = request.priority
    this.named = request.named
    this.record.enter('queue', this.parts.clock.now(), 'queued', { queue: request.queue })
    this.enter('waiting')
    this.#keep()
    lookUpCaller(this)
    this.parts.acd.put(queuedAs(this, request))
  }

  /** A callback: has the place of the contact that asked for it. */
  takeOver(asked: Contact): void {
    const { queue, lastQueue, priority, named, record } = asked
    this.queue = queue
    this.lastQueue = lastQueue
    this.priority = priority
    this.named = named
    this.record.language = record.language
    this.record.customer = record.customer
    this.record.candidates = record.candidates
    Object.assign(this.record.data, record.data, { 'callback.of': asked.id })
    this.record.enter('queue', this.parts.clock.now(), 'callback', this.#inQueue())
    this.enter('waiting')
    this.#keep()
  }

  /** A callback whose customer was not reached this time, or whose agent has gone. */
  backInQueue(result: string): void {
    if (this.#callerGone) return
    this.record.enter('queue', this.parts.clock.now(), result, this.#inQueue())
    this.enter('waiting')
  }

  /** A callback that is over, and whose customer was never on the line. */
  neverReached(result: string): void {
    if (this.#callerGone) return
    this.#callerGone = true
    this.record.settle(result === 'called-again' ? 'completed' : 'not-reached')
    this.record.leave(this.parts.clock.now(), result)
    this.queue = undefined
    this.#finishWhenDone()
  }

  /** The engine has moved the contact to another queue, where it waits on. */
  movedTo(queue: string): void {
    this.queue = queue
    this.lastQueue = queue
    this.record.enter('queue', this.parts.clock.now(), 'moved', { queue })
    this.announce()
  }

  /** Everybody that the caller's number fits. */
  callerFound(candidates: readonly CustomerFacts[]): void {
    this.callerLookedUp = true
    this.candidatesFound(candidates)
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

  /** Somebody outside is being rung for this caller (or no longer): that ends when the caller goes. */
  dialling(transfer: { cancel(): void } | undefined): void {
    this.#transfer = transfer
    this.#finishWhenDone()
  }

  /** A ring segment begins: an agent is offered this contact. */
  offerMade(offer: OfferExplanation, agent: string): void {
    this.#explanations.push(offer)
    const detail = { agent, offer: offer.offer, ...this.#inQueue() }
    this.#rings.set(offer.offer, this.record.begin('ring', this.parts.clock.now(), detail))
    this.enter('offered', agent)
  }

  offerEnded(offer: string, result: string): void {
    this.#rings.get(offer)?.end(this.parts.clock.now(), result)
    this.#rings.delete(offer)
    if (this.#rings.size > 0) return
    if (this.#stage === 'offered' && result !== 'accepted' && !this.#callerGone) this.enter('waiting')
  }

  /**
   * The agent's leg is up and the engine has given them this contact: let them talk.
   * @param began is told when the two hear each other
   */
  connect(agent: string, { leg, answeredAt }: AnsweredLeg, began: (gapMs: number) => void): void {
    const detail = { agent, ...this.#inQueue() }
    const stretch = this.record.enter('talk', this.parts.clock.now(), 'connected', detail)
    this.#listener.tell({ type: 'queue.connected', agent })
    this.enter('talking', agent)
    this.#keep()
    this.talkWith(agent, leg, stretch, {
      began: () => {
        const gapMs = this.parts.clock.now() - answeredAt
        stretch.answeredAfter(gapMs)
        this.record.settle('handled')
        began(gapMs)
      },
      over: (by, hasBegun, cause) => {
        this.parts.publish({ type: 'talk.ended', contact: this.id, agent, by })
        if (hasBegun) {
          this.parts.acd.put({ type: 'contact.ended', contact: this.id })
          this.leftQueue('done')
        } else if (this.#callerGone) {
          this.record.settle('abandoned-in-ring')
          this.#wrapsNothing = true
          this.parts.acd.put({ type: 'contact.ended', contact: this.id })
        } else this.#returnToQueue(refusalOf(by, cause))
      },
    })
  }

  /** The agent answered, and the two never heard each other: as if the agent had not taken it. */
  #returnToQueue(cause: RefusalCause): void {
    this.record.enter('queue', this.parts.clock.now(), cause, this.#inQueue())
    this.enter('waiting')
    this.#listener.tell({ type: 'queue.returned' })
    this.parts.acd.put({ type: 'contact.returned', contact: this.id, cause })
  }

  /** Bridges the caller with another leg. @param stretch the segment that ends with the talk */
  talkWith(party: string, leg: TalkLeg, stretch: Stretch, listener: Omit<TalkListener, 'closed'>): void {
    this.#legs++
    const talk = new Talk(this.parts, this, party, leg, {
      began: () => listener.began(),
      over: (by, hasBegun, cause) => {
        if (this.#talk === talk) this.#talk = undefined
        stretch.end(this.parts.clock.now(), `${by}-hung-up`)
        listener.over(by, hasBegun, cause)
      },
      closed: (media) => {
        this.#legs--
        stretch.measured(media)
        this.#finishWhenDone()
      },
    })
    this.#talk = talk
  }

  /** Ends the talk with this agent, from their desk; false when there is none. */
  hangUpAgent(agent: string): boolean {
    if (!this.#talk || this.#agent !== agent) return false
    this.#talk.end('agent')
    return true
  }

  wrapUpStarted(agent: string): void {
    if (this.#wrapsNothing) return this.#skipWrapUp(agent)
    const stretch = this.record.begin('wrap-up', this.parts.clock.now(), { agent, ...this.#inQueue() })
    this.#wrapUps.set(agent, { stretch, result: 'timed-out' })
    if (this.#callerGone) this.enter('wrapping', agent)
    if (this.#expelled) this.#skipWrapUp(agent)
  }

  /** What the agent says of it; the engine ends the wrap-up. */
  wrapUpFinished(agent: string, { disposition, notes }: { disposition: string; notes?: string }): void {
    const wrapUp = this.#wrapUps.get(agent)
    if (wrapUp) wrapUp.result = disposition
    this.record.disposition = disposition
    if (notes !== undefined) this.record.notes = notes
    this.parts.acd.put({ type: 'wrap-up.finished', contact: this.id, agent })
  }

  wrapUpEnded(agent: string): void {
    const wrapUp = this.#wrapUps.get(agent)
    if (!wrapUp) return
    this.#wrapUps.delete(agent)
    wrapUp.stretch.end(this.parts.clock.now(), wrapUp.result)
    this.#finishWhenDone()
  }

  /** The engine no longer holds this contact although its caller is there. */
  leftQueue(reason: Extract<FlowInput, { type: 'queue.left' }>['reason']): void {
    this.queue = undefined
    if (this.#callerGone) return
    this.record.enter('ivr', this.parts.clock.now(), reason)
    this.enter('ivr')
    this.#listener.tell({ type: 'queue.left', reason })
  }

  /** Ends the call from our side with an outcome of its own, when none is settled yet. */
  hangUp(outcome: InteractionOutcome): void {
    this.record.settle(outcome)
    this.parts.board.order({ type: 'hangup', call: this.call })
  }

  /** The server is being stopped: nobody is to be rung for this caller any more. */
  withdraw(): void {
    this.record.settle('drained')
    this.#transfer?.cancel()
    if (this.#stage === 'waiting' || this.#stage === 'offered') {
      this.parts.acd.put({ type: 'contact.left', contact: this.id, reason: 'left' })
    }
    this.queue = undefined
    this.record.enter('ivr', this.parts.clock.now(), 'drained')
    this.enter('ivr')
  }

  /** Ends what is left of this contact, and its wrap-ups, those that begin now too. */
  expel(): void {
    this.#expelled = true
    if (!this.#callerGone) this.hangUp('drained')
    for (const agent of this.#wrapUps.keys()) this.#skipWrapUp(agent)
  }

  /** The caller's leg is over. What the flow makes of it comes before the outcome is settled. */
  ended(event: Extract<CallEvent, { type: 'call.ended' }>): void {
    this.#callerGone = true
    const now = this.parts.clock.now()
    // A caller whose audio stopped for good has left, though no word of it came.
    const hasLeft = event.by === 'remote' || event.cause === 'media-lost'
    const isQueued = this.#stage === 'waiting' || this.#stage === 'offered'
    this.record.media = event.media
    this.#talk?.end('caller')
    this.#transfer?.cancel()
    if (isQueued) {
      const abandoned = this.#stage === 'offered' ? 'abandoned-in-ring' : 'abandoned-in-queue'
      this.record.settle(hasLeft ? abandoned : 'failed')
      this.parts.acd.put({ type: 'contact.left', contact: this.id, reason: 'abandoned' })
    }
    this.#listener.tell({ type: 'ended' })
    this.record.settle(hasLeft ? 'abandoned-in-ivr' : 'failed')
    this.record.leave(now, hasLeft ? (isQueued ? 'abandoned' : 'caller-hung-up') : 'hung-up')
    this.queue = undefined
    const [wrapping] = this.#wrapUps.keys()
    if (wrapping !== undefined) {
      this.enter('wrapping', wrapping)
      this.#keep()
    }
    this.#finishWhenDone()
  }

  /** Writes down where the contact stands, in case that this process dies. */
  #keep(): void {
    this.parts.records.update(this.record.soFar(this.parts.clock.now()))
  }

  #skipWrapUp(agent: string): void {
    this.parts.acd.put({ type: 'wrap-up.finished', agent, contact: this.id })
  }

  #inQueue(): { queue?: string } {
    return this.queue === undefined ? {} : { queue: this.queue }
  }

  #finishWhenDone(): void {
    if (this.#over || !this.#callerGone || this.#transfer) return
    if (this.#legs > 0 || this.#wrapUps.size > 0) return
    this.#over = true
    this.record.finish(this.parts.clock.now())
    const interaction = this.record.view()
    this.parts.records.end(interaction, this.#explanations)
    this.#listener.over()
    this.parts.logger.info({ contact: this.id, outcome: interaction.outcome }, 'contact ended')
    this.parts.publish({ type: 'contact.ended', interaction })
  }
}
