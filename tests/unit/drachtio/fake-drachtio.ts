import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import Srf from 'drachtio-srf'
import { Frames, frame } from './frames.ts'

/** Speaks to drachtio-srf as drachtio-server does, as far as a recording goes: lets it in, and says what it is told. */
export class FakeDrachtio {
  readonly #server: Server = createServer((socket) => this.#accept(socket))
  #socket: Socket | undefined
  #isOpen = false
  readonly srf = new Srf()
  /** It takes what it is told, and says nothing to it. */
  silent = false

  /** @returns the port */
  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (typeof address !== 'object' || !address) throw new Error('it has no port')
    return address.port
  }

  /** Listens, and `srf` is connected to it. */
  async open(): Promise<void> {
    void this.srf.connect({ host: '127.0.0.1', port: await this.listen(), secret: 'any' })
    await once(this.srf, 'connect')
    this.#isOpen = true
  }

  say(text: string): void {
    this.#socket?.write(frame(text))
  }

  async close(): Promise<void> {
    if (this.#isOpen) this.srf.disconnect()
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#socket?.destroy()
    await closed
  }

  #accept(socket: Socket): void {
    this.#socket = socket
    const reader = new Frames()
    socket.on('data', (bytes) => {
      for (const text of reader.read(bytes)) {
        const [id, what] = text.split('|')
        const refused = what?.startsWith('sip') === true
        const answer = refused
          ? 'NOK|can not send request to myself'
          : 'OK|udp/127.0.0.1:5060|v0.9.4|udp/127.0.0.1:5060'
        if (!this.silent) this.say(`answer|response|${id}|${answer}`)
      }
    })
  }
}
