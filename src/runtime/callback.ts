import { randomUUID } from 'node:crypto'
import type { AcdEffect } from '../acd/contract.ts'
import type { CallId, EndCause } from '../call/call.ts'
import type { FlowInput } from '../flow/inputs.ts'
import { Contact } from './contact.ts'
import type { CallbackTo, Parts } from './parts.ts'
import type { LegEvent } from './switchboard.ts'
import type { AnsweredLeg } from './talk-leg.ts'

type Dial = Extract<AcdEffect, { type: 'callback.dial' }>
type Outcome = Extract<AcdEffect, { type: 'callback.ended' }>['outcome']

/** What a customer hears who has answered and for whom an agent is still being rung. */
const MUSIC = 'hold'

interface Waiting {
  readonly agent: string
  readonly answered: AnsweredLeg
  readonly began: (gapMs: number) => void
}

/**
 * One callback, from the promise to its end: calls the customer when the engine says so, and lets them talk with the
 * agent. It is a contact of its own, with its own record; the number is known here and nowhere in the engine.
 */
export class Callback {
  readonly contact: Contact
  readonly #parts: Parts
  readonly #to: CallbackTo
  #call: CallId | undefined
  #isOnLine = false
  #waiting: Waiting | undefined

  constructor(parts: Parts, asked: Contact, id: string, to: CallbackTo, over: () => void) {
    this.#parts = parts
    this.#to = to
    const { from } = asked.offered
    const offered = {
      ...asked.offered,
      call: `callback-${id}`,
      from: { ...from, number: to.number },
    }
    this.contact = new Contact(parts, offered, id, asked.flow, {
      tell: (input) => this.#hearFlow(input),
      over,
    })
    this.contact.takeOver(asked)
  }

  /** Whether the customer is on the line. */
  get isOnLine(): boolean {
    return this.#isOnLine
  }

  dial({ attempt, ringMs, agent }: Dial): void {
    const { board, legAdded, logger } = this.#parts
    const { contact } = this
    const call = `callback-${randomUUID()}`
    this.#call = call
    contact.call = call
    logger.info({ contact: contact.id, call, attempt, agent }, 'calling back')
    legAdded({ contact: contact.id, call, party: { kind: 'caller' } })
    board.own(call, (event) => this.#hear(call, event))
    const beside = this.#waiting?.answered.leg.call
    board.order({
      type: 'dial',
      call,
      target: this.#to.target,
      from: contact.offered.to,
      ringMs,
      ...(beside !== undefined && { beside }),
    })
  }

  /** An agent has accepted, and the customer is not on the line: they wait for the answer. */
  agentReady(agent: string, answered: AnsweredLeg, began: (gapMs: number) => void): void {
    this.#waiting = { agent, answered, began }
    answered.leg.listen((event) => {
      if (event.type === 'call.ended') this.#agentGone()
    })
  }

  /** The engine has ended it. */
  ended(outcome: Outcome): void {
    if (outcome === 'answered') return
    this.#stopCalling()
    this.#releaseAgent()
    this.contact.neverReached(outcome)
  }

  /** The customer was not reached, and will be called again. */
  later(cause: string): void {
    this.#releaseAgent()
    this.contact.backInQueue(cause)
  }

  /** The server is being stopped. A talk goes on. */
  farewell(): void {
    if (!this.#isOnLine)
      this.#parts.acd.put({ type: 'contact.left', contact: this.contact.id, reason: 'left' })
    else if (!this.contact.talk) this.contact.hangUp('drained')
  }

  #hear(call: CallId, event: LegEvent): void {
    if (call !== this.#call) return
    if (event.type === 'call.answered') this.#answered()
    else if (event.type === 'call.ended') {
      this.#call = undefined
      if (this.#isOnLine) this.contact.ended(event)
      else this.#failed(event.cause)
    } else if (event.type === 'command.failed') {
      if (this.#isOnLine) {
        if (this.contact.talk?.concerns(event.command)) this.contact.talk.bridgeFailed()
        return
      }
      this.#parts.board.forget(call)
      this.#call = undefined
      this.#failed('failed')
    }
  }

  #answered(): void {
    this.#isOnLine = true
    const { acd } = this.#parts
    acd.put({ type: 'callback.answered', contact: this.contact.id })
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) {
      const answered = { ...waiting.answered, answeredAt: this.#parts.clock.now() }
      this.contact.connect(waiting.agent, answered, waiting.began)
    } else if (acd.engine.contact(this.contact.id)?.state !== 'connected') this.#playMusic()
  }

  #failed(cause: EndCause): void {
    const isBusy = cause === 'busy' || cause === 'rejected'
    const kind = isBusy ? 'busy' : cause === 'no-answer' ? 'no-answer' : 'failed'
    this.#parts.acd.put({ type: 'callback.failed', contact: this.contact.id, cause: kind })
  }

  /** The agent hung up before the customer answered. */
  #agentGone(): void {
    const waiting = this.#waiting
    if (!waiting) return
    this.#waiting = undefined
    this.#stopCalling()
    this.#parts.publish({ type: 'talk.ended', contact: this.contact.id, agent: waiting.agent, by: 'agent' })
    this.contact.backInQueue('rejected')
    this.#parts.acd.put({ type: 'contact.returned', contact: this.contact.id, cause: 'rejected' })
  }

  #stopCalling(): void {
    const call = this.#call
    if (call === undefined || this.#isOnLine) return
    this.#call = undefined
    this.#parts.board.order({ type: 'hangup', call })
  }

  #releaseAgent(): void {
    const waiting = this.#waiting
    if (!waiting) return
    this.#waiting = undefined
    waiting.answered.leg.release(() => undefined)
    const { agent } = waiting
    this.#parts.publish({ type: 'talk.ended', contact: this.contact.id, agent, by: 'system' })
  }

  /** There is no flow behind it: who is not with an agent waits with music, or is let go. */
  #hearFlow(input: FlowInput): void {
    if (!this.#isOnLine) return
    if (input.type === 'queue.returned') this.#playMusic()
    else if (input.type === 'queue.left') this.contact.hangUp('completed')
  }

  #playMusic(): void {
    const { board, logger, prompts } = this.#parts
    try {
      board.order({ type: 'music.start', call: this.contact.call, file: prompts.musicFile(MUSIC) })
    } catch (error) {
      logger.warn({ contact: this.contact.id, err: error }, 'the customer waits in silence')
    }
  }
}
