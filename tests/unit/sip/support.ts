/** The SIP server on loopback with simulated time and no audio, and a far end that says exactly what a test wants. */
import { createSocket, type Socket } from 'node:dgram'
import { pino } from 'pino'
import type { CallCommand } from '../../../src/call/commands.ts'
import type { CallEvent } from '../../../src/call/events.ts'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { ha1 } from '../../../src/telephony/digest.ts'
import { EmbeddedTelephony } from '../../../src/telephony/embedded/embedded-telephony.ts'
import type { MediaEvent, MediaRequest } from '../../../src/telephony/embedded/media/protocol.ts'
import type { MediaLink } from '../../../src/telephony/embedded/media-link.ts'
import type { EmbeddedOptions } from '../../../src/telephony/embedded/options.ts'
import type { SipRequest, SipResponse } from '../../../src/telephony/embedded/sip/message.ts'
import { parseMessage } from '../../../src/telephony/embedded/sip/parse-message.ts'
import type { Trunk } from '../../../src/telephony/trunk.ts'

/** Media that says yes to everything at once, and remembers what it was asked. */
export class SilentMedia implements MediaLink {
  readonly requests: MediaRequest[] = []
  /** Ports are opened only when this is true; set it and call `open` to let the waiting ones through. */
  opensAtOnce = true
  #receive: (event: MediaEvent) => void = () => undefined

  async start(receive: (event: MediaEvent) => void): Promise<void> {
    this.#receive = receive
  }

  send(request: MediaRequest): void {
    this.requests.push(request)
    if (request.type === 'open' && this.opensAtOnce) this.open(request.session)
    if (request.type === 'close') this.say({ type: 'closed', session: request.session, report: undefined })
    if (request.type === 'bridge' || request.type === 'unbridge') this.done(request)
  }

  open(session: number): void {
    queueMicrotask(() => this.#receive({ type: 'opened', session, port: 40_000 + session * 2 }))
  }

  done({ session, command }: { readonly session: number; readonly command: string }): void {
    this.say({ type: 'done', session, command })
  }

  /** As a worker does: later. */
  say(event: MediaEvent): void {
    queueMicrotask(() => this.#receive(event))
  }

  async stop(): Promise<void> {}

  /** The last of a kind. */
  last<Type extends MediaRequest['type']>(type: Type): Extract<MediaRequest, { type: Type }> | undefined {
    return this.requests.findLast((each): each is Extract<MediaRequest, { type: Type }> => each.type === type)
  }
}

/** A trunk that is taken to be up, and writes numbers as we do. */
export function trunkTo(name: string, peer: Pick<Peer, 'port'>, change: Partial<Trunk> = {}): Trunk {
  const unchanged = { strip: 0, prepend: '' }
  return {
    name,
    hosts: [`127.0.0.1:${peer.port}`],
    transport: 'udp',
    domain: `${name}.test`,
    trusted: false,
    identity: 'none',
    sources: [],
    ...change,
    numbers: {
      nationalPrefix: '',
      internationalPrefix: '00',
      receives: 'as-is',
      sends: 'e164',
      received: unchanged,
      sent: unchanged,
      ...change.numbers,
    },
  }
}

export const PASSWORDS: Readonly<Record<string, string>> = { alice: 'wonder', bob: 'builder' }
export const REALM = 'switchroom'

export class TestServer implements AsyncDisposable {
  readonly clock = new SimulatedClock()
  readonly media = new SilentMedia()
  readonly events: CallEvent[] = []
  readonly telephony: EmbeddedTelephony
  /** Called with every event, as a flow would be. */
  react: (event: CallEvent) => void = () => undefined
  #waiting: (() => void)[] = []
  #commands = 0

  constructor(options: Partial<EmbeddedOptions> = {}) {
    this.telephony = new EmbeddedTelephony({
      clock: this.clock,
      logger: pino({ level: 'silent' }),
      host: '127.0.0.1',
      port: 0,
      tcp: false,
      realm: REALM,
      digest: ['MD5', 'SHA-256'],
      findCredentials: async (device) => {
        const password = PASSWORDS[device]
        if (password === undefined) return undefined
        const [md5, sha256] = [ha1('MD5', device, REALM, password), ha1('SHA-256', device, REALM, password)]
        return { device, ha1: { md5, sha256 } }
      },
      isServed: (number) => /^1\d\d$/.test(number),
      allowedUris: ['127.0.0.1'],
      media: this.media,
      ...options,
    })
  }

  static async start(options: Partial<EmbeddedOptions> = {}): Promise<TestServer> {
    const server = new TestServer(options)
    await server.telephony.start((event) => {
      server.events.push(event)
      server.react(event)
      for (const wake of server.#waiting.splice(0)) wake()
    })
    // That its media is ready.
    server.events.length = 0
    return server
  }

  get port(): number {
    return this.telephony.address().port
  }

  /** Executes with an id of its own. @returns the id */
  execute(
    command: Record<string, unknown> & { readonly type: CallCommand['type']; readonly call: string },
  ): string {
    const id = `command-${++this.#commands}`
    this.telephony.execute({ id, ...command } as CallCommand)
    return id
  }

  /** The first event of a type that fits and that no earlier call of `event` has returned. */
  async event<Type extends CallEvent['type']>(type: Type): Promise<Extract<CallEvent, { type: Type }>> {
    for (;;) {
      const at = this.events.findIndex((each) => each.type === type)
      if (at >= 0) return this.events.splice(at, 1)[0] as Extract<CallEvent, { type: Type }>
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stopped = this.telephony.stop()
    this.clock.advance(2_000)
    await stopped
  }
}

type Message = SipRequest | SipResponse

/** A far end over UDP. */
export class Peer implements AsyncDisposable {
  readonly #socket: Socket
  #server: number
  readonly #received: (Message | string)[] = []
  #waiting: (() => void)[] = []

  private constructor(socket: Socket, server: number) {
    this.#socket = socket
    this.#server = server
    socket.on('message', (data, { address, port }) => {
      const message = parseMessage(data, { transport: 'udp', host: address, port })
      // The answer to a malformed request carries its malformed headers.
      this.#received.push(message && message.kind !== 'malformed' ? message : data.toString().slice(8))
      for (const wake of this.#waiting.splice(0)) wake()
    })
  }

  static async to(server: TestServer): Promise<Peer> {
    const peer = await Peer.open()
    peer.faces(server)
    return peer
  }

  /** One that is there before its server. */
  static async open(): Promise<Peer> {
    const socket = createSocket('udp4')
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    return new Peer(socket, 0)
  }

  faces(server: TestServer): void {
    this.#server = server.port
  }

  get port(): number {
    return this.#socket.address().port
  }

  get uri(): string {
    return `sip:peer@127.0.0.1:${this.port}`
  }

  send(text: string | Buffer): void {
    this.#socket.send(text, this.#server, '127.0.0.1')
  }

  /** The next message, whatever it is. */
  async next(): Promise<Message> {
    const message = await this.#any()
    if (typeof message === 'string') throw new Error(`the server sent ${message}`)
    return message
  }

  async #any(): Promise<Message | string> {
    for (;;) {
      const message = this.#received.shift()
      if (message) return message
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  /** The next response with this status; others before it fail. */
  async status(status: number): Promise<SipResponse> {
    const message = await this.next()
    if (message.kind !== 'response' || message.status !== status) {
      throw new Error(`expected ${status}, got ${describe(message)}`)
    }
    return message
  }

  async request(method: string): Promise<SipRequest> {
    const message = await this.next()
    if (message.kind !== 'request' || message.method !== method) {
      throw new Error(`expected ${method}, got ${describe(message)}`)
    }
    return message
  }

  /** Everything that the server has sent before it answers a question asked now; the answer is left out. */
  async untilQuiet(): Promise<string[]> {
    const callId = `quiet-${Math.random()}`
    this.send(request(this, 'OPTIONS', { callId }))
    const seen: string[] = []
    for (;;) {
      const message = await this.#any()
      if (typeof message === 'object' && message.callId === callId) return seen
      seen.push(typeof message === 'string' ? message : describe(message))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(resolve))
  }
}

export function describe(message: Message): string {
  return message.kind === 'request' ? message.method : `${message.status} ${message.method}`
}

export const SDP = sdp({})

/** An offer or answer of a far end. */
export function sdp(change: {
  readonly direction?: string
  readonly address?: string
  readonly port?: number
  readonly formats?: string
}): string {
  const { direction = 'sendrecv', address = '127.0.0.1', port = 30_000, formats = '0 8 101' } = change
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${formats}`,
    'a=rtpmap:101 telephone-event/8000',
    `a=${direction}`,
    '',
  ].join('\r\n')
}

export interface Change {
  readonly uri?: string
  readonly callId?: string
  readonly fromTag?: string
  readonly from?: string
  readonly to?: string
  readonly cseq?: number
  readonly branch?: string
  readonly headers?: readonly string[]
  readonly body?: string
  readonly type?: string
}

let branches = 0

/** A request of a far end. */
export function request(peer: Peer, method: string, change: Change = {}): string {
  const body = change.body ?? ''
  const lines = [
    `${method} ${change.uri ?? 'sip:100@127.0.0.1'} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${peer.port};branch=${change.branch ?? `z9hG4bKtest${++branches}`};rport`,
    'Max-Forwards: 70',
    `From: ${change.from ?? '"Caller" <sip:+15550100@example.net>'};tag=${change.fromTag ?? 'far'}`,
    `To: ${change.to ?? '<sip:100@127.0.0.1>'}`,
    `Call-ID: ${change.callId ?? 'call@far'}`,
    `CSeq: ${change.cseq ?? 1} ${method}`,
    ...(method === 'ACK' || method === 'BYE' || method === 'CANCEL' ? [] : [`Contact: <${peer.uri}>`]),
    ...(change.headers ?? []),
    ...(body === '' ? [] : [`Content-Type: ${change.type ?? 'application/sdp'}`]),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** A response of a far end to a request of the server. */
export function respond(
  peer: Peer,
  to: SipRequest,
  status: number,
  change: { readonly tag?: string; readonly body?: string; readonly headers?: readonly string[] } = {},
): string {
  const body = change.body ?? ''
  const lines = [
    `SIP/2.0 ${status} Whatever`,
    ...to.headers.all('via').map((via) => `Via: ${via}`),
    `From: ${to.headers.get('from')}`,
    `To: ${to.headers.get('to')}${to.toTag ? '' : `;tag=${change.tag ?? 'far'}`}`,
    `Call-ID: ${to.callId}`,
    `CSeq: ${to.cseq} ${to.method}`,
    `Contact: <${peer.uri}>`,
    ...(change.headers ?? []),
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** Calls, is answered, and acknowledges. @returns what later requests of the dialog need */
export async function establish(
  server: TestServer,
  peer: Peer,
  change: Change = {},
): Promise<{ readonly call: string; readonly answer: SipResponse; readonly dialog: Change }> {
  peer.send(request(peer, 'INVITE', { body: SDP, ...change }))
  const { call } = await server.event('call.offered')
  server.execute({ type: 'answer', call })
  const answer = await peer.status(200)
  const { body: _, headers: __, ...rest } = change
  const dialog: Change = { ...rest, to: answer.headers.get('to') ?? '' }
  peer.send(request(peer, 'ACK', dialog))
  await server.event('call.answered')
  await peer.untilQuiet()
  return { call, answer, dialog }
}
