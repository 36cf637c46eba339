import { randomUUID } from 'node:crypto'
import type { AcdEffect, RefusalCause } from '../acd/contract.ts'
import type { CallId, EndCause, Party } from '../call/call.ts'
import type { PlayItem } from '../call/commands.ts'
import type { Cancel } from '../clock/clock.ts'
import { SwitchroomError } from '../errors.ts'
import { AUTO_ANSWER } from '../telephony/auto-answer.ts'
import type { Parts } from './parts.ts'
import type { StandingLeg } from './standing-leg.ts'
import type { LegEvent } from './switchboard.ts'
import { type AnsweredLeg, dialledLeg } from './talk-leg.ts'

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
  /** The agent's standing call, on which the offer comes instead. */
  readonly standing: StandingLeg | undefined
  /** The agent takes it without doing anything. */
  readonly autoAnswer: boolean
  /** What the agent is told quietly (see `whisper.ts`), asked for as the phone rings. Never rejects. */
  readonly whisper: () => Promise<readonly PlayItem[]>
  readonly from: Party
  /** The caller's leg; undefined while there is none. */
  readonly caller: CallId | undefined
  /** Milliseconds to wait for the desk to show the screen pop; 0 where no desk listens. */
  readonly popLeadMs: number
}

/**
 * One offer at one agent's phone: waits for the desk to show who calls, rings, and tells the engine what became
 * of it. The lease is the engine's; here is only the telephone.
 */
export class OfferRunner {
  readonly offer: OfferMade
  readonly call: CallId
  readonly #parts: Parts
  readonly #ringing: Ringing
  #whisper: Promise<readonly PlayItem[]> | undefined
  #answeredAt = 0
  #lead: Cancel | undefined
  #rung = false
  /** The phone's leg exists: it was dialled and has not ended. */
  #hasLeg = false
  #over = false

  constructor(parts: Parts, offer: OfferMade, ringing: Ringing) {
    this.#parts = parts
    this.offer = offer
    this.#ringing = ringing
    this.call = ringing.standing?.call ?? `agent-${randomUUID()}`
  }

  /** The agent's leg, once the offer has been accepted. */
  get answered(): AnsweredLeg {
    const leg = this.#ringing.standing ?? dialledLeg(this.#parts.board, this.call)
    return { leg, answeredAt: this.#answeredAt }
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
    const { device, from, caller, standing, autoAnswer } = this.#ringing
    this.#whisper = this.#ringing.whisper()
    if (standing) return this.#offerOn(standing)
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
      ...(caller !== undefined && { beside: caller }),
      ringMs: Math.max(1, this.offer.expiresAt - acd.now() - LAST_WORD_MS),
      headers: {
        ...(autoAnswer && AUTO_ANSWER),
        'x-switchroom-contact': contact,
        'x-switchroom-queue': queue,
      },
    })
  }

  /** A call that ends is no answer of the agent's. */
  readonly #standingGone = (): void => this.refuse('device-failed')

  /** Nobody's phone is to be rung: the call stands already. */
  #offerOn(standing: StandingLeg): void {
    const { contact, offer, agent } = this.offer
    this.#parts.logger.info({ contact, offer, agent, call: this.call }, 'offered on the standing call')
    this.#parts.acd.put({ type: 'offer.ringing', offer })
    const announce = (): void => {
      if (this.#over) return
      if (this.#ringing.autoAnswer) return this.#accept()
      standing.awaitKey(() => this.#accept())
      void this.#whisper?.then((items) => {
        if (!this.#over) standing.announce(items)
      })
    }
    standing.whenIdle(announce, this.#standingGone)
  }

  /**
   * The agent takes the offer at the desk.
   * @throws SwitchroomError WRONG_STATE where it is taken by answering the phone
   */
  take(): void {
    const { standing } = this.#ringing
    if (!standing)
      throw new SwitchroomError('WRONG_STATE', 'this offer is taken by answering the phone', {
        remedy: 'Only on a standing call the desk can take an offer.',
      })
    this.ring()
    standing.whenIdle(() => this.#accept(), this.#standingGone)
  }

  /** The two hear each other: what was not announced before is whispered now. */
  talking(): void {
    const { standing, autoAnswer } = this.#ringing
    if (standing && !autoAnswer) return
    void this.#whisper?.then((items) => {
      if (items.length > 0) this.#parts.board.order({ type: 'whisper', call: this.call, items })
    })
  }

  #accept(): void {
    if (this.#over) return
    this.#answeredAt = this.#parts.clock.now()
    this.#parts.acd.put({ type: 'offer.accepted', offer: this.offer.offer })
  }

  refuse(cause: RefusalCause): void {
    if (!this.#over) this.#parts.acd.put({ type: 'offer.refused', offer: this.offer.offer, cause })
  }

  /** The engine has ended the offer. Unless it was accepted nobody's phone keeps ringing. */
  end(accepted: boolean): void {
    if (this.#over) return
    this.#over = true
    this.#lead?.()
    if (!accepted) this.#ringing.standing?.withdraw()
    if (this.#hasLeg && !accepted) this.#parts.board.order({ type: 'hangup', call: this.call })
  }

  /** The agent took it, and the contact was gone by then: nobody talks with them. */
  leave(): void {
    this.#ringing.standing?.withdraw()
    if (this.#hasLeg) this.#parts.board.order({ type: 'hangup', call: this.call })
  }

  #hear(event: LegEvent): void {
    if (event.type === 'call.answered') this.#accept()
    else if (event.type === 'call.ended') {
      this.#hasLeg = false
      this.refuse(refusals[event.cause])
    } else if (event.type === 'command.failed') {
      this.#hasLeg = false
      this.#parts.board.forget(this.call)
      this.refuse('device-failed')
    }
  }
}
