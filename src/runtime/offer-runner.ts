import { randomUUID } from 'node:crypto'
import type { AcdEffect, RefusalCause } from '../acd/contract.ts'
import type { CallId, EndCause, Party } from '../call/call.ts'
import type { Cancel } from '../clock/clock.ts'
import type { Parts } from './parts.ts'
import type { LegEvent } from './switchboard.ts'

type OfferMade = Extract<AcdEffect, { type: 'offer.made' }>

/**
 * How the end of an agent's leg counts as an answer to the offer, after the causes of mod_callcenter and the SIP
 * statuses behind `EndCause`: a device that cannot be rung is a fault of the device, never a missed call. A phone
 * that forwards (3xx) is not followed: the agent is not at it.
 */
const refusals: Record<EndCause, RefusalCause> = {
  rejected: 'rejected',
  redirected: 'rejected',
  busy: 'busy',
  'no-answer': 'no-answer',
  cancelled: 'no-answer',
  normal: 'no-answer',
  unreachable: 'device-failed',
  'media-lost': 'device-failed',
  'not-found': 'device-failed',
  'not-allowed': 'device-failed',
  overloaded: 'device-failed',
  unsupported: 'device-failed',
  failed: 'device-failed',
  'backend-lost': 'backend-failed',
}

/** The telephone has its say before the lease runs out: it knows whether a phone rang in vain or is not there at all. */
const LAST_WORD_MS = 200

/** What rings where: everything that an offer needs besides the engine's decision. */
export interface Ringing {
  /** The agent's registered device; undefined when there is none to ring. */
  readonly device: string | undefined
  readonly from: Party
  /** The caller's leg. */
  readonly caller: CallId
  /** Milliseconds to wait for the desk to show the screen pop; 0 where no desk listens. */
  readonly popLeadMs: number
}

/**
 * One offer at one agent's phone: waits for the desk to show who calls, rings, and tells the engine what became
 * of it. The lease is the engine's; here is only the telephone.
 */
export class OfferRunner {
  readonly offer: OfferMade
  readonly call: CallId = `agent-${randomUUID()}`
  readonly #parts: Parts
  readonly #ringing: Ringing
  #lead: Cancel | undefined
  #rung = false
  /** The phone's leg exists: it was dialled and has not ended. */
  #hasLeg = false
  #over = false

  constructor(parts: Parts, offer: OfferMade, ringing: Ringing) {
    this.#parts = parts
    this.offer = offer
    this.#ringing = ringing
  }

  begin(): void {
    if (this.#ringing.popLeadMs === 0) this.ring()
    else this.#lead = this.#parts.clock.after(this.#ringing.popLeadMs, () => this.ring())
  }

  /** Rings the phone, once; called when the desk has acknowledged or its time is up. */
  ring(): void {
    if (this.#rung || this.#over) return
    this.#rung = true
    this.#lead?.()
    const { device, from, caller } = this.#ringing
    if (device === undefined) return this.refuse('device-failed')
    const { board, acd, legAdded, logger } = this.#parts
    const { offer, contact, agent, queue } = this.offer
    logger.info({ contact, offer, agent, call: this.call, device }, 'ringing')
    acd.put({ type: 'offer.ringing', offer })
    this.#hasLeg = true
    legAdded({ contact, call: this.call, party: { kind: 'agent', name: device } })
    board.own(this.call, (event) => this.#hear(event))
    board.order({
      type: 'dial',
      call: this.call,
      target: { device },
      from,
      beside: caller,
      ringMs: Math.max(1, this.offer.expiresAt - acd.now() - LAST_WORD_MS),
      headers: { 'x-switchroom-contact': contact, 'x-switchroom-queue': queue },
    })
  }

  refuse(cause: RefusalCause): void {
    if (!this.#over) this.#parts.acd.put({ type: 'offer.refused', offer: this.offer.offer, cause })
  }

  /** The engine has ended the offer. Unless it was accepted nobody's phone keeps ringing. */
  end(accepted: boolean): void {
    if (this.#over) return
    this.#over = true
    this.#lead?.()
    if (this.#hasLeg && !accepted) this.#parts.board.order({ type: 'hangup', call: this.call })
  }

  #hear(event: LegEvent): void {
    if (event.type === 'call.answered') {
      if (!this.#over) this.#parts.acd.put({ type: 'offer.accepted', offer: this.offer.offer })
    } else if (event.type === 'call.ended') {
      this.#hasLeg = false
      this.refuse(refusals[event.cause])
    } else if (event.type === 'command.failed') {
      this.#hasLeg = false
      this.#parts.board.forget(this.call)
      this.refuse('device-failed')
    }
  }
}
