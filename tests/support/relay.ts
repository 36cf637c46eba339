import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePort } from './ports.ts'

/** A TCP connection that can be cut: everything between `port` and the server behind it. */
export class Relay implements AsyncDisposable {
  readonly port: number
  readonly #target: number
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  private constructor(port: number, target: number) {
    this.port = port
    this.#target = target
  }

  /** @param target port on loopback */
  static async start(target: number): Promise<Relay> {
    const relay = new Relay(await freePort(), target)
    await relay.mend()
    return relay
  }

  /** Ends every connection and takes no more. */
  async lose(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (!server) return
    server.close()
    for (const socket of this.#sockets) socket.destroy()
    await once(server, 'close')
  }

  async mend(): Promise<void> {
    const server = createServer((near) => {
      const far = connect(this.#target, '127.0.0.1')
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket)
        socket.pipe(other)
        socket.on('error', () => other.destroy())
        socket.on('close', () => {
          this.#sockets.delete(socket)
          other.destroy()
        })
      }
    })
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    this.#server = server
  }

  /** Everything stays up and nothing gets through: a cable that was pulled. */
  hang(): void {
    for (const socket of this.#sockets) socket.pause()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lose()
  }
}
