/**
 * The telephony backend that stands on drachtio-server and FreeSWITCH: SIP dialogs through drachtio-srf, one media
 * endpoint per leg through drachtio-fsmrf. This file joins the parts: the connections, who may call, calls in both
 * directions, and what becomes of them when a connection is lost.
 */
import { randomUUID } from 'node:crypto'
import type Srf from 'drachtio-srf'
import type { CallId } from '../../call/call.ts'
import type { CallCommand } from '../../call/commands.ts'
import type { CallEvent, CommandFailure } from '../../call/events.ts'
import type { Cancel } from '../../clock/clock.ts'
import { SwitchroomError } from '../../errors.ts'
import { allowList } from '../allowed-uris.ts'
import { Authentication } from '../authentication.ts'
import { Bindings } from '../bindings.ts'
import { EventQueue } from '../event-queue.ts'
import { Registrar } from '../registrar.ts'
import type { Telephony } from '../telephony.ts'
import { type Admission, admit } from './admission.ts'
import { broken, executeCommand } from './commands.ts'
import { listOf } from './destinations.ts'
import { DrachtioServer } from './drachtio-server.ts'
import type { DialogSurroundings } from './established.ts'
import { offered } from './events.ts'
import { InboundCall } from './inbound-call.ts'
import { Leg, type LegSurroundings } from './leg.ts'
import type { MediaServer } from './media-server.ts'
import { MediaServers } from './media-servers.ts'
import type { DrachtioOptions, Sizes } from './options.ts'
import { type Destination, OutboundCall } from './outbound-call.ts'
import { registeringOf } from './registering.ts'
import { hasAudio } from './session-description.ts'
import { headersOf, readRequest, type SipRequest, type SipSource } from './sip-messages.ts'
import { StoppableTimers } from './stoppable-timers.ts'
import { Trunks } from './trunks.ts'

/** `stop` waits no longer than this for legs to close, milliseconds. */
const STOP_MS = 3_000
const RETRY_AFTER = { 'Retry-After': '10' }
const ALLOWED = {
  Allow: 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REGISTER',
  Accept: 'application/sdp',
}
const NAME = 'drachtio'

export class DrachtioTelephony implements Telephony {
  readonly #options: DrachtioOptions
  readonly #events: EventQueue
  readonly #server: DrachtioServer
  readonly #media: MediaServers
  readonly #legs = new Map<CallId, Leg>()
  readonly #nonceTimers: StoppableTimers
  readonly #authentication: Authentication<SipRequest>
  readonly #bindings: Bindings<SipSource>
  readonly #registrar: Registrar<SipRequest, SipSource>
  readonly #trunks: Trunks
  readonly #dialogs: DialogSurroundings
  readonly #isAllowed: (uri: string) => boolean
  readonly #around: LegSurroundings
  #address = { host: '', port: 0 }
  #grace: Cancel | undefined
  #draining = false
  #emptied: (() => void) | undefined

  constructor(options: DrachtioOptions) {
    const { clock, logger, realm, findCredentials, digest = ['MD5'] } = options
    this.#options = options
    this.#events = new EventQueue(logger)
    this.#server = new DrachtioServer(options.server, clock, logger)
    this.#media = new MediaServers(options.mediaServers, {
      clock,
      logger,
      srf: this.#server.srf,
      listenAddress: options.listenAddress,
      advertisedAddress: options.advertisedAddress,
      ready: (server) => this.#mediaReady(server),
      lost: (server, detail) => this.#mediaLost(server, detail),
    })
    this.#nonceTimers = new StoppableTimers(clock)
    this.#authentication = new Authentication({
      realm,
      findCredentials,
      // See `headersOf`.
      algorithms: digest.slice(0, 1),
      timers: this.#nonceTimers,
      logger,
      authorization: ({ fields }) => fields['authorization'] ?? [],
    })
    this.#bindings = new Bindings(clock, (change) => this.#events.emit(change))
    this.#registrar = new Registrar({
      authentication: this.#authentication,
      bindings: this.#bindings,
      now: () => clock.now(),
      read: registeringOf,
    })
    this.#trunks = new Trunks(options.trunks ?? [], {
      clock,
      server: this.#server,
      contact: () => `${this.#address.host}:${this.#address.port}`,
      emit: (event) => this.#events.emit(event),
    })
    this.#isAllowed = allowList(options.allowedUris)
    this.#dialogs = {
      clock,
      logger,
      server: this.#server,
      sessionExpiresSeconds: options.sessionExpiresSeconds ?? 1_800,
      trace: options.trace,
    }
    this.#around = {
      clock,
      logger,
      servers: this.#media,
      mediaLostAfterMs: options.mediaLostAfterMs ?? 5_000,
      mediaTimeoutMs: options.mediaTimeoutMs ?? 60_000,
      emit: (event) => this.#events.emit(event),
      forget: (leg) => this.#forget(leg),
    }
    this.#serve()
  }

  async start(receive: (event: CallEvent) => void): Promise<void> {
    this.#events.start(receive)
    await this.#server.start({
      ready: (contacts) => this.#signallingReady(contacts),
      lost: (detail) => this.#signallingLost(detail),
    })
    const failures = await this.#media.start()
    if (this.#media.serving) {
      for (const why of failures) this.#options.logger.error({ why }, 'media server is away')
      return
    }
    this.#media.stop()
    this.#server.stop()
    throw new SwitchroomError('BACKEND_UNREACHABLE', `no media server takes us: ${failures.join('; ')}`, {
      remedy:
        'Start FreeSWITCH with its event socket and the profile, and set drachtio.mediaServers to their addresses.',
    })
  }

  /** Where drachtio-server listens for SIP, once started. */
  address(): { readonly host: string; readonly port: number } {
    return this.#address
  }

  /** What is held at this moment. */
  sizes(): Sizes {
    return {
      calls: this.#legs.size,
      registrations: this.#bindings.size,
      endpoints: this.#media.endpoints,
    }
  }

  execute(command: CallCommand): void {
    this.#events.later(() => {
      executeCommand(
        command,
        {
          leg: (call) => this.#legs.get(call),
          dial: (each) => this.#dial(each),
          own: (work, each) => {
            work.catch((error: unknown) => broken(this.#legs.get(each.call), each, error))
          },
        },
        (reason, detail) => this.#failed(command, reason, detail),
      )
    })
  }

  async stop(): Promise<void> {
    this.#draining = true
    for (const leg of this.#legs.values()) {
      leg.hangUp({ cause: leg.state === 'answered' ? 'normal' : 'cancelled', by: 'local' }, 503)
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = this.#options.clock.after(STOP_MS, resolve)
    this.#emptied = resolve
    if (this.#legs.size === 0) resolve()
    await promise
    cancel()
    this.#grace?.()
    this.#bindings.clear()
    this.#nonceTimers.stop()
    this.#trunks.stop()
    // What has been written to drachtio-server, BYE among it, goes out before the connection closes.
    this.#server.stop()
    this.#media.stop()
    this.#events.stop()
  }

  #serve(): void {
    const { srf } = this.#server
    srf.use('invite', (request, response) => this.#receive(request, response, this.#invite.bind(this)))
    srf.use('register', (request, response) => this.#receive(request, response, this.#register.bind(this)))
    srf.use('options', (_request, response) => response.send(200, { headers: ALLOWED }))
  }

  #receive(
    raw: Srf.SrfRequest,
    response: Srf.SrfResponse,
    handle: (request: SipRequest, raw: Srf.SrfRequest, response: Srf.SrfResponse) => void | Promise<void>,
  ): void {
    const request = readRequest(raw)
    if (!request) return response.send(400)
    Promise.try(handle, request, raw, response).catch((err: unknown) => {
      this.#options.logger.error({ err, method: request.method }, 'SIP request failed')
      response.send(500)
    })
  }

  async #register(request: SipRequest, _raw: Srf.SrfRequest, response: Srf.SrfResponse): Promise<void> {
    const { status, headers } = await this.#registrar.answer(request)
    response.send(status, { headers: headersOf(headers) })
  }

  #invite(request: SipRequest, raw: Srf.SrfRequest, response: Srf.SrfResponse): void | Promise<void> {
    if (request.toTag !== undefined) return response.send(481)
    if (this.#isFull()) return response.send(503, { headers: RETRY_AFTER })
    const admission = admit(request, {
      authentication: this.#authentication,
      isServed: this.#options.isServed,
      trunkOf: (source) => this.#trunks.of(source),
      isOurs: (host) => this.#isOurs(host),
    })
    if (!(admission instanceof Promise)) return this.#judged(admission, request, raw, response)
    let cancelled = false
    raw.on('cancel', () => {
      cancelled = true
    })
    return admission.then((judgement) => {
      if (!cancelled) this.#judged(judgement, request, raw, response)
    })
  }

  #judged(admission: Admission, request: SipRequest, raw: Srf.SrfRequest, response: Srf.SrfResponse): void {
    if (!admission.admitted) return response.send(admission.status, { headers: admission.headers })
    if (request.body !== '' && !hasAudio(request.body))
      return response.send(488, { headers: { Accept: 'application/sdp' } })
    const id = this.#options.callIds?.() ?? randomUUID()
    const leg = this.#make('inbound', id)
    this.#options.trace?.leg(id, request.callId)
    leg.open(new InboundCall(this.#dialogs, this.#media, leg, { request: raw, response }, request))
    this.#events.emit(offered(id, request, admission))
  }

  #isFull(): boolean {
    if (this.#draining) return true
    let inbound = 0
    for (const leg of this.#legs.values()) {
      // A call that is over for its caller, who may call again at once, is none that is up.
      if (leg.direction === 'inbound' && leg.state !== 'ending') inbound++
    }
    return inbound >= (this.#options.maxCalls ?? Number.POSITIVE_INFINITY)
  }

  #isOurs(host: string): boolean {
    const { realm, domain } = this.#options
    return [realm.toLowerCase(), domain?.toLowerCase(), this.#address.host].includes(host)
  }

  #dial(command: Extract<CallCommand, { type: 'dial' }>): void {
    const { call, id } = command
    if (this.#legs.has(call)) return this.#failed(command, 'wrong-state', `there is a call ${call} already`)
    const leg = this.#make('outbound', call)
    if (!this.#server.ready || !this.#media.serving) return leg.end({ cause: 'backend-lost', by: 'network' })
    const lists = this.#lists(command)
    if (typeof lists === 'string')
      return leg.end({ cause: lists, by: lists === 'unreachable' ? 'network' : 'local' })
    const outbound = new OutboundCall(this.#dialogs, this.#media, leg, { id, ringMs: command.ringMs }, lists)
    leg.open(outbound)
    outbound.start()
  }

  #lists(
    command: Extract<CallCommand, { type: 'dial' }>,
  ): readonly (readonly Destination[])[] | 'unreachable' | 'not-allowed' {
    const { target } = command
    if ('uri' in target)
      return this.#isAllowed(target.uri) ? [listOf.uri(target.uri, command)] : 'not-allowed'
    if ('device' in target) {
      const places = this.#bindings.of(target.device)
      const domain = this.#options.domain ?? this.#address.host
      return places.length > 0 ? [listOf.device(places, target.device, domain, command)] : 'unreachable'
    }
    const lists = this.#trunks.lists(target.number, target.trunks, command)
    return lists.length > 0 ? lists : 'unreachable'
  }

  #make(direction: 'inbound' | 'outbound', id: CallId): Leg {
    const leg = new Leg(this.#around, direction, id)
    this.#legs.set(id, leg)
    return leg
  }

  #forget(leg: Leg): void {
    this.#legs.delete(leg.id)
    if (this.#legs.size === 0) this.#emptied?.()
  }

  #failed(command: CallCommand, reason: CommandFailure, detail: string): void {
    const { call, id } = command
    this.#events.emit({ type: 'command.failed', call, command: id, reason, detail })
  }

  #signallingReady(contacts: readonly string[]): void {
    this.#grace?.()
    this.#grace = undefined
    this.#address = addressOf(contacts) ?? this.#address
    for (const leg of this.#legs.values()) leg.signalling?.reconnected()
    this.#trunks.start()
    this.#events.emit({ type: 'backend.ready', backend: NAME, serving: this.#media.serving })
  }

  /**
   * The dialogs stand in drachtio-server, and audio flows past it: calls that are up go on for a while. What was
   * being set up is lost.
   */
  #signallingLost(detail: string): void {
    this.#trunks.stop()
    this.#events.emit({ type: 'backend.lost', backend: NAME, serving: false, detail })
    for (const leg of this.#legs.values()) if (leg.state === 'new') leg.hangUp(LOST, 503)
    this.#grace = this.#options.clock.after(this.#options.signallingGraceMs ?? 30_000, () => {
      for (const leg of this.#legs.values()) leg.hangUp(LOST, 503)
    })
  }

  #mediaReady(server: MediaServer): void {
    this.#events.emit({ type: 'backend.ready', backend: server.name, serving: this.#server.ready })
  }

  #mediaLost(server: MediaServer, detail: string): void {
    const serving = this.#server.ready && this.#media.serving
    this.#events.emit({ type: 'backend.lost', backend: server.name, serving, detail })
    for (const leg of this.#legs.values()) if (leg.placed?.server === server) leg.mediaServerLost()
  }
}

const LOST = { cause: 'backend-lost', by: 'network' } as const

/** The first contact over UDP of `udp/192.0.2.1:5060`, or any. */
function addressOf(contacts: readonly string[]): { host: string; port: number } | undefined {
  const contact = contacts.find((each) => each.startsWith('udp/')) ?? contacts[0]
  const match = /^\w+\/(.+):(\d+)$/.exec(contact ?? '')
  return match?.[1] === undefined ? undefined : { host: match[1], port: Number(match[2]) }
}
