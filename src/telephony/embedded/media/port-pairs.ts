import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { messageOf } from '../../../errors.ts'
import type { PortEvent } from './protocol.ts'

/** After its call a pair rests, so that stray packets of the old call do not reach a new one. */
const REST_MS = 2000
/** Then it is lent to the main thread for new calls; one that nobody has needed for this long is closed. */
const KEEP_MS = 30_000
/** How many ports the system may offer before we give up on an even one with a free neighbour. */
const EPHEMERAL_ATTEMPTS = 64

export type Receive = (packet: Buffer, source: RemoteInfo) => void

/** From `min` to `max`, both included; 0 and 0 let the system choose. */
export interface PortRange {
  readonly min: number
  readonly max: number
}

/**
 * A socket on an even port for RTP and, once it is needed, one on the next odd port for RTCP (RFC 3550 11).
 * Nothing that happens on a socket is fatal: what cannot be sent is lost, as it may be on any network.
 */
export class PortPair {
  readonly host: string
  readonly port: number
  readonly rtp: Socket
  rtcp: Socket | undefined
  onRtp: Receive | undefined
  onRtcp: Receive | undefined
  releasedAt = 0
  recalled = false

  constructor(host: string, port: number, rtp: Socket) {
    this.host = host
    this.port = port
    this.rtp = rtp
    rtp.on('message', (packet, source) => this.onRtp?.(packet, source))
  }

  /** Opens the RTCP port; where it is taken, the session does without. */
  async openRtcp(): Promise<void> {
    const socket = newSocket(this.host)
    try {
      await bind(socket, this.host, this.port + 1)
    } catch {
      return
    }
    socket.on('message', (packet, source) => this.onRtcp?.(packet, source))
    this.rtcp = socket
  }

  close(): void {
    this.rtp.close()
    this.rtcp?.close()
  }
}

/**
 * Port pairs for calls. A busy server would open and close hundreds of sockets a second; instead, pairs are used
 * again, the one that has rested longest first. While a pair rests it swallows what still comes for its old call.
 * Then the main thread may give it to a session (see `PortEvent`), so only the main thread can say that it is free.
 *
 * The receive buffer is left at the system's default: 200 KB hold four seconds of a call, and audio that late
 * is of no use to anybody.
 */
export class PortPairs {
  readonly #range: PortRange
  readonly #now: () => number
  readonly #report: (event: PortEvent) => void
  /** In the order of their release. */
  readonly #resting: PortPair[] = []
  /** Lent to the main thread, by port, in the order of their release. */
  readonly #lent = new Map<number, PortPair>()
  readonly #taken = new Set<number>()
  #next: number

  constructor(range: PortRange, now: () => number, report: (event: PortEvent) => void) {
    this.#range = range
    this.#now = now
    this.#report = report
    this.#next = range.min + (range.min & 1)
  }

  /** How many pairs have their sockets open, in use or at rest. */
  get open(): number {
    return this.#taken.size
  }

  /** The pair that was lent and is given to a session now; undefined when there is no such pair. */
  claim(port: number): PortPair | undefined {
    const pair = this.#lent.get(port)
    this.#lent.delete(port)
    return pair
  }

  /** @throws Error in plain words when there is no free pair, or the address is not ours */
  async take(host: string): Promise<PortPair> {
    const pair = this.#range.max === 0 ? await this.#openAnywhere(host) : await this.#openInRange(host)
    if (pair) return pair
    const tired = this.#resting.findIndex((resting) => resting.host === host)
    const [last] = tired < 0 ? [] : this.#resting.splice(tired, 1)
    if (last) return last
    throw new Error(`all media ports from ${this.#range.min} to ${this.#range.max} are in use`)
  }

  release(pair: PortPair): void {
    pair.onRtp = undefined
    pair.onRtcp = undefined
    pair.releasedAt = this.#now()
    pair.recalled = false
    this.#resting.push(pair)
  }

  /** Lends what has rested, and asks for the return of what has been idle for long; to be called now and then. */
  tend(now: number): void {
    for (let pair = this.#resting[0]; pair && now - pair.releasedAt >= REST_MS; pair = this.#resting[0]) {
      this.#resting.shift()
      this.#lent.set(pair.port, pair)
      this.#report({ type: 'rested', host: pair.host, port: pair.port })
    }
    for (const pair of this.#lent.values()) {
      if (now - pair.releasedAt <= KEEP_MS) break
      if (pair.recalled) continue
      pair.recalled = true
      this.#report({ type: 'recall', port: pair.port })
    }
  }

  /** Closes a pair that was lent. */
  discard(port: number): void {
    this.#lent.get(port)?.close()
    this.#lent.delete(port)
    this.#taken.delete(port)
  }

  /** Each port of the range in turn, beginning where the last search ended: a port comes back as late as can be. */
  async #openInRange(host: string): Promise<PortPair | undefined> {
    const { min, max } = this.#range
    const first = min + (min & 1)
    for (let tries = (max - first + 1) >> 1; tries > 0; tries--) {
      if (this.#next + 1 > max) this.#next = first
      const port = this.#next
      this.#next += 2
      if (this.#taken.has(port)) continue
      const pair = await this.#openAt(host, port)
      if (pair) return pair
    }
    return undefined
  }

  async #openAnywhere(host: string): Promise<PortPair | undefined> {
    for (let tries = 0; tries < EPHEMERAL_ATTEMPTS; tries++) {
      const pair = await this.#openAt(host, 0)
      if (pair) return pair
    }
    return undefined
  }

  /** @returns undefined when the port is taken by another program, or is odd */
  async #openAt(host: string, wanted: number): Promise<PortPair | undefined> {
    const socket = newSocket(host)
    this.#taken.add(wanted)
    try {
      await bind(socket, host, wanted)
    } catch (error) {
      this.#taken.delete(wanted)
      if (isPortTaken(error)) return undefined
      throw new Error(`no media port on ${host}: ${messageOf(error)}`, { cause: error })
    }
    const { port } = socket.address()
    this.#taken.delete(wanted)
    if (port & 1) {
      socket.close()
      return undefined
    }
    this.#taken.add(port)
    return new PortPair(host, port, socket)
  }
}

/** Addresses are always numeric here, so looking one up is to hand it back at once. */
function newSocket(host: string): Socket {
  const family = isIPv6(host) ? 6 : 4
  return createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    lookup: (address, _options, found) => found(null, address, family),
  })
}

/** A socket reports later errors (a port unreachable at the far end) to nobody: the audio is lost, that is all. */
function bind(socket: Socket, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.on('error', () => undefined)
      socket.close()
      reject(error)
    })
    socket.bind({ port, address: host, exclusive: true }, () => {
      socket.removeAllListeners('error')
      socket.on('error', () => undefined)
      resolve()
    })
  })
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}
