import type { CommandId } from '../call/call.ts'
import type { FlowInput } from '../flow/inputs.ts'
import { begin, step } from '../flow/interpreter.ts'
import type { FlowState } from '../flow/state.ts'
import { Contact, type Offered } from './contact.ts'
import { type Conversation, type Purpose, performEffect } from './flow-effects.ts'
import { Mailbox } from './mailbox.ts'
import type { NumberedFlow, Parts } from './parts.ts'
import type { LegEvent } from './switchboard.ts'
import { Timers } from './timers.ts'
import { VoicemailRecordings } from './voicemail-recordings.ts'

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
  readonly #flow: NumberedFlow
  readonly #mailbox: Mailbox<FlowInput>
  #state: FlowState | undefined

  constructor(parts: Parts, offered: Offered, id: string, flow: NumberedFlow, over: () => void) {
    this.#flow = flow
    this.#mailbox = new Mailbox((input) => this.#step(input))
    this.timers = new Timers(parts.clock, (timer) => this.tell({ type: 'timer', timer }))
    this.contact = new Contact(parts, offered, id, flow, {
      tell: this.tell,
      over: () => {
        this.recordings.discardRest()
        over()
      },
    })
    this.recordings = new VoicemailRecordings(this.contact)
  }

  begin(): void {
    const { contact } = this
    const { from, to } = contact.offered
    const { flow, language, variables } = this.#flow
    contact.parts.board.own(contact.call, (event) => this.#hear(event))
    this.#apply(
      begin(flow, {
        ...(from.number !== undefined && { from: from.number }),
        ...(from.name !== undefined && { fromName: from.name }),
        to: to.number ?? '',
        anonymous: from.number === undefined,
        ...(language !== undefined && { language }),
        ...(variables && { variables }),
      }),
    )
    contact.announce()
  }

  /** Gives the flow an input; nothing happens once the flow is over. */
  readonly tell = (input: FlowInput): void => this.#mailbox.put(input)

  /** The server is being stopped: a caller who is not talking is told so and let go. */
  farewell(): void {
    const { contact } = this
    if (contact.callerGone || contact.talk) return
    this.#endFlow()
    contact.withdraw()
    const { board, logger, prompts } = contact.parts
    prompts.resolve([{ audio: 'shutdown' }], contact.record.language ?? this.#flow.flow.languages[0]).then(
      (items) => {
        const command = board.order({ type: 'play', call: contact.call, items, interruptible: false })
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
    this.timers.stopAll()
  }

  #step(input: FlowInput): void {
    if (this.#state) this.#apply(step(this.#flow.flow, this.#state, input))
  }

  #apply([state, effects]: ReturnType<typeof begin>): void {
    this.#state = state
    this.contact.record.language = state.language
    for (const effect of effects) performEffect(this, effect)
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
        if (purpose?.for === 'play') this.tell({ type: 'played', play: purpose.play, reason: event.reason })
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
      this.recordings.failed()
      this.tell({ type: 'record.failed', recording: purpose.recording, detail })
    } else if (purpose?.for === 'answer') contact.hangUp('failed')
    else if (purpose?.for === 'farewell') contact.hangUp('drained')
    else if (contact.talk?.concerns(command)) contact.talk.end('system')
  }
}
