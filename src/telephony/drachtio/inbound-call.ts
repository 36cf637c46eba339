import type Srf from 'drachtio-srf'
import type { Cancel } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import { type DialogSurroundings, Established } from './established.ts'
import type { Leg, Signalling } from './leg.ts'
import type { MediaServers } from './media-servers.ts'
import { SessionOrigin } from './session-description.ts'
import { timerOfAnswer } from './session-timers.ts'
import { type SipRequest, statusOf } from './sip-messages.ts'

/** A caller that is not answered within this hears ringing. */
const RINGING_MS = 150

/**
 * A call that somebody makes to us: its INVITE until the answer or the refusal, after which the dialog takes over.
 * FreeSWITCH answers the offer; without one in the INVITE its offer goes into the 200, and the ACK brings the answer.
 */
export class InboundCall implements Signalling {
  readonly #around: DialogSurroundings
  readonly #servers: MediaServers
  readonly #leg: Leg
  readonly #raw: { readonly request: Srf.SrfRequest; readonly response: Srf.SrfResponse }
  readonly #request: SipRequest
  readonly #origin = new SessionOrigin()
  readonly #ringing: Cancel
  #answering = false
  #decided = false
  #established: Established | undefined

  constructor(
    around: DialogSurroundings,
    servers: MediaServers,
    leg: Leg,
    raw: { readonly request: Srf.SrfRequest; readonly response: Srf.SrfResponse },
    request: SipRequest,
  ) {
    this.#around = around
    this.#servers = servers
    this.#leg = leg
    this.#raw = raw
    this.#request = request
    this.#ringing = around.clock.after(RINGING_MS, () => raw.response.send(180))
    raw.request.on('cancel', () => this.#cancelled())
  }

  get remoteSdp(): string | undefined {
    return this.#established?.remoteSdp
  }

  answer(command: string): boolean {
    if (this.#answering || this.#decided) return false
    this.#answering = true
    this.#accept(command).catch((error: unknown) => {
      const refused = statusOf(error) === 488
      this.#around.logger.warn({ call: this.#leg.id, why: messageOf(error) }, 'a call could not be answered')
      if (refused) this.#leg.hangUp({ cause: 'unsupported', by: 'local', status: 488 })
      else this.#leg.hangUp({ cause: 'backend-lost', by: 'network', status: 503 })
    })
    return true
  }

  release(status: number, retryAfterSeconds?: number): void {
    if (this.#established) return this.#established.bye()
    if (this.#decided) return
    this.#decide()
    const headers = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }
    this.#raw.response.send(status, { headers })
  }

  async offer(sdp: string): Promise<string> {
    if (!this.#established) throw new Error('the call has not been answered')
    return this.#established.offer(sdp)
  }

  reconnected(): void {
    this.#established?.reconnected()
  }

  async #accept(command: string): Promise<void> {
    const timer = timerOfAnswer(this.#request.fields, this.#around.sessionExpiresSeconds)
    if ('refused' in timer) {
      this.#decide()
      this.#raw.response.send(422, { headers: timer.refused })
      return this.#leg.end({ cause: 'unsupported', by: 'local', status: 422 })
    }
    const offer = this.#request.body
    const placed = await this.#servers.endpoint(offer === '' ? undefined : offer)
    const { request, response } = this.#raw
    if (this.#decided) return placed.endpoint.destroy()
    this.#leg.place(placed)
    this.#decide()
    const localSdp = this.#origin.describe(placed.endpoint.localSdp)
    // The send is one write: drachtio-srf resolves when drachtio-server has said that the 200 is out.
    const dialog = await this.#around.server.srf.createUAS(request, response, {
      localSdp,
      headers: { ...timer.headers },
    })
    if (offer !== '') this.#leg.answering = { command }
    const established = new Established(dialog, this.#leg, this.#around, this.#origin)
    this.#established = established
    if (this.#leg.state === 'ending') return established.bye()
    if (offer !== '') return this.#leg.answered(command)
    established.onceAcknowledged((sdp) => {
      placed.endpoint.modify(sdp).then(
        () => {
          established.remoteSdp = sdp
          this.#leg.answered(command)
        },
        () => this.#leg.hangUp({ cause: 'unsupported', by: 'local', status: 488 }),
      )
    })
  }

  /** drachtio-server has answered the CANCEL, and the INVITE with 487. */
  #cancelled(): void {
    if (this.#established) return
    this.#decide()
    this.#leg.end({ cause: 'cancelled', by: 'remote', status: 487 })
  }

  #decide(): void {
    this.#decided = true
    this.#ringing()
  }
}
