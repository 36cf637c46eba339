/**
 * The embedded telephony backend: a SIP server (RFC 3261) in this process, with its media in a worker thread.
 * This file joins the parts: the endpoint (transports and transactions), the request core, calls, registrar
 * and media; how each of them works is in its own file. What may act without credentials: see `admission.ts`.
 */
import { randomUUID } from 'node:crypto'
import type { CallId, DialTarget } from '../../call/call.ts'
import type { CallCommand } from '../../call/commands.ts'
import type { CallEvent } from '../../call/events.ts'
import { SwitchroomError } from '../../errors.ts'
import { allowList } from '../allowed-uris.ts'
import { Authentication } from '../authentication.ts'
import { Bindings } from '../bindings.ts'
import { EventQueue } from '../event-queue.ts'
import { Registrar } from '../registrar.ts'
import { escapeUser } from '../sip-uri.ts'
import type { Telephony } from '../telephony.ts'
import type { Trunk } from '../trunk.ts'
import { AdmissionPolicy } from './admission.ts'
import { Calls } from './calls.ts'
import { executeCommand } from './commands.ts'
import { agentIdentity, FROM_CHANGE } from './connected-identity.ts'
import type { Destination } from './destination.ts'
import type { DialogSurroundings } from './established.ts'
import { InboundCall } from './inbound-call.ts'
import { MediaClient } from './media/media-client.ts'
import type { MediaLink } from './media-link.ts'
import { type Admitted, offeredEvent } from './offered.ts'
import type { EmbeddedOptions, Sizes } from './options.ts'
import { OutboundCall } from './outbound-call.ts'
import { OutboundRequests } from './outbound-requests.ts'
import { fromValue } from './parties.ts'
import { ALLOW, RequestCore } from './request-core.ts'
import type { SessionDescription } from './sdp/session-description.ts'
import type { ClientCredentials } from './sip/client-credentials.ts'
import { Endpoint } from './sip/endpoint.ts'
import type { Incoming } from './sip/incoming.ts'
import type { Hop, SipRequest } from './sip/message.ts'
import { registeringOf, type Way } from './sip/registering.ts'
import { Registration, type RegistrationOptions } from './sip/registration.ts'
import { Throttle } from './sip/throttle.ts'
import type { HeaderFields } from './sip/write-message.ts'
import { type TrunkCall, Trunks } from './trunks/trunks.ts'

/** `stop` waits no longer than this for the far ends to answer our BYE and CANCEL, milliseconds. */
const STOP_MS = 2_000

export class EmbeddedTelephony implements Telephony {
  readonly #options: EmbeddedOptions
  readonly #endpoint: Endpoint
  readonly #media: MediaLink
  readonly #bindings: Bindings<Way>
  readonly #calls: Calls
  readonly #core: RequestCore
  readonly #requests: OutboundRequests
  readonly #events: EventQueue
  readonly #dialogs: DialogSurroundings
  readonly #trunks: Trunks
  readonly #isAllowed: (uri: string) => boolean

  constructor(options: EmbeddedOptions) {
    this.#options = options
    const { clock, logger } = options
    this.#events = new EventQueue(logger)
    this.#isAllowed = allowList(options.allowedUris)
    this.#endpoint = new Endpoint(options)
    const { timers } = this.#endpoint
    this.#media = options.media ?? new MediaClient({ clock, logger, ...mediaOptions(options) })
    this.#bindings = new Bindings(clock, (change) => this.#events.emit(change))
    this.#calls = new Calls({
      media: this.#media,
      timers,
      mediaHost: options.host,
      mediaTimeoutMs: options.mediaTimeoutMs ?? 60_000,
      levels: options.levels,
      emit: (event) => this.#events.emit(event),
    })
    this.#requests = new OutboundRequests(this.#endpoint, options.outbound, (transport) =>
      this.#contactFields(transport),
    )
    this.#dialogs = {
      endpoint: this.#endpoint,
      logger,
      dialogs: this.#calls.dialogs,
      contactFields: (transport) => this.#contactFields(transport),
      connected: options.connected,
      ...this.#withCredentials(undefined),
    }
    this.#trunks = new Trunks(options.trunks ?? [], {
      endpoint: this.#endpoint,
      logger,
      emit: (event) => this.#events.emit(event),
      fields: (transport) => this.#contactFields(transport),
    })
    this.#core = this.#makeCore()
  }

  async start(receive: (event: CallEvent) => void): Promise<void> {
    this.#events.start(receive)
    await this.#media.start(
      (event) => this.#calls.receive(event),
      (up) => this.#mediaChanged(up),
    )
    try {
      await this.#endpoint.start(this.#core)
    } catch (error) {
      await this.#media.stop()
      throw error
    }
    this.#mediaChanged(true)
    this.#trunks.start()
  }

  /** Where it listens, once started. */
  address(): { readonly host: string; readonly port: number } {
    return this.#endpoint.address()
  }

  /**
   * Registers this end as a phone at another server, with the credentials of `outbound`; after `start`.
   * @param changed told when a refresh fails, and when one has worked again
   * @throws SwitchroomError USAGE without `outbound`, or when `registrar` is no SIP URI
   */
  registration(options: Pick<RegistrationOptions, 'registrar' | 'expires' | 'changed'>): Registration {
    const { outbound } = this.#options
    if (!outbound)
      throw new SwitchroomError('USAGE', 'registering needs the option outbound: username and password')
    return new Registration(this.#endpoint, { ...options, ...outbound, contact: this.#contactUri() })
  }

  /** Puts the far end of a call on hold by a re-INVITE, or takes it back; for a phone. */
  holdFarEnd(call: CallId, holds: boolean): void {
    this.#calls.leg(call)?.signalling?.hold(holds)
  }

  /** What is held at this moment. */
  sizes(): Sizes {
    return {
      calls: this.#calls.size,
      dialogs: this.#calls.dialogs.size,
      transactions: this.#endpoint.transactions.size,
      registrations: this.#bindings.size,
      timers: this.#endpoint.timers.size,
      connections: this.#endpoint.connections(),
    }
  }

  execute(command: CallCommand): void {
    this.#events.later(() => {
      executeCommand(
        command,
        { leg: (call) => this.#calls.leg(call), dial: (each) => this.#dial(each) },
        (reason, detail) =>
          this.#events.emit({
            type: 'command.failed',
            call: command.call,
            command: command.id,
            reason,
            detail,
          }),
      )
    })
  }

  async stop(): Promise<void> {
    this.#core.drain()
    this.#calls.hangUpAll()
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = this.#options.clock.after(STOP_MS, resolve)
    await Promise.race([Promise.all([this.#calls.empty(), this.#trunks.stop()]), promise])
    cancel()
    this.#bindings.clear()
    await this.#endpoint.stop()
    this.#calls.dialogs.clear()
    await this.#media.stop()
    this.#events.stop()
  }

  #mediaChanged(up: boolean): void {
    const backend = 'media worker'
    if (up) this.#events.emit({ type: 'backend.ready', backend, serving: true })
    else this.#events.emit({ type: 'backend.lost', backend, serving: false, detail: 'the media worker died' })
  }

  #makeCore(): RequestCore {
    const { realm, findCredentials, isServed, logger, clock, maxCalls, throttle: limits } = this.#options
    const { digest = ['MD5'] } = this.#options
    const { timers } = this.#endpoint
    const throttle = new Throttle(timers, limits)
    const authentication = new Authentication<SipRequest>({
      realm,
      findCredentials,
      algorithms: digest,
      timers,
      logger,
      authorization: ({ headers }) => headers.all('authorization'),
    })
    const failed = ({ source, method }: SipRequest): void => {
      if (throttle.failed(source.host))
        logger.warn({ source: source.host, method }, 'SIP source is ignored for a while')
    }
    const succeeded = ({ source }: SipRequest): void => throttle.succeeded(source.host)
    const judged = { authentication, timers, failed, succeeded }
    const endpoint = this.#endpoint
    return new RequestCore({
      endpoint,
      logger,
      throttle,
      bindings: this.#bindings,
      calls: this.#calls,
      registrar: new Registrar({
        ...judged,
        bindings: this.#bindings,
        now: () => clock.now(),
        read: registeringOf,
      }),
      admission: new AdmissionPolicy({
        ...judged,
        isServed,
        isOurs: (host) => this.#isOurs(host),
        trunkOf: ({ source }) => this.#trunks.bySource(source),
      }),
      isTrunk: (source) => this.#trunks.bySource(source) !== undefined,
      maxCalls: maxCalls ?? Number.POSITIVE_INFINITY,
      takesUpdate: this.#options.connected !== undefined,
      contactFields: (transport) => this.#contactFields(transport),
      offer: (incoming, offered, decided) => this.#offer(incoming, offered, decided),
    })
  }

  #isOurs(host: string): boolean {
    const { realm, domain, host: bound, publicHost } = this.#options
    const names = [realm.toLowerCase(), domain?.toLowerCase(), bound, publicHost, this.address().host]
    return names.includes(host)
  }

  #offer(
    incoming: Incoming,
    { sdp, admitted }: { sdp: SessionDescription | undefined; admitted: Admitted },
    decided: () => void,
  ): InboundCall {
    const { request } = incoming
    const id = this.#options.callIds?.() ?? randomUUID()
    const leg = this.#calls.make('inbound', id)
    this.#options.trace?.leg(id, request.callId)
    const mediaHost = this.#endpoint.address().host
    const call = new InboundCall(this.#dialogsOf(admitted.trunk), leg, incoming, {
      offer: sdp,
      mediaHost,
      decided,
    })
    leg.open(call)
    this.#events.emit(offeredEvent(request, id, admitted, this.#options.isServed))
    return call
  }

  #dial(command: Extract<CallCommand, { type: 'dial' }>): void {
    const { target, call, id, from, asserted = false, ringMs } = command
    if (this.#calls.leg(call)) {
      const detail = `there is a call ${call} already`
      return this.#events.emit({ type: 'command.failed', call, command: id, reason: 'wrong-state', detail })
    }
    const leg = this.#calls.make('outbound', call)
    if ('device' in target) leg.identity = agentIdentity(this.#domain())
    const headers = command.headers ?? {}
    const rounds = this.#rounds(target, { from, asserted, headers })
    if ('refused' in rounds) {
      const by = rounds.refused === 'unreachable' ? 'network' : 'local'
      return leg.end({ cause: rounds.refused, by })
    }
    const outbound = {
      mediaHost: this.#endpoint.address().host,
      invite: (destination: Destination, sdp: string) => {
        const invite = this.#requests.invite(destination, sdp)
        this.#options.trace?.leg(call, invite.callId)
        return invite
      },
      dialogs: (trunk: Trunk | undefined) => this.#dialogsOf(trunk),
    }
    leg.open(new OutboundCall(outbound, leg, id, rounds.found, ringMs))
  }

  /** Where a target rings: all phones of a device at once, the hosts of trunks one after the other. */
  #rounds(
    target: DialTarget,
    { from, asserted, headers }: Pick<TrunkCall, 'from' | 'asserted' | 'headers'>,
  ): { found: readonly (readonly Destination[])[] } | { refused: 'unreachable' | 'not-allowed' } {
    if ('number' in target) {
      const hosts = this.#trunks.destinations({ ...target, from, asserted, headers })
      return hosts.length > 0 ? { found: hosts.map((host) => [host]) } : { refused: 'unreachable' }
    }
    const parts = { from: fromValue(from), to: this.#toValue(target), headers }
    if ('uri' in target) {
      return this.#isAllowed(target.uri)
        ? { found: [[{ uri: target.uri, flow: undefined, parts }]] }
        : { refused: 'not-allowed' }
    }
    const found = this.#bindings.of(target.device).map(({ uri, way }) => ({ uri, flow: way.flow, parts }))
    return found.length > 0 ? { found: [found] } : { refused: 'unreachable' }
  }

  #toValue(target: Exclude<DialTarget, { number: string }>): string {
    if ('uri' in target) return `<${target.uri}>`
    return `<sip:${escapeUser(target.device)}@${this.#domain()}>`
  }

  /** What all dialogs share, with the credentials of a trunk in place of our own. */
  #dialogsOf(trunk: Trunk | undefined): DialogSurroundings {
    const credentials = trunk && this.#trunks.credentialsOf(trunk)
    return credentials ? { ...this.#dialogs, ...this.#withCredentials(credentials) } : this.#dialogs
  }

  #withCredentials(
    credentials: ClientCredentials | undefined,
  ): Pick<DialogSurroundings, 'authorize' | 'sendBye'> {
    return {
      authorize: (request, response, hop, cseq) =>
        this.#requests.authorize(request, response, hop, cseq, credentials),
      sendBye: (dialog, done) => {
        const ended = (): void => {
          done()
          this.#calls.checkEmpty()
        }
        this.#requests.bye(dialog, ended, credentials)
      },
    }
  }

  #contactUri(): string {
    const { host, port } = this.#endpoint.address()
    const { outbound } = this.#options
    return `sip:${outbound ? `${escapeUser(outbound.username)}@` : ''}${host}:${port}`
  }

  #domain(): string {
    return this.#options.domain ?? this.#endpoint.address().host
  }

  #contactFields(transport: Hop['transport']): HeaderFields {
    const { userAgent, connected } = this.#options
    const uri = transport === 'tcp' ? `${this.#contactUri()};transport=tcp` : this.#contactUri()
    const fields: HeaderFields = [
      ['Contact', `<${uri}>`],
      ['User-Agent', userAgent ?? 'Switchroom'],
    ]
    return connected ? [...fields, ['Allow', `${ALLOW[1]}, UPDATE`], FROM_CHANGE] : [...fields, ALLOW]
  }
}

function mediaOptions({ ports, mediaLostAfterMs, idle }: EmbeddedOptions): {
  ports?: { min: number; max: number }
  lostAfterMs?: number
  idle?: 'keep-alive' | 'silence'
} {
  return {
    ...(ports && { ports }),
    ...(mediaLostAfterMs !== undefined && { lostAfterMs: mediaLostAfterMs }),
    ...(idle && { idle }),
  }
}
