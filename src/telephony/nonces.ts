import { createHmac, randomBytes } from 'node:crypto'

/** What nonces need of time: a `Clock`, or coarser timers. Milliseconds. */
export interface NonceTimers {
  now(): number
  after(delayMs: number, run: () => void): unknown
}

/** A client answers a challenge within moments; after this it is asked again with `stale=true`. */
const LIFE_MS = 5 * 60_000

export type NonceState = 'fresh' | 'stale' | 'replayed'

/**
 * Nonces that are recognised without being remembered (RFC 7616 3.3 suggests this form): time, randomness and a
 * keyed hash over both. Only a nonce that somebody has proved a password with is kept, with its highest
 * nonce count, so that no answer works twice (5.4); those who never prove anything cost no memory.
 */
export class Nonces {
  readonly #timers: NonceTimers
  readonly #key = randomBytes(32)
  readonly #counts = new Map<string, number>()

  constructor(timers: NonceTimers) {
    this.#timers = timers
  }

  get size(): number {
    return this.#counts.size
  }

  make(): string {
    const body = `${Math.floor(this.#timers.now()).toString(16)}.${randomBytes(8).toString('hex')}`
    return `${body}.${this.#seal(body)}`
  }

  /** What a nonce is worth before its answer is looked at. */
  check(nonce: string, nc: string): NonceState {
    const end = nonce.lastIndexOf('.')
    const body = nonce.slice(0, Math.max(end, 0))
    if (end < 0 || this.#seal(body) !== nonce.slice(end + 1)) return 'stale'
    const age = this.#timers.now() - Number.parseInt(body, 16)
    if (!(age <= LIFE_MS)) return 'stale'
    return Number.parseInt(nc, 16) > (this.#counts.get(nonce) ?? 0) ? 'fresh' : 'replayed'
  }

  /** The nonce has proved a password with this count. */
  use(nonce: string, nc: string): void {
    if (!this.#counts.has(nonce)) this.#timers.after(LIFE_MS, () => this.#counts.delete(nonce))
    this.#counts.set(nonce, Number.parseInt(nc, 16))
  }

  #seal(body: string): string {
    return createHmac('sha256', this.#key).update(body).digest('hex').slice(0, 32)
  }
}
