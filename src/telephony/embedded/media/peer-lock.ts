import { isIP } from 'node:net'

/** A locked peer must have been silent for this long before another source may take its place. */
const RELEARN_AFTER_MS = 2000

/** How well a source fits what signalling said; a better fit takes the lock from a worse one. */
type Fit = 0 | 1 | 2
const STRANGER: Fit = 0
const SAME_HOST: Fit = 1
const AS_SIGNALLED: Fit = 2

/**
 * Symmetric RTP (RFC 4961) with a locked peer. Behind a NAT the address in the SDP is not where the packets come
 * from, so we send to where they do come from, once there has been one. Then only that source is heard:
 * another one is dropped, unless
 * - it fits the signalled address better (the true peer arrives after somebody who guessed the port),
 * - the locked one has been silent for two seconds (the NAT moved it), or
 * - signalling named a new address.
 *
 * So a stranger can neither inject audio nor draw ours to himself while the true peer is talking.
 */
export class PeerLock {
  #signalledHost = ''
  #signalledPort = 0
  #host = ''
  #port = 0
  #fit: Fit | undefined
  #heardAt = 0

  /** Address and port to send to; the port is 0 while there is none. */
  get host(): string {
    return this.#host
  }

  get port(): number {
    return this.#port
  }

  /** True once a source has been heard. */
  get locked(): boolean {
    return this.#fit !== undefined
  }

  /**
   * What signalling says. The same address again keeps the lock; another one begins anew.
   * A host name or the address 0.0.0.0 (hold, in RFC 2543's way) is nowhere to send to, but may be heard from.
   */
  expect(host: string, port: number): void {
    if (host === this.#signalledHost && port === this.#signalledPort) return
    this.#signalledHost = host
    this.#signalledPort = port
    this.#fit = undefined
    const reachable = isIP(host) !== 0 && host !== '0.0.0.0' && host !== '::' && port > 0
    this.#host = reachable ? host : ''
    this.#port = reachable ? port : 0
  }

  /** True when a packet from there belongs to the peer; learns where that is. `now` in milliseconds. */
  admit(host: string, port: number, now: number): boolean {
    if (this.#signalledHost === '') return false
    if (this.#fit !== undefined && port === this.#port && host === this.#host) {
      this.#heardAt = now
      return true
    }
    const fit = this.#fitOf(host, port)
    const free = this.#fit === undefined || now - this.#heardAt > RELEARN_AFTER_MS
    if (!free && fit <= (this.#fit ?? STRANGER)) return false
    this.#fit = fit
    this.#host = host
    this.#port = port
    this.#heardAt = now
    return true
  }

  #fitOf(host: string, port: number): Fit {
    if (host !== this.#signalledHost) return STRANGER
    return port === this.#signalledPort ? AS_SIGNALLED : SAME_HOST
  }
}
