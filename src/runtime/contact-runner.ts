import type { Skills } from '../acd/contract.ts'
import type { CallId, CommandId } from '../call/call.ts'
import type { CallEvent } from '../call/events.ts'
import type { InteractionOutcome } from '../call/interaction.ts'
import type { CustomerFacts, FlowInput } from '../flow/inputs.ts'
import { begin, step } from '../flow/interpreter.ts'
import type { FlowState } from '../flow/state.ts'
import type { LiveContact } from './floor.ts'
import { performEffect } from './flow-effects.ts'
import { InteractionRecord } from './interaction-record.ts'
import { Mailbox } from './mailbox.ts'
import type { NumberedFlow, OfferExplanation, Parts } from './parts.ts'
import type { LegEvent } from './switchboard.ts'
import { type EndedBy, Talk } from './talk.ts'
import { Timers } from './timers.ts'

type Offered = Extract<CallEvent, { type: 'call.offered' }>

/** Which of the flow's own ids a command serves, so that its ending becomes the flow's input. */
export type Purpose =
  | { readonly for: 'answer' }
  | { readonly for: 'play'; readonly play: string }
  | { readonly for: 'music' }
  | { readonly for: 'record'; readonly recording: string; readonly file: string }
  | { readonly for: 'farewell' }

/**
 * One inbound call from its first signal to the end of its last wrap-up: drives the flow, joins and leaves the
 * queue, hands the caller to the agent, and writes the interaction. Decides nothing: the flow and the engine do.
 */
export class ContactRunner {
  readonly id: string
  readonly call: CallId
  readonly offered: Offered
  readonly parts: Parts
  readonly record: InteractionRecord
  readonly timers: Timers
  readonly purposes = new Map<CommandId, Purpose>()
  /** Recordings of this contact by the flow's id: where they are and how long. */
  readonly recordings = new Map<string, { file: string; durationMs: number; kept: boolean }>()
  /** The play that waits for its audio to be found; a stop in between forgets it. */
  pendingPlay: string | undefined
  queue: string | undefined
  /** The queue of the last talk, for its wrap-up. */
  lastQueue: string | undefined
  priority = 5
  named: string | undefined
  hungUp = false

  readonly #flow: NumberedFlow
  readonly #mailbox: Mailbox<FlowInput>
  readonly #onOver: () => void
  readonly #explanations: OfferExplanation[] = []
  readonly #wrapUps = new Set<string>()
  /** Legs of other parties that are not gone yet. */
  #legs = 0
  #state: FlowState | undefined
  #stage: LiveContact['state'] = 'ivr'
  #since: number
  #agent: string | undefined
  #talk: Talk | undefined
  #dialling: CallId | undefined
  #callerGone = false
  #over = false

  constructor(parts: Parts, offered: Offered, id: string, flow: NumberedFlow, onOver: () => void) {
    this.id = id
    this.call = offered.call
    this.offered = offered
    this.parts = parts
    this.#flow = flow
    this.#onOver = onOver
    this.#since = parts.clock.now()
    this.record = new InteractionRecord(id, offered, this.#since, {
      name: flow.flow.name,
      hash: flow.flow.hash,
    })
    this.timers = new Timers(parts.clock, (timer) => this.tell({ type: 'timer', timer }))
    this.#mailbox = new Mailbox((input) => this.#step(input))
  }

  get stage(): LiveContact['state'] {
    return this.#stage
  }

  get callerGone(): boolean {
    return this.#callerGone
  }

  begin(): void {
    const { from, to } = this.offered
    this.record.open('ivr', this.record.startedAt)
    this.parts.records.begin(this.record.view())
    this.parts.board.own(this.call, (event) => this.#hear(event))
    this.#apply(
      begin(this.#flow.flow, {
        ...(from.number !== undefined && { from: from.number }),
        ...(from.name !== undefined && { fromName: from.name }),
        to: to.number ?? '',
        anonymous: from.number === undefined,
        ...(this.#flow.language !== undefined && { language: this.#flow.language }),
        ...(this.#flow.variables && { variables: this.#flow.variables }),
      }),
    )
    this.announce()
  }

  /** Gives the flow an input; nothing happens once the flow is over. */
  tell(input: FlowInput): void {
    this.#mailbox.put(input)
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

  keepVoicemail(recording: string, mailbox: string): void {
    const found = this.recordings.get(recording)
    if (!found || found.kept) return
    found.kept = true
    const { from } = this.offered
    const voicemail = `${this.id}-${recording}`
    this.parts.voicemails
      .keep({
        id: voicemail,
        mailbox,
        interaction: this.id,
        file: found.file,
        durationMs: found.durationMs,
        leftAt: this.parts.clock.now(),
        ...(from.number !== undefined && { from: from.number }),
        ...(this.record.customer !== undefined && { customer: this.record.customer }),
      })
      .then(
        () => this.parts.publish({ type: 'voicemail.left', voicemail, mailbox, contact: this.id }),
        (error: unknown) => {
          this.parts.logger.error(
            { contact: this.id, file: found.file, err: error },
            'voicemail not listed; its file is kept',
          )
        },
      )
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
    this.tell({ type: 'queue.connected', agent })
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
      this.tell({ type: 'queue.left', reason })
    }
  }

  /** Ends the call from our side with an outcome of its own, when none is settled yet. */
  hangUp(outcome: InteractionOutcome): void {
    this.record.settle(outcome)
    this.hungUp = true
    this.parts.board.order({ type: 'hangup', call: this.call })
  }

  /** The server is being stopped: a caller who is not talking is told so and let go. */
  farewell(): void {
    if (this.#callerGone || this.#talk) return
    this.record.settle('drained')
    if (this.#stage === 'waiting' || this.#stage === 'offered') {
      this.parts.acd.put({ type: 'contact.left', contact: this.id, reason: 'left' })
    }
    this.#state = undefined
    this.timers.stopAll()
    const { board, logger, prompts } = this.parts
    prompts.resolve([{ audio: 'shutdown' }], this.record.language ?? 'en').then(
      (items) => {
        const command = board.order({ type: 'play', call: this.call, items, interruptible: false })
        this.purposes.set(command, { for: 'farewell' })
      },
      (error: unknown) => {
        logger.warn({ contact: this.id, err: error }, 'the caller cannot be told that the server stops')
        this.hangUp('drained')
      },
    )
  }

  /** Ends what is left of this contact. */
  expel(): void {
    if (!this.#callerGone) this.hangUp('drained')
    for (const agent of this.#wrapUps)
      this.parts.acd.put({ type: 'wrap-up.finished', agent, contact: this.id })
  }

  #inQueue(): { queue?: string } {
    return this.queue === undefined ? {} : { queue: this.queue }
  }

  #step(input: FlowInput): void {
    if (!this.#state) return
    this.#apply(step(this.#flow.flow, this.#state, input))
  }

  #apply([state, effects]: ReturnType<typeof begin>): void {
    this.#state = state
    for (const effect of effects) performEffect(this, effect)
  }

  #hear(event: LegEvent): void {
    const purpose =
      'command' in event && event.command !== undefined ? this.purposes.get(event.command) : undefined
    if (purpose && 'command' in event && event.command !== undefined) this.purposes.delete(event.command)
    switch (event.type) {
      case 'call.answered':
        return this.tell({ type: 'answered' })
      case 'call.digit':
        return this.#talk ? undefined : this.tell({ type: 'digit', digit: event.digit })
      case 'call.played':
        if (purpose?.for === 'play') this.tell({ type: 'played', play: purpose.play, reason: event.reason })
        if (purpose?.for === 'farewell') this.hangUp('drained')
        return
      case 'call.recorded':
        if (purpose?.for === 'record') this.#recorded(purpose, event)
        return
      case 'command.failed':
        return this.#failed(purpose, event)
      case 'call.ended':
        return this.#ended(event)
      case 'call.media-lost':
        return this.parts.logger.warn(
          { contact: this.id, call: this.call, silentMs: event.silentMs },
          'no audio from the caller',
        )
      default:
    }
  }

  #recorded(
    purpose: Extract<Purpose, { for: 'record' }>,
    event: Extract<LegEvent, { type: 'call.recorded' }>,
  ): void {
    this.record.close('voicemail', this.parts.clock.now(), event.reason)
    const { recording, file } = purpose
    this.record.open('ivr', this.parts.clock.now())
    this.recordings.set(recording, { file, durationMs: event.durationMs, kept: false })
    this.tell({ type: 'recorded', recording, durationMs: event.durationMs, reason: event.reason })
  }

  #failed(purpose: Purpose | undefined, event: Extract<LegEvent, { type: 'command.failed' }>): void {
    const { detail, reason } = event
    if (reason !== 'no-such-call') {
      this.parts.logger.warn(
        { contact: this.id, call: event.call, for: purpose?.for, reason, detail },
        'command failed',
      )
    }
    if (purpose?.for === 'play') this.tell({ type: 'play.failed', play: purpose.play, detail })
    else if (purpose?.for === 'record')
      this.tell({ type: 'record.failed', recording: purpose.recording, detail })
    else if (purpose?.for === 'answer') this.hangUp('failed')
    else if (purpose?.for === 'farewell') this.hangUp('drained')
    else if (this.#talk?.concerns(event.command)) this.#talk.end('system')
  }

  #ended(event: Extract<LegEvent, { type: 'call.ended' }>): void {
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
    this.tell({ type: 'ended' })
    this.record.settle(
      event.by === 'remote' ? 'abandoned-in-ivr' : event.cause === 'normal' ? 'completed' : 'failed',
    )
    this.record.close('ivr', now, event.by === 'remote' ? 'caller-hung-up' : 'hung-up')
    this.timers.stopAll()
    this.purposes.clear()
    const [wrapping] = this.#wrapUps
    if (wrapping !== undefined) {
      this.enter('wrapping', wrapping)
      this.parts.records.update(this.record.view())
    }
    this.#finishWhenDone()
  }

  #finishWhenDone(): void {
    if (this.#over || !this.#callerGone || this.#legs > 0 || this.#wrapUps.size > 0) return
    this.#over = true
    this.#state = undefined
    this.record.finish(this.parts.clock.now())
    for (const { file, kept } of this.recordings.values()) {
      if (!kept) {
        this.parts.voicemails.discard(file).catch((error: unknown) => {
          this.parts.logger.warn({ contact: this.id, file, err: error }, 'recording not removed')
        })
      }
    }
    const interaction = this.record.view()
    this.parts.records.end(interaction, this.#explanations)
    this.#onOver()
    this.parts.publish({ type: 'contact.ended', interaction })
  }
}
