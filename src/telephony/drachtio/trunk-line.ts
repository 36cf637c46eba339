import { lookup } from 'node:dns'
import { isIPv4 } from 'node:net'
import type { CallEvent } from '../../call/events.ts'
import type { Cancel, Clock } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import { decimal, param } from '../sip-grammar.ts'
import { escapeUser, parseHostPort, type SipUri } from '../sip-uri.ts'
import type { Trunk } from '../trunk.ts'
import type { DrachtioServer } from './drachtio-server.ts'
import type { SipSource } from './sip-messages.ts'
import { ask, type SipAnswer } from './sip-requests.ts'
import { type Auth, trunkAuth } from './trunk-auth.ts'

/** Nobody there says so sooner than this. */
const ANSWER_MS = 4_000
/** A registrar that refuses us or is silent is asked again after so long. */
const RETRY_MS = 30_000
/** The addresses of named hosts are looked up again this often. */
const LOOKUP_MS = 60_000

export interface TrunkSurroundings {
  readonly clock: Clock
  readonly server: DrachtioServer
  /** Host and port under which the peer reaches us. */
  contact(): string
  emit(event: CallEvent): void
}

interface Host {
  readonly uri: string
  /** undefined: not known yet. */
  works: boolean | undefined
  inARow: number
}

/** One trunk: whether it is registered, and which of its hosts work. Tells when it comes up and goes down. */
export class TrunkLine {
  readonly trunk: Trunk
  /** What its challenges are answered with; undefined where it has none. */
  readonly auth: Auth | undefined
  readonly #around: TrunkSurroundings
  readonly #hosts: readonly Host[]
  readonly #timers = new Set<Cancel>()
  /** Of each name among the hosts, as its last look-up that found any has said. */
  readonly #addresses = new Map<string, readonly string[]>()
  #registered: boolean | undefined
  #told: 'up' | 'down' | undefined
  #detail = 'not asked yet'
  #running = false

  constructor(trunk: Trunk, around: TrunkSurroundings) {
    this.trunk = trunk
    this.auth = trunkAuth(trunk, (uri) => this.#leadsHere(uri))
    this.#around = around
    const transport = trunk.transport === 'tcp' ? ';transport=tcp' : ''
    this.#hosts = trunk.hosts.map((host) => ({
      uri: `sip:${host}${transport}`,
      works: trunk.health ? undefined : true,
      inARow: 0,
    }))
  }

  /** May it carry a call? */
  get usable(): boolean {
    return this.#told !== 'down' && this.#registered !== false
  }

  /** The hosts that work, or of which it is not known, as URIs without a user. */
  hosts(): readonly string[] {
    return this.#hosts.filter(({ works }) => works !== false).map(({ uri }) => uri)
  }

  /** Asks and registers from now on; again after the connection to drachtio-server was away. */
  start(): void {
    this.stop()
    this.#running = true
    this.#findAddresses()
    if (this.trunk.health) for (const host of this.#hosts) this.#check(host)
    if (this.trunk.registration) this.#register(this.trunk.registration.expires)
    this.#judge()
  }

  stop(): void {
    this.#running = false
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
  }

  /** Does this come from there? Over connections the port of a caller is any. */
  isSource({ host, port, transport }: SipSource): boolean {
    const isHost = this.trunk.hosts.some((each) => {
      const address = parseHostPort(each)
      if (!address) return false
      const isAt = address.host === host || this.#addresses.get(address.host)?.includes(host)
      return isAt && (transport !== 'udp' || (address.port ?? 5060) === port)
    })
    return isHost || this.trunk.sources.some((entry) => covers(entry, host, port))
  }

  #findAddresses(): void {
    const names = new Set(this.trunk.hosts.flatMap((each) => parseHostPort(each)?.host ?? []))
    for (const name of names) {
      if (isIPv4(name)) continue
      lookup(name, { family: 4, all: true }, (error, found) => {
        // A name server that fails must not make a stranger of the provider.
        if (!error)
          this.#addresses.set(
            name,
            found.map(({ address }) => address),
          )
      })
    }
    this.#later(LOOKUP_MS, () => this.#findAddresses())
  }

  #check(host: Host): void {
    const { health } = this.trunk
    if (!health) return
    const { clock, server } = this.#around
    const headers = { From: `<sip:ping@${this.#around.contact()}>`, To: `<${host.uri}>` }
    ask(server, clock, ANSWER_MS, host.uri, { method: 'OPTIONS', headers, ...this.#auth() }).then(
      ({ status }) => this.#checked(host, status !== 408 && status !== 503, `${host.uri} answers ${status}`),
      (error: unknown) => this.#checked(host, false, `${host.uri}: ${messageOf(error)}`),
    )
  }

  #checked(host: Host, works: boolean, detail: string): void {
    const { health } = this.trunk
    if (!health || !this.#running) return
    host.inARow = works === host.inARow > 0 ? host.inARow + (works ? 1 : -1) : works ? 1 : -1
    const isKnown = host.works !== undefined
    if (works && (!isKnown || host.inARow >= health.successes)) host.works = true
    if (!works && (!isKnown || -host.inARow >= health.failures)) host.works = false
    this.#detail = detail
    this.#judge()
    this.#later(health.everyMs, () => this.#check(host))
  }

  #register(expires: number): void {
    const { clock, server } = this.#around
    const [host] = this.#hosts
    const { credentials, domain } = this.trunk
    if (!host || !credentials) return
    const user = escapeUser(credentials.username)
    const address = `<sip:${user}@${domain ?? host.uri.replace(/^sip:|;.*$/g, '')}>`
    const headers = {
      From: address,
      To: address,
      Contact: `<sip:${user}@${this.#around.contact()}>;expires=${expires}`,
      Expires: String(expires),
    }
    ask(server, clock, ANSWER_MS, host.uri, { method: 'REGISTER', headers, ...this.#auth() }).then(
      (answer) => this.#answered(answer, expires),
      (error: unknown) => this.#unregistered(messageOf(error), expires),
    )
  }

  #answered({ status, fields }: SipAnswer, expires: number): void {
    if (!this.#running) return
    const least = decimal(fields['min-expires']?.[0] ?? '', 86_400)
    if (status === 423 && least !== undefined && least > expires) return this.#register(least)
    if (status !== 200) return this.#unregistered(`its registrar answers ${status}`, expires)
    const granted =
      decimal(param(fields['contact']?.[0]?.replace(/^[^>]*>/, '') ?? '', 'expires') ?? '', 86_400) ??
      decimal(fields['expires']?.[0] ?? '', 86_400) ??
      expires
    this.#registered = true
    this.#judge()
    this.#later(Math.max(granted * 800, 5_000), () => this.#register(expires))
  }

  #unregistered(detail: string, expires: number): void {
    if (!this.#running) return
    this.#registered = false
    this.#detail = detail
    this.#judge()
    this.#later(RETRY_MS, () => this.#register(expires))
  }

  #judge(): void {
    const { name, registration } = this.trunk
    if (registration && this.#registered === undefined) return
    const isUp = this.#registered !== false && this.#hosts.some(({ works }) => works === true)
    if (!isUp && this.#registered !== false && this.#hosts.some(({ works }) => works === undefined)) return
    const state = isUp ? 'up' : 'down'
    if (this.#told === state) return
    this.#told = state
    if (isUp) return this.#around.emit({ type: 'trunk.up', trunk: name })
    const reason = this.#registered === false ? 'unregistered' : 'unanswered'
    this.#around.emit({ type: 'trunk.down', trunk: name, reason, detail: this.#detail })
  }

  #auth(): { auth?: Auth } {
    return this.auth ? { auth: this.auth } : {}
  }

  #leadsHere({ host, port = 5060 }: SipUri): boolean {
    const isHost = this.trunk.hosts.some((each) => {
      const address = parseHostPort(each)
      return address?.host === host && (address.port ?? 5060) === port
    })
    return isHost || (isIPv4(host) && this.trunk.sources.some((entry) => covers(entry, host, port)))
  }

  #later(ms: number, run: () => void): void {
    const cancel = this.#around.clock.after(ms, () => {
      this.#timers.delete(cancel)
      run()
    })
    this.#timers.add(cancel)
  }
}

/** `203.0.113.7`, `203.0.113.7:5070` or `203.0.113.0/24`, known to be well formed. */
function covers(entry: string, host: string, port: number): boolean {
  const [, address = '', bits = '32', only] = /^([\d.]+)(?:\/(\d+)|:(\d+))?$/.exec(entry) ?? []
  // A shift by 32 is none at all in JavaScript.
  const mask = Number(bits) === 0 ? 0 : (-1 << (32 - Number(bits))) >>> 0
  const isIn = (numberOf(host) & mask) >>> 0 === (numberOf(address) & mask) >>> 0
  return isIn && (only === undefined || Number(only) === port)
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0)
}
