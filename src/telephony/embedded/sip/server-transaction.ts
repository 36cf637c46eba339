import type { Hop, SipRequest } from './message.ts'
import { newTag } from './random.ts'
import type { Timer, Timers } from './timers.ts'
import { T1, T2, T4, TRANSACTION_MS, TRYING_MS } from './timing.ts'
import { MAGIC_COOKIE } from './via.ts'
import { writeResponse } from './write-message.ts'

/** What a transaction needs of the layer that owns it. */
export interface TransactionOwner {
  readonly timers: Timers
  send(data: string, hop: Hop, failed?: (error: Error) => void): void
  /** The transaction is over and forgotten. */
  ended(transaction: { readonly key: string; readonly identity?: string | undefined }): void
}

type State = 'trying' | 'proceeding' | 'completed' | 'confirmed' | 'accepted'

/**
 * The server side of one request (RFC 3261 17.2, with the Accepted state of RFC 6026): sends responses again
 * when the request is repeated or, over UDP, when the ACK of a refused INVITE stays out.
 * After the final response it keeps that text and nothing of the request: thousands linger for 32 s.
 */
export class ServerTransaction {
  readonly key: string
  /** Entry in the index of INVITEs that might come merged. */
  readonly identity: string | undefined
  /** What its responses add to To, all of them the same (8.2.6.2); our tag of the dialog, for an INVITE. */
  readonly tag: string
  readonly #owner: TransactionOwner
  readonly #invite: boolean
  readonly #hop: Hop
  #state: State = 'trying'
  #last: string | undefined
  #timer: Timer | undefined
  #life: Timer | undefined

  constructor(owner: TransactionOwner, key: string, request: SipRequest, identity?: string) {
    this.#owner = owner
    this.key = key
    this.identity = identity
    this.tag = request.toTag || newTag()
    this.#invite = request.method === 'INVITE'
    this.#hop = responseHop(request)
    if (this.#invite) {
      this.#timer = owner.timers.after(TRYING_MS, () => {
        if (this.#state === 'trying') this.send(100, writeResponse(request, 100, ''))
      })
    }
  }

  /** False once a final response has been sent. */
  get open(): boolean {
    return this.#state === 'trying' || this.#state === 'proceeding'
  }

  /** The request again: the last response again, or nothing (17.2.1, 17.2.2; a 2xx is its sender's business). */
  repeat(): void {
    if (this.#last !== undefined && this.#state !== 'confirmed') this.#owner.send(this.#last, this.#hop)
  }

  /** Sends a response; a second final one is dropped. */
  send(status: number, text: string): void {
    if (!this.open) return
    this.#timer?.cancel()
    this.#timer = undefined
    this.#owner.send(text, this.#hop)
    if (status < 200) {
      this.#state = 'proceeding'
      this.#last = text
    } else if (this.#invite && status < 300) {
      // RFC 6026 7.1: Accepted absorbs the repeated INVITE until timer L; the 2xx is repeated by the UAS core.
      this.#state = 'accepted'
      this.#last = undefined
      this.#endAfter(TRANSACTION_MS)
    } else {
      this.#state = 'completed'
      this.#last = text
      if (this.#invite) {
        if (this.#hop.transport === 'udp') this.#repeatAfter(T1)
        this.#endAfter(TRANSACTION_MS) // Timer H
      } else this.#endAfter(this.#hop.transport === 'udp' ? TRANSACTION_MS : 0) // Timer J
    }
  }

  /** Repeats a 2xx to INVITE, whose transaction does not do so itself (13.3.1.4). */
  resend(text: string): void {
    this.#owner.send(text, this.#hop)
  }

  /** The ACK of a refused INVITE: stop repeating; timer I absorbs further ACKs. */
  acknowledge(): void {
    if (this.#state !== 'completed' || !this.#invite) return
    this.#state = 'confirmed'
    this.#last = undefined
    this.#timer?.cancel()
    this.#endAfter(this.#hop.transport === 'udp' ? T4 : 0)
  }

  /** Timer G: T1, doubling up to T2. */
  #repeatAfter(interval: number): void {
    this.#timer = this.#owner.timers.after(interval, () => {
      this.repeat()
      this.#repeatAfter(Math.min(interval * 2, T2))
    })
  }

  #endAfter(delayMs: number): void {
    this.#life?.cancel()
    if (delayMs === 0) return this.end()
    this.#life = this.#owner.timers.after(delayMs, () => this.end())
  }

  end(): void {
    this.#timer?.cancel()
    this.#life?.cancel()
    this.#owner.ended(this)
  }
}

/**
 * Where responses go (18.2.2, RFC 3581 4): back over the connection; over UDP to the source address, and to the
 * source port if the client asked by `rport`. `maddr` is ignored: a response never goes to a third party.
 */
export function responseHop({ via, source }: Pick<SipRequest, 'via' | 'source'>): Hop {
  if (via.rport && source.transport === 'udp') return source
  return { ...source, port: via.port ?? 5060 }
}

/**
 * Which transaction a request belongs to (17.2.3). ACK finds its INVITE, CANCEL is one of its own; `method`
 * overrides that to find what a CANCEL is for. Without the magic cookie, by the rules of RFC 2543.
 */
export function serverKey(request: SipRequest, method = request.method): string {
  const { via } = request
  const name = method === 'ACK' ? 'INVITE' : method
  if (via.branch.startsWith(MAGIC_COOKIE) && via.branch.length > MAGIC_COOKIE.length) {
    return `${name} ${via.branch} ${via.host}:${via.port ?? 5060}`
  }
  return `${name} ${request.uri} ${request.callId} ${request.cseq} ${request.fromTag} ${via.text}`
}
