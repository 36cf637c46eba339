import { ClientTransaction, type ClientUser } from './client-transaction.ts'
import type { Hop, SipRequest, SipResponse } from './message.ts'
import type { OutgoingRequest } from './outgoing.ts'
import { newBranch } from './random.ts'
import { ServerTransaction, serverKey, type TransactionOwner } from './server-transaction.ts'
import type { Timers } from './timers.ts'

/** What the transaction layer makes of a request. */
export type Arrival =
  | { readonly type: 'new'; readonly transaction: ServerTransaction }
  /** Absorbed here: a repeated request, the ACK of a refusal, or turned away. */
  | { readonly type: 'absorbed' }
  /** The ACK of a 2xx: for the dialog. */
  | { readonly type: 'ack' }
  /** The same request by another path (8.2.2.2): 482. */
  | { readonly type: 'merged'; readonly transaction: ServerTransaction }

/** Every transaction that is under way or lingers, found by the keys of RFC 3261 17.1.3 and 17.2.3. */
export class Transactions implements TransactionOwner {
  readonly timers: Timers
  readonly send: TransactionOwner['send']
  readonly #servers = new Map<string, ServerTransaction>()
  readonly #clients = new Map<string, ClientTransaction>()
  /** INVITEs outside dialogs by Call-ID, From tag and CSeq, to recognise merged ones. */
  readonly #invites = new Set<string>()

  constructor(timers: Timers, send: TransactionOwner['send']) {
    this.timers = timers
    this.send = send
  }

  get size(): number {
    return this.#servers.size + this.#clients.size
  }

  /** @param turnsAway asked about each new request; true when it shall leave no trace here */
  receiveRequest(request: SipRequest, turnsAway: (request: SipRequest) => boolean): Arrival {
    const key = serverKey(request)
    const known = this.#servers.get(key)
    if (known) {
      if (request.method === 'ACK') known.acknowledge()
      else known.repeat()
      return { type: 'absorbed' }
    }
    if (request.method === 'ACK') return { type: 'ack' }
    if (turnsAway(request)) return { type: 'absorbed' }
    const identity = inviteIdentity(request)
    const merged = identity !== undefined && this.#invites.has(identity)
    if (identity !== undefined && !merged) this.#invites.add(identity)
    const transaction = new ServerTransaction(this, key, request, merged ? undefined : identity)
    this.#servers.set(key, transaction)
    return { type: merged ? 'merged' : 'new', transaction }
  }

  /** The transaction that a CANCEL is for (9.2); undefined when there is none (481). */
  cancelled(cancel: SipRequest): ServerTransaction | undefined {
    return this.#servers.get(serverKey(cancel, 'INVITE'))
  }

  /** False when no request of ours waits for this response. */
  receiveResponse(response: SipResponse): boolean {
    const transaction = this.#clients.get(clientKey(response.method, response.via.branch))
    transaction?.receive(response)
    return transaction !== undefined
  }

  /** @param via makes the Via value for a branch */
  request(
    request: OutgoingRequest,
    hop: Hop,
    via: (branch: string) => string,
    user: ClientUser,
  ): ClientTransaction {
    const branch = newBranch()
    return this.#start(clientKey(request.method, branch), request, via(branch), hop, user)
  }

  /** CANCEL shares the branch of what it cancels (9.1), and its hop. */
  cancel(request: OutgoingRequest, cancelled: ClientTransaction, user: ClientUser): void {
    const branch = cancelled.key.slice(cancelled.key.indexOf(' ') + 1)
    this.#start(clientKey('CANCEL', branch), request, cancelled.via, cancelled.hop, user)
  }

  #start(key: string, request: OutgoingRequest, via: string, hop: Hop, user: ClientUser): ClientTransaction {
    const transaction = new ClientTransaction(this, key, request, via, hop, user)
    this.#clients.set(key, transaction)
    transaction.start()
    return transaction
  }

  ended(transaction: { readonly key: string; readonly identity?: string | undefined }): void {
    if (this.#clients.delete(transaction.key)) return
    this.#servers.delete(transaction.key)
    if (transaction.identity !== undefined) this.#invites.delete(transaction.identity)
  }

  /** Forgets everything, telling nobody. */
  clear(): void {
    for (const transaction of [...this.#servers.values(), ...this.#clients.values()]) transaction.end()
  }
}

/** What stays the same when one INVITE arrives by two paths (8.2.2.2); undefined within a dialog. */
function inviteIdentity(request: SipRequest): string | undefined {
  if (request.method !== 'INVITE' || request.toTag !== '') return undefined
  return `${request.callId} ${request.fromTag} ${request.cseq}`
}

function clientKey(method: string, branch: string): string {
  return `${method} ${branch}`
}
