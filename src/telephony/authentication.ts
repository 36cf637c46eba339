import type { Logger } from 'pino'
import { messageOf } from '../errors.ts'
import {
  type DigestAlgorithm,
  type DigestAnswer,
  parseDigestAnswer,
  provesSecret,
  writeChallenge,
} from './digest.ts'
import { Nonces, type NonceTimers } from './nonces.ts'
import { parseUri } from './sip-uri.ts'
import type { DeviceCredentials, FindCredentials } from './telephony.ts'

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

/** Callers come in numbers, and nearly all are strangers: the names of devices are read anew only after so long. */
const NAMES_MS = 10_000

export interface AuthenticationOptions<Request> {
  readonly realm: string
  readonly findCredentials: FindCredentials
  /** Offered, one challenge each, the first on top (RFC 8760 2.3). */
  readonly algorithms: readonly DigestAlgorithm[]
  readonly timers: NonceTimers
  readonly logger: Logger
  /** The values of Authorization. */
  readonly authorization: (request: Request) => readonly string[]
}

/** Proves who sends a request, by digest (RFC 3261 22, RFC 8760), for every backend that is asked itself. */
export class Authentication<Request extends { readonly method: string; readonly uri: string }> {
  readonly #options: AuthenticationOptions<Request>
  readonly #nonces: Nonces
  #names: Promise<ReadonlySet<string>> | undefined
  #namesUntil = 0
  /** Who has proved to be a device since the names were read. */
  readonly #proved = new Set<string>()

  constructor(options: AuthenticationOptions<Request>) {
    this.#options = options
    this.#nonces = new Nonces(options.timers)
  }

  /** The headers of a 401. @param stale the nonce was good once: the password need not be asked for */
  challenge(stale: boolean): readonly (readonly [name: string, value: string])[] {
    const { realm, algorithms } = this.#options
    return algorithms.map((algorithm) => [
      'WWW-Authenticate',
      writeChallenge(realm, this.#nonces.make(), algorithm, stale),
    ])
  }

  /** The request has credentials for our realm, of whatever worth. */
  hasAnswer(request: Request): boolean {
    return this.#answerIn(request) !== undefined
  }

  /**
   * There is such a device: it has proved itself, or was there some seconds ago. A look-up that fails says no: its
   * INVITE is then an ordinary caller's.
   */
  async knows(device: string): Promise<boolean> {
    const { findCredentials, timers, logger } = this.#options
    if (!findCredentials.names) return typeof (await this.#lookUp(device)) === 'object'
    if (!this.#names || timers.now() >= this.#namesUntil) {
      this.#namesUntil = timers.now() + NAMES_MS
      this.#names = findCredentials.names()
      this.#proved.clear()
    }
    const names = this.#names
    try {
      return this.#proved.has(device) || (await names).has(device)
    } catch (error) {
      if (this.#names === names) this.#names = undefined
      logger.error({ device, reason: messageOf(error) }, 'names of devices could not be looked up')
      return false
    }
  }

  async prove(request: Request): Promise<Proof> {
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
    this.#proved.add(found.device)
    return { result: 'proved', device: found.device }
  }

  #answerIn(request: Request): DigestAnswer | undefined {
    const { realm, authorization } = this.#options
    for (const value of authorization(request)) {
      const answer = parseDigestAnswer(value)
      if (answer?.realm === realm) return answer
    }
    return undefined
  }

  async #lookUp(device: string): Promise<DeviceCredentials | undefined | 'failed'> {
    try {
      return await this.#options.findCredentials(device)
    } catch (error) {
      this.#options.logger.error(
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
