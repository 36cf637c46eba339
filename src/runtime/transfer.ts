import { randomUUID } from 'node:crypto'
import type { FlowInput } from '../flow/inputs.ts'
import type { Contact } from './contact.ts'
import type { LegEvent } from './switchboard.ts'

type Result = Extract<FlowInput, { type: 'transfer.ended' }>['result']

/** A caller on the way to somebody outside: dials them, bridges on answer, and says how it ended. */
export class Transfer {
  readonly #contact: Contact
  readonly #to: string
  readonly #ringMs: number
  readonly #ended: (result: Result) => void
  readonly #call = `transfer-${randomUUID()}`

  /** @param to SIP URI */
  constructor(contact: Contact, to: string, ringMs: number, ended: (result: Result) => void) {
    this.#contact = contact
    this.#to = to
    this.#ringMs = ringMs
    this.#ended = ended
  }

  begin(): void {
    const { board, clock } = this.#contact.parts
    this.#contact.record.close('ivr', clock.now(), 'transfer')
    this.#contact.record.open('transfer', clock.now())
    this.#contact.dialling(this.#call)
    board.own(this.#call, (event) => this.#hear(event))
    board.order({
      type: 'dial',
      call: this.#call,
      target: { uri: this.#to },
      from: this.#contact.offered.from,
      ringMs: this.#ringMs,
    })
  }

  #hear(event: LegEvent): void {
    if (event.type === 'call.answered') {
      this.#contact.dialling(undefined)
      this.#contact.record.settle('transferred')
      this.#contact.talkWith(this.#to, this.#call, () => this.#back('completed'))
    } else if (event.type === 'call.ended') this.#over(event.cause)
    else if (event.type === 'command.failed') this.#over(event.reason)
  }

  #over(cause: string): void {
    this.#contact.dialling(undefined)
    this.#contact.record.close('transfer', this.#contact.parts.clock.now(), cause)
    this.#back(
      cause === 'busy' || cause === 'rejected' ? 'busy' : cause === 'no-answer' ? 'no-answer' : 'failed',
    )
  }

  #back(result: Result): void {
    if (this.#contact.callerGone) return
    this.#contact.record.open('ivr', this.#contact.parts.clock.now())
    this.#ended(result)
  }
}
