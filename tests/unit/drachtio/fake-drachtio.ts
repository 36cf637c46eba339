import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import Srf from 'drachtio-srf'
import { Frames, frame } from './frames.ts'

/** Speaks to drachtio-srf as drachtio-server does, as far as a recording goes: lets it in, and says what it is told. */
export class FakeDrachtio {
  readonly #server: Server = createServer((socket) => this.#accept(socket))
  #socket: Socket | undefined
  readonly srf = new Srf()

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (typeof address !== 'object' || !address) throw new Error('it has no port')
    void this.srf.connect({ host: '127.0.0.1', port: address.port, secret: 'any' })
    await once(this.srf, 'connect')
  }

  say(text: string): void {
    this.#socket?.write(frame(text))
  }

  async close(): Promise<void> {
    this.srf.disconnect()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #accept(socket: Socket): void {
    this.#socket = socket
    const reader = new Frames()
    socket.on('data', (bytes) => {
      for (const text of reader.read(bytes)) {
        const [id] = text.split('|')
        this.say(`answer|response|${id}|OK|udp/127.0.0.1:5060|v0.9.4|udp/127.0.0.1:5060`)
      }
    })
  }
}
