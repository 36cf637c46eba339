import type { Party } from '../../call/call.ts'
import { wantsIdentity } from './connected-identity.ts'
import { type DialogSurroundings, Established, SDP } from './established.ts'
import type { Leg, Signalling } from './leg.ts'
import { Negotiation } from './sdp/negotiation.ts'
import type { SessionDescription } from './sdp/session-description.ts'
import { dialogOfInvite } from './sip/dialog.ts'
import type { Incoming } from './sip/incoming.ts'
import type { SipRequest } from './sip/message.ts'
import type { Timer } from './sip/timers.ts'
import type { HeaderFields } from './sip/write-message.ts'

/** A caller that is not answered within this hears ringing; sooner than the 100 of RFC 3261 17.2.1. */
const RINGING_MS = 150

/**
 * A call that somebody makes to us: its INVITE until the answer or the refusal (RFC 3261 13.3), after which the
 * dialog takes over. Without an offer in the INVITE ours goes into the 200, and the ACK brings the answer.
 */
export class InboundCall implements Signalling {
  readonly #around: DialogSurroundings
  readonly #leg: Leg
  readonly #incoming: Incoming
  readonly #offer: SessionDescription | undefined
  readonly #mediaHost: string
  readonly #decided: () => void
  readonly #ringing: Timer
  #port: number | undefined
  #answerWanted: string | undefined
  #dialog: Established | undefined

  /**
   * @param offer SDP of the INVITE, known to be acceptable; undefined when it had none
   * @param decided told when the INVITE has its final response
   */
  constructor(
    around: DialogSurroundings,
    leg: Leg,
    incoming: Incoming,
    {
      offer,
      mediaHost,
      decided,
    }: { offer: SessionDescription | undefined; mediaHost: string; decided: () => void },
  ) {
    this.#around = around
    this.#leg = leg
    this.#incoming = incoming
    this.#offer = offer
    this.#mediaHost = mediaHost
    this.#decided = decided
    this.#ringing = around.endpoint.timers.after(RINGING_MS, () =>
      incoming.reply(180, around.contactFields(incoming.request.source.transport)),
    )
  }

  /** Is this request about the call while it rings? */
  isEarly({ callId, fromTag, toTag }: SipRequest): boolean {
    const { request, tag } = this.#incoming
    return callId === request.callId && fromTag === request.fromTag && toTag === tag
  }

  mediaReady(port: number): void {
    this.#port = port
    if (this.#answerWanted !== undefined) this.#accept(this.#answerWanted, port)
  }

  answer(command: string): boolean {
    if (this.#dialog || this.#answerWanted !== undefined) return false
    this.#answerWanted = command
    if (this.#port !== undefined) this.#accept(command, this.#port)
    return true
  }

  #accept(command: string, port: number): void {
    if (!this.#incoming.transaction.open) return
    const negotiation = new Negotiation({ host: this.#mediaHost, port }, this.#leg.session)
    const agreed = this.#offer === undefined ? undefined : negotiation.answerTo(this.#offer)
    const sdp = this.#offer === undefined ? negotiation.offer() : agreed?.answer
    if (sdp === undefined) return this.#leg.hangUp({ cause: 'unsupported', by: 'local', status: 488 })
    const { request, tag } = this.#incoming
    // With our offer in the 200, audio can flow only when the ACK has brought the answer.
    const delayed = this.#offer === undefined
    const acknowledged = (): void => (delayed ? this.#leg.answered(command) : undefined)
    const dialog = new Established(
      this.#around,
      this.#leg,
      dialogOfInvite(request, tag),
      negotiation,
      acknowledged,
    )
    this.#dialog = dialog
    this.#settle()
    dialog.accept(this.#incoming, sdp, delayed)
    if (!agreed) return
    this.#leg.setRemote(agreed.remote)
    this.#leg.answered(command)
  }

  /** CANCEL, or BYE in an early dialog: the INVITE ends with 487 (9.2, 15.1.2), unless it has its answer. */
  cancelled(): void {
    if (!this.#incoming.transaction.open) return
    this.#settle()
    this.#incoming.reply(487)
    this.#leg.end({ cause: 'cancelled', by: 'remote', status: 487 })
  }

  release(status: number, retryAfterSeconds?: number): void {
    if (this.#dialog) return this.#dialog.bye()
    this.#settle()
    const fields: HeaderFields =
      retryAfterSeconds === undefined ? [] : [['Retry-After', String(retryAfterSeconds)]]
    this.#incoming.reply(status, status === 488 ? [['Accept', SDP]] : fields)
  }

  identify(party: Party): void {
    if (wantsIdentity(this.#incoming.request)) this.#dialog?.identify(party)
  }

  hold(holds: boolean): void {
    this.#dialog?.hold(holds)
  }

  #settle(): void {
    this.#ringing.cancel()
    this.#decided()
  }
}
