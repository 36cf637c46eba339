import { timingSafeEqual } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import type { Logger } from 'pino'
import { SwitchroomError } from '../../errors.ts'
import type { Trace, TracedAddress } from '../trace.ts'
import { type HepPacket, readHep } from './hep-packet.ts'

export interface HepListenerOptions {
  readonly logger: Logger
  readonly trace: Trace
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** What each packet must bring along; empty: nothing. */
  readonly password: string
  /** The port on which the servers that send to us speak SIP. */
  readonly sipPort: number
}

/** Far more than a moment of busy hours; what is too much is lost, as with any capture. */
const RECEIVE_BUFFER = 1024 * 1024

/** Takes what SIP servers of others tell of their signalling (HEP 3 over UDP) and gives it to the trace. */
export class HepListener {
  readonly #options: HepListenerOptions
  #socket: Socket | undefined
  #warned = false

  constructor(options: HepListenerOptions) {
    this.#options = options
  }

  /**
   * @returns the bound port
   * @throws SwitchroomError PORT_TAKEN or ADDRESS_UNAVAILABLE
   */
  async start(): Promise<number> {
    const { host, port, logger } = this.#options
    const socket = createSocket({
      type: host.includes(':') ? 'udp6' : 'udp4',
      recvBufferSize: RECEIVE_BUFFER,
    })
    socket.on('message', (data, { address }) => this.#receive(data, address))
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject)
        socket.bind(port, host, () => {
          socket.off('error', reject)
          resolve()
        })
      })
    } catch (error) {
      socket.close()
      throw startError(error, host, port)
    }
    socket.on('error', (err) => logger.warn({ err }, 'HEP socket'))
    this.#socket = socket
    return socket.address().port
  }

  async stop(): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    if (socket) await new Promise<void>((resolve) => socket.close(resolve))
  }

  #receive(data: Buffer, sender: string): void {
    const packet = readHep(data)
    if (!packet) return
    const { password, logger, trace } = this.#options
    if (password !== '' && !isSame(packet.password ?? '', password)) {
      if (!this.#warned) logger.warn({ sender }, 'HEP packets without the password of trace.hepPassword')
      this.#warned = true
      return
    }
    const { source, destination, transport, at, text } = packet
    const sipCallId = /^(?:call-id|i)[ \t]*:[ \t]*(\S+)/im.exec(text)?.[1]
    if (sipCallId === undefined) return
    const direction = this.#isSent(packet, sender) ? 'sent' : 'received'
    trace.message({ sipCallId, direction, transport, source, destination, at, text })
  }

  /** HEP does not say which end is the server that sends it: it is the one with its address, or with its port. */
  #isSent({ source, destination }: HepPacket, sender: string): boolean {
    const likeness = ({ host, port }: TracedAddress): number =>
      (host === sender ? 1 : 0) + (port === this.#options.sipPort ? 1 : 0)
    return likeness(source) > likeness(destination)
  }
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function startError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return new SwitchroomError(
      'PORT_TAKEN',
      `trace.hepPort ${port} on ${host} is in use by another program`,
      {
        remedy: 'Stop that program, or choose another port: --set trace.hepPort=<port>.',
        cause: error,
      },
    )
  }
  return new SwitchroomError(
    'ADDRESS_UNAVAILABLE',
    `trace.hepHost ${host}, trace.hepPort ${port} cannot be bound`,
    {
      remedy: 'Give an address of this machine: --set trace.hepHost=<address>.',
      cause: error,
    },
  )
}
