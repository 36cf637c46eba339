import type { CommandId } from '../call/call.ts'
import type { FlowInput } from '../flow/inputs.ts'
import { begin, type Step, step } from '../flow/interpreter.ts'
import type { FlowState } from '../flow/state.ts'
import { Contact, type Offered } from './contact.ts'
import { type Conversation, type Purpose, performEffect } from './flow-effects.ts'
import { Mailbox } from './mailbox.ts'
import type { NumberedFlow, Parts } from './parts.ts'
import { signalledFacts } from './signalled.ts'
import type { LegEvent } from './switchboard.ts'
import { Timers } from './timers.ts'
import { VoicemailRecordings } from './voicemail-recordings.ts'
import type { WaitPromise } from './wait-promise.ts'

/** What a caller is told whom a server that stops has no time for: try again when another one may be there. */
export const SERVER_STOPS = { cause: 'overloaded', retryAfterSeconds: 60 } as const

/**
 * Runs one inbound call through its flow: what happens to the caller's leg becomes the flow's input, what the flow
 * asks for is performed. Decides nothing.
 */
export class ContactRunner implements Conversation {
  readonly contact: Contact
  readonly timers: Timers
  readonly recordings: VoicemailRecordings
  readonly purposes = new Map<CommandId, Purpose>()
  pendingPlay: string | undefined
  promise: WaitPromise | undefined
  readonly #flow: NumberedFlow
  readonly #mailbox: Mailbox<FlowInput | 'begin'>
  #state: FlowState | undefined
  #isLeaving = false

  constructor(parts: Parts, offered: Offered, id: string, flow: NumberedFlow, over: () => void) {
    this.#flow = flow
    this.#mailbox = new Mailbox(
      (input) => this.#step(input),
      (error) => this.#broke(error),
    )
    this.timers = new Timers(parts.clock, (timer) => this.tell({ type: 'timer', timer }))
    this.contact = new Contact(parts, offered, id, flow, {
      tell: this.tell,
      over: () => {
        this.recordings.discardRest()
        parts.acd.waits.learn(this.contact.record.view())
        over()
      },
    })
    this.recordings = new VoicemailRecordings(this.contact)
  }

  begin(): void {
    this.contact.parts.board.own(this.contact.call, (event) => this.#hear(event))
    this.#mailbox.put('begin')
    this.contact.announce()
  }

  /** Gives the flow an input; nothing happens once the flow is over. */
  readonly tell = (input: FlowInput): void => this.#mailbox.put(input)

  /** The server is being stopped: the caller is told so and let go, after the talk or message that goes on. */
  farewell(): void {
    this.#isLeaving = true
    if (!this.#isOccupied()) this.#sayFarewell()
  }

  #isOccupied(): boolean {
    return this.contact.talk !== undefined || this.recordings.running
  }

  #sayFarewell(): void {
    const { contact } = this
    const state = this.#state
    if (contact.callerGone || !state || state.phase === 'ended') return
    this.#endFlow()
    contact.withdraw()
    const { board, logger, prompts } = contact.parts
    const { call } = contact
    if (!state.answered) {
      const command = board.order({ type: 'reject', call, ...SERVER_STOPS })
      this.purposes.set(command, { for: 'farewell' })
      return
    }
    prompts.resolve([{ audio: 'shutdown' }], state.language).then(
      (items) => {
        const command = board.order({ type: 'play', call, items, interruptible: false })
        this.purposes.set(command, { for: 'farewell' })
      },
      (error: unknown) => {
        logger.warn({ contact: contact.id, err: error }, 'the caller cannot be told that the server stops')
        contact.hangUp('drained')
      },
    )
  }

  #endFlow(): void {
    this.#state = undefined
    this.pendingPlay = undefined
    this.promise = undefined
    this.timers.stopAll()
  }

  #step(input: FlowInput | 'begin'): void {
    if (input === 'begin') return this.#apply(this.#begin())
    if (!this.#state) return
    this.#keepPromise(input)
    const isLast = this.#isLeaving && !this.#isOccupied()
    // A message that has just been recorded is still to be kept; everything else is cut short.
    if (!isLast || input.type === 'recorded') this.#apply(step(this.#flow.flow, this.#state, input))
    if (isLast) this.#sayFarewell()
  }

  /** Whether the wait was as long as the caller was told; who was not served for another reason says nothing of it. */
  #keepPromise(input: FlowInput): void {
    const now = this.contact.parts.acd.now()
    if (input.type === 'queue.connected') this.promise?.over(true, now)
    const gaveUp = input.type === 'ended' || (input.type === 'queue.left' && input.reason === 'left')
    if (gaveUp) this.promise?.over(false, now)
    if (input.type === 'queue.left') this.promise = undefined
  }

  #begin(): Step {
    const { from, to } = this.contact.offered
    const { flow, language, variables } = this.#flow
    return begin(flow, {
      ...(from.number !== undefined && { from: from.number }),
      ...(from.name !== undefined && { fromName: from.name }),
      to: to.number ?? '',
      anonymous: from.number === undefined,
      signalled: signalledFacts(this.contact.offered),
      ...(language !== undefined && { language }),
      ...(variables && { variables }),
    })
  }

  #apply([state, effects]: Step): void {
    this.#state = state
    this.contact.record.language = state.language
    for (const effect of effects) performEffect(this, effect)
  }

  /** A defect of ours ends this call, and no other. */
  #broke(error: unknown): void {
    const { contact } = this
    contact.parts.logger.error({ contact: contact.id, err: error }, 'the flow broke off')
    this.#endFlow()
    if (!contact.callerGone) contact.hangUp('failed')
  }

  #hear(event: LegEvent): void {
    const { contact } = this
    const purpose = this.#purposeOf(event)
    switch (event.type) {
      case 'call.answered':
        return this.tell({ type: 'answered' })
      case 'call.digit':
        return contact.talk ? undefined : this.tell({ type: 'digit', digit: event.digit })
      case 'call.played':
        // What was cut was cut by us, who know it, or by the end of the call: then the flow must not go on.
        if (purpose?.for === 'play' && event.reason !== 'stopped')
          this.tell({ type: 'played', play: purpose.play, reason: event.reason })
        if (purpose?.for === 'farewell') contact.hangUp('drained')
        return
      case 'call.recorded': {
        if (purpose?.for !== 'record') return
        const { durationMs, reason } = event
        this.recordings.recorded(purpose.recording, purpose.file, durationMs, reason)
        return this.tell({ type: 'recorded', recording: purpose.recording, durationMs, reason })
      }
      case 'command.failed':
        return this.#failed(purpose, event)
      case 'call.ended':
        contact.ended(event)
        this.purposes.clear()
        return this.#endFlow()
      case 'call.media-lost':
        return contact.parts.logger.warn(
          { contact: contact.id, call: contact.call, silentMs: event.silentMs },
          'no audio from the caller',
        )
      default:
    }
  }

  /** What the command was for whose ending this is. */
  #purposeOf(event: LegEvent): Purpose | undefined {
    if (!('command' in event) || event.command === undefined) return undefined
    const purpose = this.purposes.get(event.command)
    this.purposes.delete(event.command)
    return purpose
  }

  #failed(purpose: Purpose | undefined, event: Extract<LegEvent, { type: 'command.failed' }>): void {
    const { contact } = this
    const { detail, reason, command } = event
    if (reason !== 'no-such-call') {
      const about = { contact: contact.id, call: event.call, for: purpose?.for, reason, detail }
      contact.parts.logger.warn(about, 'command failed')
    }
    if (purpose?.for === 'play') this.tell({ type: 'play.failed', play: purpose.play, detail })
    else if (purpose?.for === 'record') {
      this.recordings.failed(purpose.recording, purpose.file)
      this.tell({ type: 'record.failed', recording: purpose.recording, detail })
    } else if (purpose?.for === 'answer') contact.hangUp('failed')
    else if (purpose?.for === 'farewell') contact.hangUp('drained')
    else if (contact.talk?.concerns(command)) contact.talk.bridgeFailed()
  }
}
