import { pino } from 'pino'
import type { CallId } from '../../../src/call/call.ts'
import type { CallCommand, RejectCause } from '../../../src/call/commands.ts'
import type { CallEvent } from '../../../src/call/events.ts'
import { RealClock } from '../../../src/clock/real-clock.ts'
import { EmbeddedTelephony } from '../../../src/telephony/embedded/embedded-telephony.ts'
import type { MediaRequest } from '../../../src/telephony/embedded/media/protocol.ts'
import { FarAudio, type FarSession, type HeardFrame } from './far-audio.ts'
import type { FarEnd, Sound } from './rig.ts'

export const PASSWORD = 'conformance'

const statuses: Readonly<Record<Parameters<FarEnd['refuse']>[0], RejectCause>> = {
  busy: 'busy',
  rejected: 'rejected',
  'no-answer': 'unavailable',
  unreachable: 'overloaded',
}

/** Remembers which media session was opened last: that of the call that has just been made or come. */
class NumberedAudio extends FarAudio {
  lastOpened = 0

  override send(request: MediaRequest): void {
    if (request.type === 'open') this.lastOpened = request.session
    super.send(request)
  }
}

/** A SIP endpoint at the far end: calls, is called, registers. */
export class FarPhone {
  readonly #audio = new NumberedAudio()
  readonly #telephony: EmbeddedTelephony
  readonly #server: string
  readonly #calls = new Map<CallId, FarCall>()
  readonly #device: string | undefined
  #registration: ReturnType<EmbeddedTelephony['registration']> | undefined
  #count = 0
  /** The call that came last. */
  incoming: FarCall | undefined
  /** The call that came last for each number. */
  readonly byNumber = new Map<string, FarCall>()

  /** @param server `host:port` */
  constructor(server: string, device?: string) {
    this.#server = server
    this.#device = device
    this.#telephony = new EmbeddedTelephony({
      clock: new RealClock(),
      logger: pino({ level: 'silent' }),
      host: '127.0.0.1',
      port: 0,
      tcp: false,
      realm: 'far',
      allowedUris: ['*', '*:*'],
      isServed: () => true,
      findCredentials: async () => undefined,
      mediaTimeoutMs: 0,
      media: this.#audio,
      ...(device !== undefined && { outbound: { username: device, password: PASSWORD } }),
    })
  }

  /** Where it listens, once started. */
  address(): string {
    return `127.0.0.1:${this.#telephony.address().port}`
  }

  async start(): Promise<void> {
    await this.#telephony.start((event) => this.#receive(event))
    if (this.#device === undefined) return
    this.#registration = this.#telephony.registration({ registrar: `sip:${this.#server}` })
    await this.#registration.start()
  }

  async unregister(): Promise<void> {
    const registration = this.#registration
    this.#registration = undefined
    await registration?.stop()
  }

  /** Without a word to the server, which has been stopped by then. */
  async stop(): Promise<void> {
    await this.#telephony.stop()
  }

  call(from: string, to: string): FarCall {
    const call = `far-${++this.#count}`
    this.#execute({
      type: 'dial',
      id: `${call}-dial`,
      call,
      target: { uri: `sip:${to}@${this.#server}` },
      from: { uri: `sip:${from}@callers.test`, number: from },
      ringMs: 60_000,
    })
    return this.#add(call, {}, 'outgoing')
  }

  #receive(event: CallEvent): void {
    if (event.type === 'call.offered') {
      this.incoming = this.#add(event.call, event.headers, 'incoming')
      this.byNumber.set(event.to.number ?? '', this.incoming)
    }
    if ('call' in event) this.#calls.get(event.call)?.receive(event)
  }

  #add(call: CallId, headers: Readonly<Record<string, string>>, direction: 'incoming' | 'outgoing'): FarCall {
    const audio = { all: this.#audio, session: this.#audio.lastOpened }
    const far = new FarCall(call, headers, direction, audio, {
      execute: (command) => this.#execute(command),
      hold: (holds) => this.#telephony.holdFarEnd(call, holds),
    })
    this.#calls.set(call, far)
    return far
  }

  #execute(command: CallCommand): void {
    this.#telephony.execute(command)
  }
}

/** What a call needs of its phone. */
interface PhoneKeys {
  execute(command: CallCommand): void
  hold(holds: boolean): void
}

/** One call of a far phone. */
export class FarCall implements FarEnd {
  readonly #call: CallId
  readonly #headers: Readonly<Record<string, string>>
  readonly #direction: 'incoming' | 'outgoing'
  readonly #audio: { readonly all: FarAudio; readonly session: number }
  readonly #phone: PhoneKeys
  #state: ReturnType<FarEnd['state']> = 'ringing'
  #count = 0

  constructor(
    call: CallId,
    headers: Readonly<Record<string, string>>,
    direction: 'incoming' | 'outgoing',
    audio: { readonly all: FarAudio; readonly session: number },
    phone: PhoneKeys,
  ) {
    this.#call = call
    this.#headers = headers
    this.#direction = direction
    this.#audio = audio
    this.#phone = phone
  }

  receive(event: CallEvent): void {
    if (event.type === 'call.answered') this.#state = 'talking'
    if (event.type === 'call.ended') this.#state = 'gone'
  }

  state(): ReturnType<FarEnd['state']> {
    return this.#state
  }

  answer(): void {
    if (this.#direction === 'incoming') this.#do('answer')
  }

  refuse(cause: Parameters<FarEnd['refuse']>[0]): void {
    this.#phone.execute({ type: 'reject', id: this.#id(), call: this.#call, cause: statuses[cause] })
  }

  hangup(): void {
    this.#do('hangup')
  }

  hold(): void {
    this.#phone.hold(true)
  }

  unhold(): void {
    this.#phone.hold(false)
  }

  press(digits: string): void {
    this.#voice().press(digits)
  }

  speak(ms: number): void {
    this.#voice().speak(ms)
  }

  loseMedia(): void {
    this.#voice().mute(true)
  }

  regainMedia(): void {
    this.#voice().mute(false)
  }

  hears(): Sound {
    return this.#voice().hears()
  }

  hearsToo(sound: Sound): boolean {
    return this.#voice().hearsToo(sound)
  }

  /** Keeps every packet that comes from now on. */
  keepFrames(): void {
    this.#voice().keepFrames()
  }

  frames(): readonly HeardFrame[] {
    return this.#voice().frames ?? []
  }

  keysReceived(): string {
    return this.#voice().keysReceived
  }

  header(name: string): string | undefined {
    return this.#headers[name]
  }

  #voice(): FarSession {
    const session = this.#audio.all.session(this.#audio.session)
    if (!session) throw new Error(`the call ${this.#call} has no audio`)
    return session
  }

  #do(type: 'answer' | 'hangup'): void {
    this.#phone.execute({ type, id: this.#id(), call: this.#call })
  }

  #id(): string {
    return `${this.#call}-${++this.#count}`
  }
}
