import type { Logger } from 'pino'
import type { CallEvent } from '../../call/events.ts'
import { escapeUser } from '../sip-uri.ts'
import { numberForTrunk, type Trunk } from '../trunk.ts'
import type { Ari } from './ari.ts'
import { ariErrorOf } from './ari-error.ts'
import type { ContactState } from './events.ts'

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
 * answers; of a registration it tells nothing over ARI, so one that fails is found when calls fail.
 */
export class Trunks {
  /** Of our ids; another Switchroom at the same Asterisk has another application. No application has a `~`. */
  readonly #prefix: string
  readonly #hosts: readonly TrunkHost[]
  readonly #emit: (event: CallEvent) => void
  /** Which hosts answer, by server and host; absent: not known yet. */
  readonly #answers = new Map<string, boolean>()
  readonly #told = new Map<string, boolean>()

  constructor(application: string, trunks: readonly Trunk[], emit: (event: CallEvent) => void) {
    this.#prefix = `${PREFIX}${application}~`
    this.#emit = emit
    this.#hosts = trunks.flatMap((trunk) =>
      trunk.hosts.map((address, index) => ({ id: `${this.#prefix}${trunk.name}~${index}`, address, trunk })),
    )
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
   * known.
   */
  routes(
    server: string,
    number: string,
    names: readonly string[],
  ): readonly { readonly trunk: Trunk; readonly endpoint: string; readonly domain: string }[] {
    return names.flatMap((name) =>
      this.#hosts
        .filter(({ id, trunk }) => trunk.name === name && this.#answers.get(`${server} ${id}`) !== false)
        .map(({ id, address, trunk }) => {
          const user = escapeUser(numberForTrunk(number, trunk.numbers))
          const domain = trunk.domain ?? address.replace(/:\d+$/, '')
          return { trunk, domain, endpoint: `PJSIP/${id}/${uriOf(address, trunk, user)}` }
        }),
    )
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

  /** The server is lost: nothing is known of what it reaches. */
  forget(server: string): void {
    for (const key of this.#answers.keys()) if (key.startsWith(`${server} `)) this.#answers.delete(key)
  }

  #tell({ name }: Trunk): void {
    const ids = this.#hosts.filter(({ trunk }) => trunk.name === name).map(({ id }) => id)
    const known = [...this.#answers].filter(([key]) => ids.some((id) => key.endsWith(` ${id}`)))
    const isUp = known.some(([, answers]) => answers)
    if (!isUp && known.length < ids.length) return
    if (this.#told.get(name) === isUp) return
    this.#told.set(name, isUp)
    if (isUp) return this.#emit({ type: 'trunk.up', trunk: name })
    const detail = 'none of its hosts answers OPTIONS of Asterisk'
    this.#emit({ type: 'trunk.down', trunk: name, reason: 'unanswered', detail })
  }

  async #write(ari: Ari, host: TrunkHost, endpoint: Readonly<Record<string, string>>): Promise<void> {
    const { id, address, trunk } = host
    const { credentials, domain, health, callerId, registration } = trunk
    const isRegistered = registration !== undefined && credentials !== undefined
    // What is written twice is merged: an address that we no longer name would still be called, and let in. A
    // registration has one value of each, and goes on where it is wanted.
    await remove(ari, id, isRegistered ? TYPES : ['registration', ...TYPES])
    if (credentials) {
      await ari.configure('auth', id, { auth_type: 'digest', ...credentials })
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
    if (!isRegistered) return
    // Asterisk takes no `endpoint` here without `line`: the calls are known by where they come from.
    await ari.configure('registration', id, {
      server_uri: uriOf(address, trunk),
      client_uri: `sip:${escapeUser(credentials.username)}@${domain ?? address}`,
      contact_user: escapeUser(credentials.username),
      outbound_auth: id,
      expiration: String(registration.expires),
      // Otherwise it gives up for good after ten tries, or one refusal.
      max_retries: '1000000',
      auth_rejection_permanent: 'no',
      forbidden_retry_interval: '60',
    })
  }
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
