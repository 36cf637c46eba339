import { randomUUID } from 'node:crypto'
import { type Logger, pino } from 'pino'
import type { Party } from '../../call/call.ts'
import type { CallEvent } from '../../call/events.ts'
import { type Clock, elapsed } from '../../clock/clock.ts'
import { RealClock } from '../../clock/real-clock.ts'
import { SwitchroomError } from '../../errors.ts'
import { EmbeddedTelephony } from '../../telephony/embedded/embedded-telephony.ts'
import type { EmbeddedOptions } from '../../telephony/embedded/options.ts'
import type { Registration } from '../../telephony/embedded/sip/registration.ts'
import { escapeUser } from '../../telephony/sip-uri.ts'
import { type HostPort, localAddressTowards, parseHostPort } from './local-address.ts'
import { PhoneCall } from './phone-call.ts'
import { PhoneMedia } from './phone-media.ts'

export interface PhoneOptions {
  /** SIP server, `host` or `host:port`. Everything goes there. */
  readonly server: string
  /** Registers under this name, and answers challenges with `password`. */
  readonly device?: string
  readonly password?: string
  /** Number shown to whom it calls; without one and without a device the caller is anonymous. */
  readonly number?: string
  /** Name shown to whom it calls. */
  readonly name?: string
  /** Rings so long before it gives up, milliseconds (default: three minutes). */
  readonly ringMs?: number
  readonly clock?: Clock
  readonly logger?: Logger
}

interface Line {
  readonly telephony: EmbeddedTelephony
  readonly registration: Registration | undefined
}

export const DEFAULT_SIP_PORT = 5060
const RING_MS = 180_000
const LEVEL_MS = 100
/** A server that is gone does not confirm; it forgets us by itself. */
const UNREGISTER_WITHIN_MS = 1000

/**
 * A SIP phone without a loudspeaker: it calls and is called, plays and records WAV files, and tells what it hears.
 * For people who have no other phone at hand, and the far end in tests.
 *
 *     const phone = new Phone({ server: '127.0.0.1:5060' })
 *     await phone.start()
 *     const call = phone.call('100')
 *     await call.answered
 */
export class Phone {
  readonly #options: PhoneOptions
  readonly #server: HostPort
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #calls = new Map<string, PhoneCall>()
  readonly #listeners = new Set<(call: PhoneCall) => void>()
  /** Incoming calls that nobody has asked for yet. */
  readonly #unclaimed: PhoneCall[] = []
  #line: Line | undefined

  /** @throws SwitchroomError USAGE when `server` is not a host with or without a port */
  constructor(options: PhoneOptions) {
    this.#options = options
    this.#server = parseHostPort(options.server, DEFAULT_SIP_PORT)
    this.#clock = options.clock ?? new RealClock()
    this.#logger = options.logger ?? pino({ level: 'silent' })
  }

  /** Where it can be called, `sip:host:port`, once started. */
  get uri(): string {
    const { host, port } = this.#started().telephony.address()
    return `sip:${host}:${port}`
  }

  /**
   * Opens the line and, with a device, registers.
   * @throws SwitchroomError NOT_SIGNED_IN when the password is wrong, SERVER_UNREACHABLE when nobody answers
   */
  async start(): Promise<void> {
    const telephony = new EmbeddedTelephony(await this.#embeddedOptions())
    await telephony.start((event) => this.#receive(event))
    const { host, port } = this.#server
    const registration =
      this.#options.device === undefined
        ? undefined
        : telephony.registration({
            registrar: `sip:${host}:${port}`,
            changed: (failure) =>
              failure
                ? this.#logger.warn({ reason: failure.message }, 'the registration could not be renewed')
                : this.#logger.debug('registered'),
          })
    // Before registering: a call may come with the server's very answer.
    this.#line = { telephony, registration }
    try {
      await registration?.start()
    } catch (error) {
      this.#line = undefined
      await telephony.stop()
      throw error
    }
  }

  /** Calls a number at the server, or a SIP URI. */
  call(target: string, headers: Readonly<Record<string, string>> = {}): PhoneCall {
    const { telephony } = this.#started()
    const { host, port } = this.#server
    const uri = target.startsWith('sip:') ? target : `sip:${target}@${host}:${port}`
    const call = this.#add({
      id: randomUUID(),
      direction: 'outgoing',
      party: { uri, number: target },
      headers: {},
    })
    telephony.execute({
      type: 'dial',
      id: `${call.id}-dial`,
      call: call.id,
      target: { uri },
      from: this.#identity(),
      ringMs: this.#options.ringMs ?? RING_MS,
      headers,
    })
    return call
  }

  /** The next incoming call, which is ringing then; also one that came before anybody asked. */
  incoming(): Promise<PhoneCall> {
    const waiting = this.#unclaimed.shift()
    if (waiting) return Promise.resolve(waiting)
    return new Promise((resolve) => {
      const stop = this.listen((call) => {
        stop()
        resolve(call)
      })
    })
  }

  /** Calls `listener` for every incoming call from now on. @returns how to stop that */
  listen(listener: (call: PhoneCall) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Hangs up, unregisters and closes the line. */
  async stop(): Promise<void> {
    const line = this.#line
    if (!line) return
    await Promise.all([...this.#calls.values()].map((call) => call.hangUp()))
    if (line.registration) {
      await Promise.race([line.registration.stop(), elapsed(this.#clock, UNREGISTER_WITHIN_MS)])
    }
    this.#line = undefined
    await line.telephony.stop()
  }

  async #embeddedOptions(): Promise<EmbeddedOptions> {
    const { device, password } = this.#options
    const clock = this.#clock
    const logger = this.#logger
    const host = await localAddressTowards(this.#server)
    return {
      clock,
      logger,
      host,
      port: 0,
      tcp: false,
      realm: 'phone',
      allowedUris: ['*'],
      media: new PhoneMedia(clock, logger),
      mediaTimeoutMs: 0,
      userAgent: 'Switchroom phone',
      // A phone rings for whoever calls it.
      isServed: () => true,
      findCredentials: () => Promise.resolve(undefined),
      levels: {
        everyMs: LEVEL_MS,
        heard: (call, dbov) => this.#calls.get(call)?.level(dbov, clock.now()),
      },
      connected: (call, party) => this.#calls.get(call)?.connected(party),
      ...(device !== undefined && { outbound: { username: device, password: password ?? '' } }),
    }
  }

  #receive(event: CallEvent): void {
    if (event.type === 'call.offered') return this.#ring(event)
    if (!('call' in event)) return
    this.#calls.get(event.call)?.receive(event)
    if (event.type === 'call.ended') this.#calls.delete(event.call)
  }

  #ring({ call: id, from, headers }: Extract<CallEvent, { type: 'call.offered' }>): void {
    const call = this.#add({ id, direction: 'incoming', party: from, headers })
    if (this.#listeners.size === 0) {
      this.#unclaimed.push(call)
      void call.ended.then(() => this.#unclaimed.splice(this.#unclaimed.indexOf(call), 1))
    }
    for (const listener of this.#listeners) listener(call)
  }

  #add(parts: Pick<PhoneCall, 'id' | 'direction' | 'party' | 'headers'>): PhoneCall {
    const call = new PhoneCall(parts, (command) => this.#started().telephony.execute(command))
    this.#calls.set(call.id, call)
    return call
  }

  #identity(): Party {
    const { device, number, name } = this.#options
    const user = number ?? device
    if (user === undefined) return { uri: 'sip:anonymous@anonymous.invalid' }
    return {
      uri: `sip:${escapeUser(user)}@${this.#server.host}`,
      number: user,
      ...(name !== undefined && { name }),
    }
  }

  #started(): Line {
    if (this.#line) return this.#line
    throw new SwitchroomError('WRONG_STATE', 'the phone has not been started, or was stopped')
  }
}
