import { networkInterfaces } from 'node:os'
import type { Logger } from 'pino'
import type { Clock } from '../../../clock/clock.ts'
import { SwitchroomError } from '../../../errors.ts'
import type { Trace } from '../../trace.ts'
import type { ClientTransaction, ClientUser } from './client-transaction.ts'
import { findHop } from './hop.ts'
import { Incoming } from './incoming.ts'
import type { Connection, Hop, MalformedRequest, SipRequest } from './message.ts'
import { cancelOf, type OutgoingRequest, writeOutgoing } from './outgoing.ts'
import { parseMessage } from './parse-message.ts'
import { newBranch, newTag } from './random.ts'
import { responseHop } from './server-transaction.ts'
import { TcpTransport } from './tcp-transport.ts'
import { Timers } from './timers.ts'
import { Transactions } from './transactions.ts'
import { UdpTransport } from './udp-transport.ts'
import { WireTrace } from './wire-trace.ts'
import { type HeaderFields, writeResponse } from './write-message.ts'

const ANY_ADDRESS = '0.0.0.0'

export interface EndpointOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Address to bind, IPv4. */
  readonly host: string
  /** 0: any free port, the same for UDP and TCP. */
  readonly port: number
  readonly tcp: boolean
  /** What Via and Contact say, when it is not the bound address. */
  readonly publicHost?: string | undefined
  readonly trace?: Trace | undefined
}

/** The layer above: the core of RFC 3261 8.2, which decides what requests mean. */
export interface EndpointUser {
  /** Nothing from here is answered. */
  isSilenced(source: Hop): boolean
  /** A new request: true when it was dropped, or answered without a transaction (8.2.7). */
  turnsAway(request: SipRequest): boolean
  request(incoming: Incoming): void
  /** An ACK that no transaction took. */
  ack(request: SipRequest): void
  connectionClosed(connection: Connection): void
}

/** One SIP address: its transports and its transactions. */
export class Endpoint {
  readonly timers: Timers
  readonly transactions: Transactions
  readonly #options: EndpointOptions
  readonly #udp: UdpTransport
  readonly #tcp: TcpTransport
  readonly #host: string
  readonly #wire: WireTrace | undefined
  #port = 0
  #user: EndpointUser | undefined

  constructor(options: EndpointOptions) {
    this.#options = options
    const { logger, host, publicHost } = options
    this.#host = publicHost ?? (host === ANY_ADDRESS ? ownAddress() : host)
    this.timers = new Timers(options.clock, (err) => logger.error({ err }, 'SIP timer failed'))
    this.#wire = options.trace && new WireTrace(options.trace, options.clock)
    this.#udp = new UdpTransport(logger)
    this.#tcp = new TcpTransport(logger, this.timers)
    this.transactions = new Transactions(this.timers, (data, hop, failed) => this.send(data, hop, failed))
  }

  /** @throws SwitchroomError PORT_TAKEN or ADDRESS_UNAVAILABLE, naming `sip.port` or `sip.host` */
  async start(user: EndpointUser): Promise<void> {
    this.#user = user
    const { host, port, tcp } = this.#options
    // A free UDP port need not be free for TCP; look a few times before giving up.
    for (let attempt = port === 0 ? 10 : 1; attempt > 0; attempt--) {
      try {
        this.#port = await this.#udp.start(host, port, (data, source) => this.receive(data, source))
        this.#wire?.listensAt({ host: host === ANY_ADDRESS ? this.#host : host, port: this.#port })
        if (tcp) await this.#startTcp(host, this.#port)
        return
      } catch (error) {
        await this.#udp.stop()
        if (attempt === 1) throw startError(error, host, port)
      }
    }
  }

  #startTcp(host: string, port: number): Promise<void> {
    return this.#tcp.start(host, port, {
      receive: (data, source) => this.receive(data, source),
      closed: (connection) => this.#user?.connectionClosed(connection),
    })
  }

  /** Drops every transaction and closes the sockets. */
  async stop(): Promise<void> {
    this.transactions.clear()
    await Promise.all([this.#udp.stop(), this.#tcp.stop()])
    this.timers.clear()
  }

  /** Where others reach us; valid after `start`. */
  address(): { readonly host: string; readonly port: number } {
    return { host: this.#host, port: this.#port }
  }

  connections(): number {
    return this.#tcp.size
  }

  /** One packet: whatever it holds, nothing is thrown. */
  receive(data: Buffer, source: Hop): void {
    try {
      const message = parseMessage(data, source)
      if (!message) return
      this.#wire?.received(message.headers.get('call-id') ?? '', data, source)
      if (message.kind === 'malformed') {
        if (!this.#user?.isSilenced(source)) this.#refuseMalformed(message)
      } else if (message.kind === 'request') this.#receiveRequest(message)
      // A response whose Via is not ours, or not the only one, was misdirected (18.1.2).
      else if (message.via.host === this.address().host && message.headers.list('via').length === 1) {
        this.transactions.receiveResponse(message)
      }
    } catch (err) {
      this.#options.logger.error({ err, source: source.host }, 'SIP message could not be handled')
    }
  }

  #receiveRequest(request: SipRequest): void {
    const user = this.#user
    if (!user) return
    const arrival = this.transactions.receiveRequest(request, (each) => user.turnsAway(each))
    if (arrival.type === 'ack') user.ack(request)
    else if (arrival.type === 'merged') new Incoming(request, arrival.transaction).reply(482)
    else if (arrival.type === 'new') user.request(new Incoming(request, arrival.transaction))
  }

  #refuseMalformed(request: MalformedRequest): void {
    const reason = request.status === 400 ? `Bad Request: ${request.fault}` : request.fault
    this.send(writeResponse(request, request.status, newTag(), [], undefined, reason), responseHop(request))
  }

  /** Answers without keeping anything. */
  replyStateless(request: SipRequest, status: number, tag: string, fields: HeaderFields): void {
    this.send(writeResponse(request, status, tag, fields), responseHop(request))
  }

  /**
   * Sends a request, to `flow` when there is one that can still be used, else to where its next hop leads.
   * @param started given the transaction once it is sent; not called when there is nowhere to send to
   */
  request(
    request: OutgoingRequest,
    flow: Hop | undefined,
    user: ClientUser,
    started?: (transaction: ClientTransaction) => void,
  ): void {
    const send = (hop: Hop | undefined): void => {
      if (!hop) return user.failed(503)
      const via = (branch: string): string => this.viaFor(branch, hop)
      const transaction = this.transactions.request(request, hop, via, user)
      started?.(transaction)
    }
    if (flow && flow.connection?.open !== false) send(flow)
    else findHop(request.nextHop, send)
  }

  /** The ACK of a 2xx: a request without an answer, so without a transaction (13.2.2.4). */
  sendAck(ack: OutgoingRequest, flow: Hop | undefined): void {
    const send = (hop: Hop | undefined): void => {
      if (hop) this.send(writeOutgoing(ack, this.viaFor(newBranch(), hop)), hop)
    }
    if (flow && flow.connection?.open !== false) send(flow)
    else findHop(ack.nextHop, send)
  }

  cancel(transaction: ClientTransaction): void {
    const ignore: ClientUser = { response: () => undefined, failed: () => undefined }
    this.transactions.cancel(cancelOf(transaction.request), transaction, ignore)
  }

  /** `rport` (RFC 3581) lets the response find us behind address translation. */
  viaFor(branch: string, hop: Hop): string {
    const { host, port } = this.address()
    return `SIP/2.0/${hop.transport.toUpperCase()} ${host}:${port};branch=${branch};rport`
  }

  send(data: string, hop: Hop, failed?: (error: Error) => void): void {
    this.#wire?.sent(data, hop)
    if (hop.transport === 'tcp') this.#tcp.send(data, hop, failed)
    else this.#udp.send(data, hop.host, hop.port, failed)
  }
}

/** The first address that others may reach, for Via, Contact and SDP when we listen on all of them. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return all.find((each) => each.family === 'IPv4' && !each.internal)?.address ?? '127.0.0.1'
}

function startError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return new SwitchroomError('PORT_TAKEN', `sip.port ${port} on ${host} is in use by another program`, {
      remedy: 'Stop that program, or choose another port: --set sip.port=<port>.',
      cause: error,
    })
  }
  if (code === 'EADDRNOTAVAIL' || code === 'EACCES' || code === 'EINVAL' || code === 'ENOTFOUND') {
    return new SwitchroomError('ADDRESS_UNAVAILABLE', `sip.host ${host}, sip.port ${port} cannot be bound`, {
      remedy: 'Give an address of this machine: --set sip.host=<address>; ports below 1024 need privileges.',
      cause: error,
    })
  }
  return error
}
