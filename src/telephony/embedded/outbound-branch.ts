import type { Destination } from './destination.ts'
import { sdpOf } from './sdp/body.ts'
import type { ClientTransaction, ClientUser } from './sip/client-transaction.ts'
import type { Endpoint } from './sip/endpoint.ts'
import type { Hop, SipResponse } from './sip/message.ts'
import type { OutgoingRequest } from './sip/outgoing.ts'
import type { Timer } from './sip/timers.ts'
import { TRANSACTION_MS } from './sip/timing.ts'

export interface Answer {
  readonly response: SipResponse
  readonly hop: Hop
}

/** What becomes of an INVITE of ours. */
export interface BranchListener {
  progress(branch: Branch, response: SipResponse): void
  /** Any 2xx, also repeated ones, and from several phones behind a proxy. */
  accepted(branch: Branch, response: SipResponse): void
  /** @param answer absent when there was none (408, 503); `hop` is where the INVITE went */
  refused(branch: Branch, status: number, answer: Answer | undefined): void
}

/** One INVITE to one destination, with what CANCEL needs to know (RFC 3261 9.1). */
export class Branch implements ClientUser {
  readonly destination: Destination
  readonly #endpoint: Endpoint
  readonly #listener: BranchListener
  #invite: OutgoingRequest
  #transaction: ClientTransaction | undefined
  #state: 'calling' | 'proceeding' | 'done' = 'calling'
  #cancelWanted = false
  #cancelled = false
  #giveUp: Timer | undefined
  #earlySdp: string | undefined

  constructor(
    endpoint: Endpoint,
    destination: Destination,
    listener: BranchListener,
    invite: OutgoingRequest,
  ) {
    this.#endpoint = endpoint
    this.destination = destination
    this.#listener = listener
    this.#invite = invite
  }

  get invite(): OutgoingRequest {
    return this.#invite
  }

  /** SDP of a provisional response. */
  get earlySdp(): string | undefined {
    return this.#earlySdp
  }

  start(flow = this.destination.flow): void {
    if (this.#cancelWanted) return this.#refused(487, undefined)
    this.#endpoint.request(this.#invite, flow, this, (transaction) => {
      this.#transaction = transaction
    })
  }

  /** The same call again, with credentials, to the one who asked for them. */
  restart(invite: OutgoingRequest, hop: Hop): void {
    this.#invite = invite
    this.#state = 'calling'
    this.start(hop)
  }

  /** Withdraws the INVITE; before a provisional response a CANCEL may not be sent, so it waits for one. */
  cancel(): void {
    this.#cancelWanted = true
    if (this.#state === 'proceeding') this.#sendCancel()
  }

  #sendCancel(): void {
    const transaction = this.#transaction
    if (this.#cancelled || !transaction) return
    this.#cancelled = true
    this.#endpoint.cancel(transaction)
    // Whoever does not answer the INVITE after a CANCEL never will.
    this.#giveUp = this.#endpoint.timers.after(TRANSACTION_MS, () => {
      transaction.end()
      this.#refused(408, undefined)
    })
  }

  response(response: SipResponse, hop: Hop): void {
    if (response.status >= 300) return this.#refused(response.status, { response, hop })
    if (response.status >= 200) {
      this.#state = 'done'
      this.#giveUp?.cancel()
      return this.#listener.accepted(this, response)
    }
    if (this.#state === 'calling') this.#state = 'proceeding'
    if (this.#cancelWanted) return this.#sendCancel()
    const body = sdpOf(response)
    if (typeof body === 'object') this.#earlySdp = body.sdp
    this.#listener.progress(this, response)
  }

  failed(status: 408 | 503): void {
    this.#refused(status, undefined)
  }

  #refused(status: number, answer: Answer | undefined): void {
    if (this.#state === 'done') return
    this.#state = 'done'
    this.#giveUp?.cancel()
    this.#listener.refused(this, status, answer)
  }
}
