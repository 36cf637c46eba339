import type { Logger } from 'pino'
import type { CallId, Party } from '../../call/call.ts'
import { digitOfInfo } from '../info-digits.ts'
import { identityUpdate } from './connected-identity.ts'
import type { Leg } from './leg.ts'
import { digitByInfo } from './media-events.ts'
import { fromOf } from './parties.ts'
import { sdpOf } from './sdp/body.ts'
import type { Agreed, Negotiation } from './sdp/negotiation.ts'
import { parseSdp } from './sdp/session-description.ts'
import { isChallenge } from './sip/client-credentials.ts'
import type { Dialog } from './sip/dialog.ts'
import type { Endpoint } from './sip/endpoint.ts'
import type { Incoming } from './sip/incoming.ts'
import type { Hop, SipRequest, SipResponse } from './sip/message.ts'
import type { OutgoingRequest } from './sip/outgoing.ts'
import type { ServerTransaction } from './sip/server-transaction.ts'
import type { Timer } from './sip/timers.ts'
import { T1, T2, TRANSACTION_MS } from './sip/timing.ts'
import type { Content, HeaderFields } from './sip/write-message.ts'

/** What dialogs share. */
export interface DialogSurroundings {
  readonly endpoint: Endpoint
  readonly logger: Logger
  /** Every dialog by its `key`. */
  readonly dialogs: Map<string, Established>
  /** Contact, Allow and the like of responses and requests that set up or change a dialog. */
  readonly contactFields: (transport: Hop['transport']) => HeaderFields
  /** Told who is at the far end now (RFC 4916), where somebody wants to know. */
  readonly connected: ((call: CallId, party: Party) => void) | undefined
  /** The same request with credentials, under the next number; undefined when there are none. */
  readonly authorize: (
    request: OutgoingRequest,
    response: SipResponse,
    hop: Hop,
    cseq: number,
  ) => OutgoingRequest | undefined
  /** Sends a BYE, answering a challenge where we have credentials; `done` once it has its final answer. */
  readonly sendBye: (dialog: Dialog, done: () => void) => void
}

/** A 2xx that waits for its ACK (RFC 3261 13.3.1.4). */
interface Unacknowledged {
  readonly transaction: ServerTransaction
  readonly text: string
  readonly cseq: number
  /** We made the offer: its answer comes in the ACK. */
  readonly expectsAnswer: boolean
  retry: Timer | undefined
  life: Timer | undefined
}

export const SDP = 'application/sdp'

/**
 * A call whose dialog stands (RFC 3261 12 to 15): requests within it, re-INVITE, the 2xx that is repeated
 * until it is acknowledged, and its end. Lives until our BYE is answered, if it was ours.
 */
export class Established {
  readonly dialog: Dialog
  readonly #around: DialogSurroundings
  readonly #leg: Leg
  readonly #negotiation: Negotiation
  readonly #acknowledged: () => void
  #waiting: Unacknowledged | undefined
  /** The caller's ACK has come, or we are the caller. */
  #confirmed: boolean
  #byeWanted = false
  #ended = false

  /** @param acknowledged told when the ACK of the first 2xx has come, and its SDP, if it owed one, is good */
  constructor(
    around: DialogSurroundings,
    leg: Leg,
    dialog: Dialog,
    negotiation: Negotiation,
    acknowledged?: () => void,
  ) {
    this.#around = around
    this.#leg = leg
    this.dialog = dialog
    this.#negotiation = negotiation
    this.#confirmed = acknowledged === undefined
    this.#acknowledged = acknowledged ?? (() => undefined)
    around.dialogs.set(dialog.key, this)
  }

  /** Answers an INVITE with 200 and repeats that until the ACK: T1, doubling up to T2, for 64 x T1 (13.3.1.4). */
  accept(incoming: Incoming, sdp: string, expectsAnswer: boolean): void {
    const content: Content = { type: SDP, text: sdp }
    const text = incoming.reply(200, this.#around.contactFields(incoming.request.source.transport), content)
    const { timers } = this.#around.endpoint
    const { transaction, request } = incoming
    const waiting: Unacknowledged = {
      transaction,
      text,
      cseq: request.cseq,
      expectsAnswer,
      retry: undefined,
      life: timers.after(TRANSACTION_MS, () => this.#neverAcknowledged()),
    }
    const repeatAfter = (interval: number): void => {
      waiting.retry = timers.after(interval, () => {
        transaction.resend(text)
        repeatAfter(Math.min(interval * 2, T2))
      })
    }
    repeatAfter(T1)
    this.#waiting = waiting
  }

  receive(incoming: Incoming): void {
    const { request } = incoming
    if (!this.dialog.matches(request.callId)) return void incoming.reply(481)
    if (this.dialog.order(request) === 'too-old') return void incoming.reply(500)
    if (request.method === 'BYE') return this.#receiveBye(incoming)
    if (this.#ended) return void incoming.reply(481)
    if (request.method === 'INVITE') this.#receiveInvite(incoming)
    else if (request.method === 'INFO') this.#receiveInfo(incoming)
    else if (request.method === 'UPDATE') this.#receiveUpdate(incoming)
    else incoming.reply(200, this.#around.contactFields(request.source.transport)) // OPTIONS: alive
  }

  /** An ACK; it fits when its number is that of the INVITE (13.2.2.4). */
  ack(request: SipRequest): void {
    const waiting = this.#waiting
    if (!waiting || request.cseq !== waiting.cseq) return
    if (!this.dialog.matches(request.callId)) return
    if (waiting.expectsAnswer && !this.#byeWanted && !this.#takeAnswer(request)) {
      this.#confirmed = true
      return this.#leg.hangUp({ cause: 'unsupported', by: 'local', status: 488 })
    }
    this.#confirm()
  }

  #confirm(): void {
    this.#stopWaiting()
    if (this.#byeWanted) return this.#sendBye()
    if (this.#confirmed) return
    this.#confirmed = true
    this.#acknowledged()
  }

  #takeAnswer(request: SipRequest): boolean {
    const body = sdpOf(request)
    const agreed = typeof body === 'object' ? this.#negotiation.accept(body.sdp) : undefined
    if (agreed) this.#leg.setRemote(agreed.remote)
    return agreed !== undefined
  }

  #receiveBye(incoming: Incoming): void {
    incoming.reply(200)
    if (this.#ended) return
    this.#close()
    this.#leg.end({ cause: 'normal', by: 'remote' })
  }

  /** Re-INVITE (14.2): a new target, address, or hold. */
  #receiveInvite(incoming: Incoming): void {
    // Our offer is still unanswered (14.1; RFC 5407 3.1.5). We answer every re-INVITE at once, so that two never
    // overlap; one that overtakes the ACK proves all the same that our 2xx has arrived.
    if (this.#waiting?.expectsAnswer) return void incoming.reply(491)
    if (this.#waiting) this.#confirm()
    const body = sdpOf(incoming.request)
    if (body === 'unsupported') return void incoming.reply(415, [['Accept', SDP]])
    this.dialog.refreshTarget(incoming.request)
    if (body === 'none') return this.accept(incoming, this.#negotiation.offer(), true)
    const offer = parseSdp(body.sdp)
    const agreed: Agreed | undefined = offer && this.#negotiation.answerTo(offer)
    // The session stays as it was when the change is refused (14.2).
    if (!agreed?.answer) return void incoming.reply(488)
    this.accept(incoming, agreed.answer, false)
    this.#leg.setRemote(agreed.remote)
  }

  #receiveInfo(incoming: Incoming): void {
    const digit = digitOfInfo(incoming.request.headers.get('content-type'), incoming.request.body)
    if (digit === 'unsupported')
      return void incoming.reply(415, [['Accept', 'application/dtmf-relay, application/dtmf']])
    incoming.reply(200)
    if (digit) digitByInfo(this.#leg, digit.digit, digit.durationMs)
  }

  /** UPDATE (RFC 3311) that tells who is there now; we take no offer in one. */
  #receiveUpdate(incoming: Incoming): void {
    if (sdpOf(incoming.request) !== 'none') return void incoming.reply(488)
    incoming.reply(200, this.#around.contactFields(incoming.request.source.transport))
    this.#around.connected?.(this.#leg.id, fromOf(incoming.request))
  }

  /** Tells the far end who is there now. It may refuse to hear it. */
  identify(party: Party): void {
    if (this.#ended || this.#byeWanted) return
    const { endpoint, contactFields } = this.#around
    const { flow } = this.dialog
    const update = identityUpdate(this.dialog, party, contactFields(flow?.transport ?? 'udp'))
    endpoint.request(update, flow, { response: () => undefined, failed: () => undefined })
  }

  /**
   * Puts the far end on hold, or takes it back (RFC 3264 8.4): a re-INVITE whose refusal leaves all as it is
   * (RFC 3261 14.1).
   */
  hold(holds: boolean): void {
    if (this.#ended || this.#byeWanted) return
    const { endpoint, contactFields, authorize } = this.#around
    const { flow } = this.dialog
    const offer: Content = { type: SDP, text: this.#negotiation.offer(holds ? 'sendonly' : 'sendrecv') }
    const send = (invite: OutgoingRequest, to: Hop | undefined): void =>
      endpoint.request(invite, to, {
        response: (response, hop) => {
          const again = isChallenge(response) && authorize(invite, response, hop, this.dialog.nextCseq())
          if (again) return send(again, hop)
          if (response.status < 200 || response.status >= 300) return
          endpoint.sendAck(this.dialog.request('ACK', [], undefined, invite.cseq), flow)
          const body = sdpOf(response)
          const agreed = typeof body === 'object' ? this.#negotiation.accept(body.sdp) : undefined
          if (agreed && !this.#ended) this.#leg.setRemote(agreed.remote)
        },
        failed: () => undefined,
      })
    send(this.dialog.request('INVITE', contactFields(flow?.transport ?? 'udp'), offer), flow)
  }

  /** Ends the dialog: at once, or, before the caller's ACK, when that has come (15). */
  bye(): void {
    if (this.#ended || this.#byeWanted) return
    if (this.#confirmed) this.#sendBye()
    else this.#byeWanted = true
  }

  #sendBye(): void {
    this.#ended = true
    this.#stopWaiting()
    this.#around.sendBye(this.dialog, () => this.#forget())
  }

  /** The dialog is confirmed all the same, and ended (13.3.1.4). */
  #neverAcknowledged(): void {
    this.#around.logger.info({ call: this.#leg.id }, 'a 2xx was never acknowledged')
    this.#confirmed = true
    this.#stopWaiting()
    if (this.#byeWanted) this.#sendBye()
    else this.#leg.hangUp({ cause: 'failed', by: 'network', status: 408 })
  }

  #stopWaiting(): void {
    this.#waiting?.retry?.cancel()
    this.#waiting?.life?.cancel()
    this.#waiting = undefined
  }

  #close(): void {
    this.#ended = true
    this.#stopWaiting()
    this.#forget()
  }

  #forget(): void {
    this.#around.dialogs.delete(this.dialog.key)
  }
}
