import type { Logger } from 'pino'
import type { CallEvent } from '../../call/events.ts'
import { escapeUser } from '../sip-uri.ts'
import { numberForTrunk, type Trunk } from '../trunk.ts'
import type { Ari } from './ari.ts'
import { ariErrorOf } from './ari-error.ts'
import type { ContactState } from './events.ts'
import type { RegistrationState } from './registrations.ts'

/** No device has such a name: `~` is not allowed in one (see provisioning.ts). */
const PREFIX = 'trunk~'
/** What a host is at Asterisk besides its registration; by the endpoint, the last, it is found again. */
const TYPES = ['identify', 'aor', 'auth', 'endpoint']
const QUALIFY_TIMEOUT_SECONDS = 3
const INBOUND_CONTEXT = 'switchroom'

/** One host of a trunk: a section of pjsip.conf at each Asterisk. */
interface TrunkHost {
  readonly id: string
  readonly address: string
  readonly trunk: Trunk
}

/**
 * The trunks of the center at every Asterisk: endpoint, aor and auth of each of their hosts, whom calls are taken
 * from, and registrations, written over ARI like the phones. Asterisk asks each host by OPTIONS and tells which
 * answers; what becomes of registrations is found out in registrations.ts.
 */
export class Trunks {
  /** Of our ids; another Switchroom at the same Asterisk has another application. No application has a `~`. */
  readonly #prefix: string
  readonly #hosts: readonly TrunkHost[]
  readonly #emit: (event: CallEvent) => void
  /** Which hosts answer, by server and host; absent: not known yet. */
  readonly #answers = new Map<string, boolean>()
  /** Where we are registered, likewise. */
  readonly #registered = new Map<string, boolean>()
  /** Servers that do not let us see their registrations. */
  readonly #blind = new Set<string>()
  readonly #told = new Map<string, boolean>()

  constructor(application: string, trunks: readonly Trunk[], emit: (event: CallEvent) => void) {
    this.#prefix = `${PREFIX}${application}~`
    this.#emit = emit
    this.#hosts = trunks.flatMap((trunk) =>
      trunk.hosts.map((address, index) => ({ id: `${this.#prefix}${trunk.name}~${index}`, address, trunk })),
    )
  }

  /** Does any of them register? */
  get register(): boolean {
    return this.#hosts.some(({ trunk }) => isRegistered(trunk))
  }

  /** Whose calls come over this endpoint. */
  of(endpoint: string): Trunk | undefined {
    return this.#hosts.find(({ id }) => id === endpoint)?.trunk
  }

  /** Does Asterisk speak of a host of a trunk, ours or not, and not of a phone? */
  isHost(aor: string): boolean {
    return aor.startsWith(PREFIX)
  }

  /**
   * Where to ask for the number at this server, one after the other: hosts that answer, and those of which it is not
   * known. A trunk that has refused to register us is left out.
   */
  routes(
    server: string,
    number: string,
    names: readonly string[],
  ): readonly { readonly trunk: Trunk; readonly endpoint: string; readonly domain: string }[] {
    return names.flatMap((name) => {
      const hosts = this.#hosts.filter(({ trunk }) => trunk.name === name)
      if (hosts.every(({ id }) => this.#registered.get(`${server} ${id}`) === false)) return []
      return hosts
        .filter(({ id }) => this.#answers.get(`${server} ${id}`) !== false)
        .map(({ id, address, trunk }) => {
          const user = escapeUser(numberForTrunk(number, trunk.numbers))
          const domain = trunk.domain ?? address.replace(/:\d+$/, '')
          return { trunk, domain, endpoint: `PJSIP/${id}/${uriOf(address, trunk, user)}` }
        })
    })
  }

  /**
   * Writes all of them anew, and removes those that are no longer in the configuration.
   * @param found every endpoint that Asterisk has
   * @param endpoint what every endpoint of ours has
   */
  async apply(
    ari: Ari,
    server: string,
    found: readonly string[],
    endpoint: Readonly<Record<string, string>>,
    logger: Logger,
  ): Promise<void> {
    const ids = new Set(this.#hosts.map(({ id }) => id))
    for (const id of found) {
      if (id.startsWith(this.#prefix) && !ids.has(id)) await remove(ari, id, ['registration', ...TYPES])
    }
    for (const host of this.#hosts) {
      try {
        await this.#write(ari, host, endpoint)
      } catch (thrown) {
        const error = ariErrorOf(thrown)
        if (error.kind === 'unreachable') throw error
        logger.error(
          { trunk: host.trunk.name, host: host.address, reason: error.message },
          'trunk not written',
        )
        this.changed(server, host.id, 'unreachable')
        continue
      }
      // Where nobody asks, a host counts as working.
      if (!host.trunk.health) this.changed(server, host.id, 'reachable')
    }
  }

  /** Asterisk has found out whether a host answers. */
  changed(server: string, aor: string, state: ContactState): void {
    const host = this.#hosts.find(({ id }) => id === aor)
    if (!host || state === 'removed') return
    this.#answers.set(`${server} ${aor}`, state === 'reachable')
    this.#tell(host.trunk)
  }

  /** Asterisk has said where it is registered. @param states by host; undefined: it does not let us see */
  registered(server: string, states: ReadonlyMap<string, RegistrationState> | undefined): void {
    if (!states) this.#blind.add(server)
    else this.#blind.delete(server)
    for (const { id, trunk } of this.#hosts) {
      if (!isRegistered(trunk)) continue
      const key = `${server} ${id}`
      const state = states?.get(id)
      if (!states) this.#registered.delete(key)
      // Until the first answer nothing is known; after that, nobody waits for one but who has unregistered.
      else if (state !== 'waiting' || this.#registered.has(key)) this.#registered.set(key, state === 'up')
      this.#tell(trunk)
    }
  }

  /** The server is lost: nothing is known of what it reaches. */
  forget(server: string): void {
    this.#blind.delete(server)
    for (const known of [this.#answers, this.#registered])
      for (const key of known.keys()) if (key.startsWith(`${server} `)) known.delete(key)
  }

  #tell(trunk: Trunk): void {
    const { name } = trunk
    const fault = this.#fault(trunk)
    if (fault === 'unknown' || this.#told.get(name) === !fault) return
    this.#told.set(name, !fault)
    this.#emit(fault ? { type: 'trunk.down', trunk: name, ...fault } : { type: 'trunk.up', trunk: name })
  }

  #fault(
    trunk: Trunk,
  ): 'unknown' | { readonly reason: 'unregistered' | 'unanswered'; readonly detail: string } | undefined {
    const answers = this.#known(this.#answers, trunk)
    if (answers === false) {
      return { reason: 'unanswered', detail: 'none of its hosts answers OPTIONS of Asterisk' }
    }
    // Servers that do not tell must not make every such trunk one that is never up.
    const registered = !isRegistered(trunk) || this.#blind.size > 0 || this.#known(this.#registered, trunk)
    if (registered === false)
      return { reason: 'unregistered', detail: 'none of its hosts registers Asterisk' }
    return answers && registered ? undefined : 'unknown'
  }

  /** Is it so for a host, at any server? Undefined while it is for none that is known, and others are not. */
  #known(states: ReadonlyMap<string, boolean>, { name }: Trunk): boolean | undefined {
    const ids = this.#hosts.filter(({ trunk }) => trunk.name === name).map(({ id }) => id)
    const known = [...states].filter(([key]) => ids.some((id) => key.endsWith(` ${id}`)))
    if (known.some(([, state]) => state)) return true
    return known.length < ids.length ? undefined : false
  }

  async #write(ari: Ari, host: TrunkHost, endpoint: Readonly<Record<string, string>>): Promise<void> {
    const { id, address, trunk } = host
    const { credentials, realm, domain, health, callerId } = trunk
    // What is written twice is merged: an address that we no longer name would still be called, and let in. A
    // registration has one value of each, and goes on where it is wanted.
    await remove(ari, id, isRegistered(trunk) ? TYPES : ['registration', ...TYPES])
    if (credentials) {
      // Without a realm, Asterisk answers whichever it is asked for.
      await ari.configure('auth', id, {
        auth_type: 'digest',
        ...credentials,
        ...(realm !== undefined && { realm }),
      })
    }
    await ari.configure('aor', id, {
      contact: uriOf(address, trunk),
      qualify_frequency: String(health ? Math.max(1, Math.round(health.everyMs / 1000)) : 0),
      qualify_timeout: String(QUALIFY_TIMEOUT_SECONDS),
    })
    await ari.configure('endpoint', id, {
      ...endpoint,
      context: INBOUND_CONTEXT,
      aors: id,
      identify_by: 'ip',
      trust_id_inbound: yesNo(trunk.trusted),
      trust_id_outbound: yesNo(trunk.trusted),
      ...(credentials && { outbound_auth: id }),
      ...(domain !== undefined && { from_domain: domain }),
      ...(callerId !== undefined && { from_user: numberForTrunk(callerId, trunk.numbers) }),
    })
    await ari.configure('identify', id, { endpoint: id, match: sourcesOf(host).join(',') })
    if (!isRegistered(trunk)) return
    const { username } = trunk.credentials
    // Asterisk takes no `endpoint` here without `line`: the calls are known by where they come from.
    await ari.configure('registration', id, {
      server_uri: uriOf(address, trunk),
      client_uri: `sip:${escapeUser(username)}@${domain ?? address}`,
      contact_user: escapeUser(username),
      outbound_auth: id,
      expiration: String(trunk.registration.expires),
      // A random one of up to 10 s is for those who have thousands.
      max_random_initial_delay: '0',
      // Otherwise it gives up for good after ten tries, or one refusal.
      max_retries: '1000000',
      auth_rejection_permanent: 'no',
      forbidden_retry_interval: '60',
    })
  }
}

function isRegistered(trunk: Trunk): trunk is Trunk & Required<Pick<Trunk, 'credentials' | 'registration'>> {
  return trunk.registration !== undefined && trunk.credentials !== undefined
}

async function remove(ari: Ari, id: string, types: readonly string[]): Promise<void> {
  for (const type of types) await ari.unconfigure(type, id)
}

/** Over UDP a peer sends from where it listens; over TCP from any port. The first host stands for other sources. */
function sourcesOf({ address, trunk }: TrunkHost): readonly string[] {
  const own = trunk.transport === 'tcp' ? address.replace(/:\d+$/, '') : address
  return trunk.hosts[0] === address ? [...new Set([own, ...trunk.sources])] : [own]
}

function uriOf(address: string, { transport }: Trunk, user?: string): string {
  const at = user === undefined ? '' : `${user}@`
  return `sip:${at}${address}${transport === 'tcp' ? ';transport=tcp' : ''}`
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no'
}
