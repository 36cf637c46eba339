import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Logger } from 'pino'
import type { Connection, Hop } from './message.ts'
import { StreamFramer } from './stream-framer.ts'
import type { Timers } from './timers.ts'
import type { ReceivePacket } from './transport.ts'

/** A listener with more connections than this is under attack; a phone needs one. */
const MAX_CONNECTIONS = 10_000
const MAX_PER_SOURCE = 200
/** A connection that has never carried a message is closed after this. */
const FIRST_MESSAGE_MS = 10_000
const CONNECT_MS = 5_000
/** What may wait unsent before the far end counts as dead. */
const MAX_UNSENT = 1024 * 1024

class TcpConnection implements Connection {
  readonly socket: Socket

  constructor(socket: Socket) {
    this.socket = socket
  }

  get open(): boolean {
    return !this.socket.destroyed && this.socket.writable
  }

  send(data: string): void {
    if (!this.open) return
    this.socket.write(data)
    if (this.socket.writableLength > MAX_UNSENT) this.socket.destroy()
  }
}

interface TcpListener {
  readonly receive: ReceivePacket
  readonly closed: (connection: Connection) => void
}

/** SIP over TCP (RFC 3261 18): a listener, connections by far end, each reused while it is open. */
export class TcpTransport {
  readonly #logger: Logger
  readonly #timers: Timers
  readonly #connections = new Map<string, TcpConnection>()
  readonly #perSource = new Map<string, number>()
  #server: Server | undefined
  #listener: TcpListener | undefined

  constructor(logger: Logger, timers: Timers) {
    this.#logger = logger
    this.#timers = timers
  }

  get size(): number {
    return this.#connections.size
  }

  /** @throws the system's error (EADDRINUSE, EADDRNOTAVAIL, EACCES) */
  async start(host: string, port: number, listener: TcpListener): Promise<void> {
    const server = createServer({ noDelay: true, keepAlive: true }, (socket) => this.#accept(socket))
    server.maxConnections = MAX_CONNECTIONS
    this.#listener = listener
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => {
        server.off('error', reject)
        resolve()
      })
    })
    server.on('error', (error) => this.#logger.warn({ err: error }, 'SIP TCP listener'))
    this.#server = server
  }

  /** Sends over the given connection, another to the same far end, or a new one (18.1.1, 18.2.2). */
  send(data: string, hop: Hop, failed?: (error: Error) => void): void {
    if (hop.connection?.open) return hop.connection.send(data)
    const known = this.#connections.get(key(hop.host, hop.port))
    if (known?.open) return known.send(data)
    if (!this.#server) return
    this.#connect(hop, failed).send(data)
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    for (const connection of this.#connections.values()) connection.socket.destroy()
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  #accept(socket: Socket): void {
    const host = plainAddress(socket.remoteAddress)
    const count = this.#perSource.get(host) ?? 0
    if (count >= MAX_PER_SOURCE || host === '') {
      socket.destroy()
      return
    }
    this.#perSource.set(host, count + 1)
    socket.once('close', () => {
      const left = (this.#perSource.get(host) ?? 1) - 1
      if (left > 0) this.#perSource.set(host, left)
      else this.#perSource.delete(host)
    })
    const idle = this.#timers.after(FIRST_MESSAGE_MS, () => socket.destroy())
    this.#adopt(socket, host, socket.remotePort ?? 0, () => idle.cancel())
    socket.once('close', () => idle.cancel())
  }

  #connect({ host, port }: Hop, failed: ((error: Error) => void) | undefined): TcpConnection {
    const socket = connect({ host, port, noDelay: true, keepAlive: true })
    const limit = this.#timers.after(CONNECT_MS, () => socket.destroy(new Error('no connection in time')))
    const fail = (error: Error): void => failed?.(error)
    socket.once('error', fail)
    socket.once('connect', () => {
      limit.cancel()
      socket.off('error', fail)
    })
    socket.once('close', () => limit.cancel())
    return this.#adopt(socket, host, port, () => undefined)
  }

  #adopt(socket: Socket, host: string, port: number, carries: () => void): TcpConnection {
    const connection = new TcpConnection(socket)
    const framer = new StreamFramer()
    const source: Hop = { transport: 'tcp', host, port, connection }
    const name = key(host, port)
    this.#connections.set(name, connection)
    socket.on('data', (chunk) => {
      for (const frame of framer.push(chunk)) {
        if (frame.type === 'ping') connection.send('\r\n')
        else if (frame.type === 'fault') socket.end()
        else {
          carries()
          this.#listener?.receive(frame.data, source)
        }
      }
    })
    socket.on('error', (error) => this.#logger.debug({ host, port, err: error }, 'SIP TCP connection'))
    socket.on('close', () => {
      if (this.#connections.get(name) === connection) this.#connections.delete(name)
      this.#listener?.closed(connection)
    })
    return connection
  }
}

function key(host: string, port: number): string {
  return `${host}:${port}`
}

function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/, '')
}
