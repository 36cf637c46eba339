import type { DeviceCredentials } from '../telephony.ts'
import type { Ari } from './ari.ts'
import { ariErrorOf } from './ari-error.ts'
import type { AsteriskOptions } from './options.ts'

/** The template `switchroom-calls` of docker/asterisk/pjsip.conf: what is written over ARI inherits from no file. */
const ENDPOINT: Readonly<Record<string, string>> = {
  context: 'switchroom',
  disallow: 'all',
  allow: 'ulaw,alaw',
  direct_media: 'no',
  rtp_symmetric: 'yes',
  force_rport: 'yes',
  rewrite_contact: 'yes',
  dtmf_mode: 'rfc4733',
  rtp_timeout_hold: '3600',
  suppress_q850_reason_headers: 'yes',
}

const MEDIA_TIMEOUT_MS = 60_000
/** How many phones may register under one name; the oldest makes room. */
const PHONES_PER_DEVICE = 5

/** Devices that are written side by side: a thousand agents are there in a few seconds. */
const AT_ONCE = 16

/** A name that Asterisk takes for a section of pjsip.conf. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/

/**
 * Keeps the phones of our people at one Asterisk: endpoint, auth and aor of each device, in Asterisk's memory
 * (sorcery.conf). Asterisk checks the phone's password against the digest that our database has; it never sees the
 * password, and forgets everything when it restarts.
 */
export class Provisioning {
  readonly #ari: Ari
  readonly #digest: readonly ('MD5' | 'SHA-256')[]
  readonly #realm: string
  /** The account code by which we know an endpoint that we wrote: another Switchroom has another application. */
  readonly #mark: string
  /** What every endpoint has that is written over ARI. */
  readonly endpoint: Readonly<Record<string, string>>
  /** What Asterisk has, by device. */
  #written = new Map<string, string>()

  constructor(
    ari: Ari,
    {
      application,
      realm,
      digest,
      mediaTimeoutMs = MEDIA_TIMEOUT_MS,
    }: Pick<AsteriskOptions, 'application' | 'realm' | 'digest' | 'mediaTimeoutMs'>,
  ) {
    this.#ari = ari
    this.#mark = application
    this.#realm = realm
    this.#digest = digest
    this.endpoint = { ...ENDPOINT, rtp_timeout: String(Math.ceil(mediaTimeoutMs / 1000)) }
  }

  /** Is this endpoint one of those that were written? */
  has(device: string): boolean {
    return this.#written.has(device)
  }

  /**
   * Begins anew: Asterisk may have forgotten all of it, or may still have somebody of ours who has left since.
   * @param endpoints all that Asterisk has
   */
  async begin(endpoints: readonly string[]): Promise<void> {
    this.#written = new Map()
    for (const endpoint of endpoints) {
      // Whatever it was written with, it is written again or removed.
      if ((await this.#ari.endpointMark(endpoint)) === this.#mark) this.#written.set(endpoint, '')
    }
  }

  /**
   * Writes what is new or has changed and removes who has gone.
   * @returns the devices that Asterisk would not take, and why
   */
  async apply(devices: readonly DeviceCredentials[]): Promise<ReadonlyMap<string, string>> {
    const refused = new Map<string, string>()
    const wanted = new Map(devices.map((each) => [each.device, each] as const))
    for (const device of this.#written.keys()) {
      if (!wanted.has(device)) await this.#remove(device)
    }
    const left = [...wanted.values()]
    while (left.length > 0) {
      await Promise.all(left.splice(0, AT_ONCE).map((each) => this.#tryToWrite(each, refused)))
    }
    return refused
  }

  /** One that cannot be written must not keep the others from their phones. */
  async #tryToWrite(credentials: DeviceCredentials, refused: Map<string, string>): Promise<void> {
    const { device } = credentials
    if (!ID.test(device)) return void refused.set(device, 'its name is none for a section of pjsip.conf')
    try {
      await this.#write(credentials)
    } catch (thrown) {
      const error = ariErrorOf(thrown)
      if (error.kind === 'unreachable') throw error
      refused.set(device, error.message)
    }
  }

  async #write({ device, ha1 }: DeviceCredentials): Promise<void> {
    const digests = this.#digest.map((name) => `${name}:${name === 'MD5' ? ha1.md5 : ha1.sha256}`).join(',')
    if (this.#written.get(device) === digests) return
    await this.#ari.configure('auth', device, {
      auth_type: 'digest',
      username: device,
      realm: this.#realm,
      password_digest: digests,
      supported_algorithms_uas: this.#digest.join(','),
    })
    await this.#ari.configure('aor', device, {
      max_contacts: String(PHONES_PER_DEVICE),
      remove_existing: 'yes',
      qualify_frequency: '30',
    })
    await this.#ari.configure('endpoint', device, {
      ...this.endpoint,
      accountcode: this.#mark,
      auth: device,
      aors: device,
    })
    this.#written.set(device, digests)
  }

  async #remove(device: string): Promise<void> {
    for (const type of ['endpoint', 'aor', 'auth']) {
      await this.#ari.unconfigure(type, device)
    }
    this.#written.delete(device)
  }
}
