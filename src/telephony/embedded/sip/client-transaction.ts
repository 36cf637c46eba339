import type { Hop, SipResponse } from './message.ts'
import { type OutgoingRequest, writeFailureAck, writeOutgoing } from './outgoing.ts'
import type { TransactionOwner } from './server-transaction.ts'
import type { Timer } from './timers.ts'
import { T1, T2, T4, TIMER_D, TRANSACTION_MS } from './timing.ts'

/** The one who sent the request is told what becomes of it. */
export interface ClientUser {
  /**
   * Every provisional response, the first final one, and every 2xx to INVITE (also repeated: it wants its ACK).
   * @param hop where the request went
   */
  response(response: SipResponse, hop: Hop): void
  /** No final response: 408 by RFC 3261 8.1.3.1, or 503 when the network refused the packet. */
  failed(status: 408 | 503): void
}

/** Nobody: a request that has its final answer keeps nothing of its call alive while it lingers. */
const NOBODY: ClientUser = { response: () => undefined, failed: () => undefined }

type State = 'calling' | 'proceeding' | 'completed' | 'accepted' | 'ended'

/**
 * The client side of one request (RFC 3261 17.1, with the Accepted state of RFC 6026): repeats it over UDP
 * until somebody answers, acknowledges a refused INVITE, and absorbs repeated final responses.
 */
export class ClientTransaction {
  readonly key: string
  readonly request: OutgoingRequest
  readonly hop: Hop
  readonly #owner: TransactionOwner
  #user: ClientUser
  readonly #via: string
  #text: string
  readonly #invite: boolean
  #state: State = 'calling'
  #ack: string | undefined
  #retry: Timer | undefined
  #life: Timer | undefined

  /** @param via value of the Via, whose branch is in `key` */
  constructor(
    owner: TransactionOwner,
    key: string,
    request: OutgoingRequest,
    via: string,
    hop: Hop,
    user: ClientUser,
  ) {
    this.#owner = owner
    this.key = key
    this.request = request
    this.hop = hop
    this.#via = via
    this.#user = user
    this.#invite = request.method === 'INVITE'
    this.#text = writeOutgoing(request, via)
  }

  get via(): string {
    return this.#via
  }

  start(): void {
    this.#send(this.#text)
    // Timers A and E repeat over UDP only; B and F end the wait (17.1.1.2, 17.1.2.2).
    if (this.hop.transport === 'udp') this.#repeatAfter(T1)
    this.#life = this.#owner.timers.after(TRANSACTION_MS, () => this.#fail(408))
  }

  receive(response: SipResponse): void {
    if (response.status < 200) this.#provisional(response)
    else if (!this.#invite) this.#final(response, this.hop.transport === 'udp' ? T4 : 0)
    else if (response.status < 300) this.#accepted(response)
    else this.#refused(response)
  }

  #provisional(response: SipResponse): void {
    if (this.#state !== 'calling' && this.#state !== 'proceeding') return
    if (this.#state === 'calling' && this.#invite) {
      // An INVITE that is being worked on may ring for as long as its user lets it (17.1.1.2).
      this.#retry?.cancel()
      this.#life?.cancel()
    }
    this.#state = 'proceeding'
    this.#user.response(response, this.hop)
  }

  #accepted(response: SipResponse): void {
    if (this.#state === 'completed' || this.#state === 'ended') return
    if (this.#state !== 'accepted') {
      this.#state = 'accepted'
      this.#linger(TRANSACTION_MS) // Timer M (RFC 6026 7.2)
    }
    this.#user.response(response, this.hop)
  }

  #refused(response: SipResponse): void {
    if (this.#state === 'completed') {
      if (this.#ack !== undefined) this.#owner.send(this.#ack, this.hop)
      return
    }
    if (this.#state === 'accepted' || this.#state === 'ended') return
    this.#ack = writeFailureAck(this.request, this.#via, response.headers.get('to') ?? this.request.to)
    this.#owner.send(this.#ack, this.hop)
    this.#final(response, this.hop.transport === 'udp' ? TIMER_D : 0)
  }

  /** Timers D and K absorb repeated responses; over TCP there are none. */
  #final(response: SipResponse, lingerMs: number): void {
    if (this.#state !== 'calling' && this.#state !== 'proceeding') return
    const user = this.#user
    this.#state = 'completed'
    this.#user = NOBODY
    this.#text = ''
    this.#linger(lingerMs)
    user.response(response, this.hop)
  }

  #linger(ms: number): void {
    this.#retry?.cancel()
    this.#life?.cancel()
    if (ms === 0) this.end()
    else this.#life = this.#owner.timers.after(ms, () => this.end())
  }

  #repeatAfter(interval: number): void {
    this.#retry = this.#owner.timers.after(interval, () => {
      this.#send(this.#text)
      // Timer A doubles without bound, timer E up to T2, and is T2 at once after a provisional response.
      if (this.#invite) this.#repeatAfter(interval * 2)
      else this.#repeatAfter(this.#state === 'proceeding' ? T2 : Math.min(interval * 2, T2))
    })
  }

  #send(text: string): void {
    this.#owner.send(text, this.hop, () => this.#fail(503))
  }

  #fail(status: 408 | 503): void {
    if (this.#state !== 'calling' && this.#state !== 'proceeding') return
    this.end()
    this.#user.failed(status)
  }

  /** Gives the request up without telling its user. */
  end(): void {
    this.#state = 'ended'
    this.#retry?.cancel()
    this.#life?.cancel()
    this.#owner.ended(this)
  }
}
