import { createSocket, type Socket } from 'node:dgram'
import type { Logger } from 'pino'
import { MAX_DATAGRAM, type ReceivePacket } from './transport.ts'

/** A burst of calls must survive a pause of the process; the kernel grants as much of it as it is allowed to. */
const RECEIVE_BUFFER = 4 * 1024 * 1024

/** SIP over UDP (RFC 3261 18): one socket, one message per datagram. */
export class UdpTransport {
  readonly #logger: Logger
  #socket: Socket | undefined

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /**
   * Binds and receives from now on.
   * @returns the bound port
   * @throws the system's error (EADDRINUSE, EADDRNOTAVAIL, EACCES)
   */
  async start(host: string, port: number, receive: ReceivePacket): Promise<number> {
    const socket = createSocket({
      type: 'udp4',
      recvBufferSize: RECEIVE_BUFFER,
      // Every address is numeric by now; the default would ask the resolver for each packet.
      lookup: (address, _options, done) => done(null, address, 4),
    })
    socket.on('message', (data, from) => {
      if (data.length > MAX_DATAGRAM) return
      receive(data, { transport: 'udp', host: from.address, port: from.port })
    })
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(port, host, () => {
        socket.off('error', reject)
        resolve()
      })
    })
    socket.on('error', (error) => this.#logger.warn({ err: error }, 'SIP UDP socket'))
    this.#socket = socket
    return socket.address().port
  }

  /** @param failed told when the packet could not even be handed to the network */
  send(data: string, host: string, port: number, failed?: (error: Error) => void): void {
    if (!failed) this.#socket?.send(data, port, host)
    else this.#socket?.send(data, port, host, (error) => error && failed(error))
  }

  async stop(): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    if (socket) await new Promise<void>((resolve) => socket.close(resolve))
  }
}
