import type { Logger } from 'pino'
import type { Cancel, Clock } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import {
  type DigestAlgorithm,
  type DigestAnswer,
  parseDigestAnswer,
  provesSecret,
  writeChallenge,
} from '../digest.ts'
import { Nonces } from '../nonces.ts'
import { parseUri } from '../sip-uri.ts'
import type { DeviceCredentials, FindCredentials } from '../telephony.ts'
import type { SipRequest } from './sip-messages.ts'

/** What the credentials of a request are worth. */
export type Proof =
  | { readonly result: 'proved'; readonly device: string }
  /** No credentials for our realm, or for a nonce of the past: ask. */
  | { readonly result: 'none' | 'stale' }
  /** An unknown device or a wrong password: the two look the same from outside. */
  | { readonly result: 'wrong' }
  /** The credentials could not be looked up. */
  | { readonly result: 'unavailable' }

/** Compared with when there is no such device, so that its absence takes as long as a wrong password. */
const NOBODY: DeviceCredentials = { device: '', ha1: { md5: '0'.repeat(32), sha256: '0'.repeat(64) } }

/** Proves who sends a request, by digest (RFC 3261 22, RFC 8760). */
export class Authentication {
  readonly #realm: string
  readonly #find: FindCredentials
  readonly #logger: Logger
  readonly #nonces: Nonces
  readonly #timers = new Set<Cancel>()
  readonly #algorithms: readonly DigestAlgorithm[]

  /** @param algorithms offered, one challenge each, the first on top (RFC 8760 2.3) */
  constructor(
    realm: string,
    find: FindCredentials,
    algorithms: readonly DigestAlgorithm[],
    clock: Clock,
    logger: Logger,
  ) {
    this.#realm = realm
    this.#find = find
    this.#algorithms = algorithms
    this.#logger = logger
    this.#nonces = new Nonces({
      now: () => clock.now(),
      after: (delayMs, run) => {
        const cancel = clock.after(delayMs, () => {
          this.#timers.delete(cancel)
          run()
        })
        this.#timers.add(cancel)
      },
    })
  }

  /** Forgets what it waits for: nonces are remembered for minutes, and nobody should wait that long to leave. */
  stop(): void {
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
  }

  /** The header of a 401; drachtio-srf writes several values of one header with commas, as RFC 3261 7.3.1 does not
   * allow for this one, so there is one challenge. */
  challenge(stale: boolean): Readonly<Record<string, string>> {
    const [algorithm = 'MD5'] = this.#algorithms
    return { 'WWW-Authenticate': writeChallenge(this.#realm, this.#nonces.make(), algorithm, stale) }
  }

  /** The request has credentials for our realm, of whatever worth. */
  hasAnswer(request: SipRequest): boolean {
    return this.#answerIn(request) !== undefined
  }

  /** There is such a device. A look-up that fails says no: its INVITE is then an ordinary caller's. */
  async knows(device: string): Promise<boolean> {
    return typeof (await this.#lookUp(device)) === 'object'
  }

  async prove(request: SipRequest): Promise<Proof> {
    const answer = this.#answerIn(request)
    if (!answer) return { result: 'none' }
    if (!isAbout(answer.uri, request.uri)) return { result: 'wrong' }
    if (this.#nonces.check(answer.nonce, answer.nc) !== 'fresh') return { result: 'stale' }
    const found = await this.#lookUp(answer.username)
    if (found === 'failed') return { result: 'unavailable' }
    const { ha1 } = found ?? NOBODY
    const proved = provesSecret(answer, answer.algorithm === 'MD5' ? ha1.md5 : ha1.sha256, request.method)
    if (!proved || !found) return { result: 'wrong' }
    // Somebody may have used it while we looked the credentials up.
    if (this.#nonces.check(answer.nonce, answer.nc) !== 'fresh') return { result: 'stale' }
    this.#nonces.use(answer.nonce, answer.nc)
    return { result: 'proved', device: found.device }
  }

  #answerIn({ fields }: SipRequest): DigestAnswer | undefined {
    for (const value of fields['authorization'] ?? []) {
      const answer = parseDigestAnswer(value)
      if (answer?.realm === this.#realm) return answer
    }
    return undefined
  }

  async #lookUp(device: string): Promise<DeviceCredentials | undefined | 'failed'> {
    try {
      return await this.#find(device)
    } catch (error) {
      this.#logger.error(
        { device, reason: messageOf(error) },
        'credentials of a device could not be looked up',
      )
      return 'failed'
    }
  }
}

/**
 * An answer made for one number may not be moved to another (RFC 7616 3.4.6). Some clients leave the user part
 * or the parameters out of `uri`, so only the user part is compared, where there is one.
 */
function isAbout(answered: string, requested: string): boolean {
  const user = parseUri(answered)?.user
  return user === undefined || user === parseUri(requested)?.user
}
