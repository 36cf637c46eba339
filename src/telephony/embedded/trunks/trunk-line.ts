import type { Logger } from 'pino'
import type { CallEvent } from '../../../call/events.ts'
import { messageOf } from '../../../errors.ts'
import { escapeUser, parseUri } from '../../sip-uri.ts'
import type { Trunk } from '../../trunk.ts'
import type { ClientCredentials } from '../sip/client-credentials.ts'
import type { Endpoint } from '../sip/endpoint.ts'
import { findHops } from '../sip/hop.ts'
import type { Hop } from '../sip/message.ts'
import type { OutgoingRequest } from '../sip/outgoing.ts'
import { Registration } from '../sip/registration.ts'
import type { Timer } from '../sip/timers.ts'
import type { HeaderFields } from '../sip/write-message.ts'
import { HostCheck } from './host-check.ts'
import { isFromHop, type SourceCheck, sourceCheck } from './sources.ts'
import { TrunkCredentials } from './trunk-credentials.ts'

export interface TrunkLineOptions {
  readonly endpoint: Endpoint
  readonly logger: Logger
  readonly emit: (event: CallEvent) => void
  /** Contact, User-Agent and the like. */
  readonly fields: (transport: Hop['transport']) => HeaderFields
}

/** A registrar that refused, or was silent, is asked again after this long; then it is the next host's turn. */
const RETRY_MS = 30_000
/** The addresses of named hosts are looked up again this often. */
const LOOKUP_MS = 60_000

/** The state of one trunk: whether its hosts work, whether we are registered there, and so whether it is up. */
export class TrunkLine {
  readonly trunk: Trunk
  readonly #around: TrunkLineOptions
  readonly #hosts: readonly { readonly uri: string; readonly check: HostCheck | undefined }[]
  readonly #sources: readonly SourceCheck[]
  /** Of each host by its URI, as its last look-up that found any has said. */
  readonly #addresses = new Map<string, readonly Hop[]>()
  readonly #credentials: TrunkCredentials
  #registration: Registration | undefined
  /** Undefined: not known yet. */
  #registered: boolean | undefined
  #registrationDetail = ''
  #retry: Timer | undefined
  #lookup: Timer | undefined
  #told: 'up' | 'down' | undefined
  #stopped = false

  constructor(trunk: Trunk, around: TrunkLineOptions) {
    this.trunk = trunk
    this.#around = around
    this.#sources = trunk.sources.map(sourceCheck)
    this.#credentials = new TrunkCredentials(
      trunk,
      (request, hop) => this.#goesTo(request, hop),
      around.logger,
    )
    const { health, transport } = trunk
    this.#hosts = trunk.hosts.map((host) => {
      const uri = `sip:${host}${transport === 'tcp' ? ';transport=tcp' : ''}`
      const { endpoint } = around
      const check =
        health &&
        new HostCheck({
          ...health,
          endpoint,
          uri,
          fields: () => around.fields(transport),
          changed: () => this.#tell(),
          challenged: (realm) => this.#credentials.learn(realm),
        })
      return { uri, check }
    })
  }

  start(): void {
    this.#findAddresses()
    for (const { check } of this.#hosts) check?.start()
    if (this.trunk.registration && this.trunk.credentials) this.#register(0)
    this.#tell()
  }

  /** Unregisters. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#retry?.cancel()
    this.#lookup?.cancel()
    for (const { check } of this.#hosts) check?.stop()
    await this.#registration?.stop()
  }

  /** Nothing speaks against it. */
  get usable(): boolean {
    return this.#told !== 'down'
  }

  /** Hosts to send a call to, as SIP URIs, in failover order. */
  hosts(): readonly string[] {
    return this.#hosts.filter(({ check }) => check?.up !== false).map(({ uri }) => uri)
  }

  /** Does this come from it? */
  isSource(source: Hop): boolean {
    const addresses = [...this.#addresses.values()].flat()
    return addresses.some((hop) => isFromHop(source, hop)) || this.#sources.some((is) => is(source))
  }

  /** What its challenges are answered with; undefined where it has none. */
  credentials(): ClientCredentials | undefined {
    return this.#credentials.get()
  }

  /** By name too: the next address of a name need not be among those that its last look-up has found. */
  #goesTo({ nextHop }: OutgoingRequest, hop: Hop): boolean {
    const next = parseUri(nextHop)
    const isHost = this.#hosts.some(({ uri }) => {
      const host = parseUri(uri)
      return host?.host === next?.host && (host?.port ?? 5060) === (next?.port ?? 5060)
    })
    return isHost || this.isSource(hop)
  }

  #findAddresses(): void {
    for (const { uri } of this.#hosts) {
      findHops(uri, (hops) => {
        // A name server that fails must not make a stranger of the provider.
        if (hops.length > 0) this.#addresses.set(uri, hops)
      })
    }
    this.#lookup = this.#around.endpoint.timers.after(LOOKUP_MS, () => this.#findAddresses())
  }

  #register(index: number): void {
    const { registration, transport, domain } = this.trunk
    const credentials = this.credentials()
    const host = this.#hosts[index % this.#hosts.length]
    if (!credentials || !registration || !host) return
    const { endpoint } = this.#around
    const { host: own, port } = endpoint.address()
    const line = new Registration(endpoint, {
      ...credentials,
      registrar: host.uri,
      ...(domain !== undefined && { domain }),
      contact: `sip:${escapeUser(credentials.username)}@${own}:${port}${transport === 'tcp' ? ';transport=tcp' : ''}`,
      expires: registration.expires,
      changed: (failure) => {
        this.#registrationIs(failure)
        // A single host is asked again by itself.
        if (failure && this.#hosts.length > 1 && this.#registration === line) this.#leave(line, index)
      },
    })
    this.#registration = line
    line.start().then(
      () => this.#registrationIs(undefined),
      (error: unknown) => {
        if (this.#stopped) return
        this.#registrationIs(error)
        this.#retry = endpoint.timers.after(RETRY_MS, () => this.#register(index + 1))
      },
    )
  }

  /**
   * A host that does not take our refresh: the next one's turn. Where both stand before one registrar, unregistering
   * at this one would end what the next one is about to get.
   */
  #leave(line: Registration, index: number): void {
    line.abandon()
    this.#register(index + 1)
  }

  #registrationIs(failure: unknown): void {
    if (this.#stopped) return
    this.#registered = failure === undefined
    this.#registrationDetail = failure === undefined ? '' : messageOf(failure)
    this.#tell()
  }

  /** Says what has changed, once it is known. */
  #tell(): void {
    const fault = this.#fault()
    if (fault === 'unknown') return
    const state = fault ? 'down' : 'up'
    if (state === this.#told) return
    this.#told = state
    const trunk = this.trunk.name
    this.#around.emit(fault ? { type: 'trunk.down', trunk, ...fault } : { type: 'trunk.up', trunk })
  }

  #fault():
    | 'unknown'
    | { readonly reason: 'unregistered' | 'unanswered'; readonly detail: string }
    | undefined {
    const checks = this.#hosts.flatMap(({ check }) => check ?? [])
    if (checks.length > 0 && checks.every(({ up }) => up === false)) {
      return { reason: 'unanswered', detail: checks[0]?.detail ?? '' }
    }
    if (this.trunk.registration && this.#registered === false) {
      return { reason: 'unregistered', detail: this.#registrationDetail }
    }
    const isKnown = checks.length === 0 || checks.some(({ up }) => up === true)
    return isKnown && (!this.trunk.registration || this.#registered) ? undefined : 'unknown'
  }
}
