import { randomUUID } from 'node:crypto'
import type { DialTarget } from '../call/call.ts'
import type { FlowInput } from '../flow/inputs.ts'
import type { Contact } from './contact.ts'
import type { Stretch } from './interaction-record.ts'
import { isVouchedFor } from './signalled.ts'
import type { LegEvent } from './switchboard.ts'
import { dialledLeg } from './talk-leg.ts'

type Result = Extract<FlowInput, { type: 'transfer.ended' }>['result']

/** A caller on the way to somebody outside: dials them, bridges on answer, and says how it ended. */
export class Transfer {
  readonly #contact: Contact
  readonly #to: string
  readonly #ringMs: number
  readonly #ended: (result: Result) => void
  readonly #call = `transfer-${randomUUID()}`
  #stretch: Stretch | undefined
  #cancelled = false

  /** @param to SIP URI, or a number as the flow writes it */
  constructor(contact: Contact, to: string, ringMs: number, ended: (result: Result) => void) {
    this.#contact = contact
    this.#to = to
    this.#ringMs = ringMs
    this.#ended = ended
  }

  begin(): void {
    const { parts, record, offered } = this.#contact
    const target = this.#target()
    this.#stretch = record.enter('transfer', parts.clock.now(), 'transfer')
    if (!target) {
      parts.logger.warn({ contact: this.#contact.id, to: this.#to }, 'no route carries this number')
      return this.#back('failed', 'no-route')
    }
    this.#contact.dialling(this)
    const party = { kind: 'outside', name: this.#to } as const
    parts.legAdded({ contact: this.#contact.id, call: this.#call, party })
    parts.board.own(this.#call, (event) => this.#hear(event))
    parts.board.order({
      type: 'dial',
      call: this.#call,
      target,
      from: offered.from,
      asserted: isVouchedFor(offered),
      beside: this.#contact.call,
      ringMs: this.#ringMs,
    })
  }

  #target(): DialTarget | undefined {
    return /^sips?:/.test(this.#to) ? { uri: this.#to } : this.#contact.parts.findRoute(this.#to)
  }

  /** Nobody waits for them any more: stops ringing, and hangs up on whoever answers in this moment. */
  cancel(): void {
    this.#cancelled = true
    this.#contact.parts.board.order({ type: 'hangup', call: this.#call })
  }

  #hear(event: LegEvent): void {
    if (event.type === 'call.answered') this.#answered(event.trunk)
    else if (event.type === 'call.ended') this.#failed(event.cause)
    else if (event.type === 'command.failed') {
      this.#contact.parts.board.forget(this.#call)
      this.#failed(event.reason)
    }
  }

  #answered(trunk: string | undefined): void {
    if (this.#cancelled || !this.#stretch) return
    const { id, parts, record } = this.#contact
    parts.logger.info({ contact: id, call: this.#call, trunk }, 'transfer answered')
    this.#contact.talkWith(this.#to, dialledLeg(parts.board, this.#call), this.#stretch, {
      began: () => record.settle('transferred'),
      over: (by, hasBegun) => this.#back(hasBegun ? 'completed' : 'failed', by),
    })
    this.#contact.dialling(undefined)
  }

  #failed(cause: string): void {
    if (!this.#cancelled) {
      const isBusy = cause === 'busy' || cause === 'rejected'
      this.#back(isBusy ? 'busy' : cause === 'no-answer' ? 'no-answer' : 'failed', cause)
    }
    this.#contact.dialling(undefined)
  }

  #back(result: Result, segmentResult: string): void {
    if (this.#contact.callerGone) return
    this.#contact.record.enter('ivr', this.#contact.parts.clock.now(), segmentResult)
    this.#ended(result)
  }
}
