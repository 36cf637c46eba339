/**
 * The Asterisk backend: a Stasis application over ARI on one or several Asterisk 22 servers. This file joins the
 * parts and gives every call to a leg and every leg to a server; how each of them works is in its own file.
 */
import { randomUUID } from 'node:crypto'
import type { Party } from '../../call/call.ts'
import type { CallCommand, RejectCause } from '../../call/commands.ts'
import type { CallEvent } from '../../call/events.ts'
import { allowList } from '../allowed-uris.ts'
import { REFUSALS } from '../endings.ts'
import { EventQueue } from '../event-queue.ts'
import type { Telephony } from '../telephony.ts'
import { numberForTrunk } from '../trunk.ts'
import { trunkCaller } from '../trunk-caller.ts'
import { executeCommand } from './commands.ts'
import { Devices } from './devices.ts'
import type { AriEvent } from './events.ts'
import { Leg, type LegSurroundings } from './leg.ts'
import { MediaServer } from './media-server.ts'
import { dialledNumber, offeredCall, offerOf } from './offer.ts'
import type { AsteriskOptions } from './options.ts'
import { type Attempt, Outbound } from './outbound.ts'
import { AsteriskServer } from './server.ts'
import { Trunks } from './trunks.ts'

/** `stop` waits no longer than this for Asterisk to confirm, milliseconds. */
const STOP_MS = 2_000
/** The dialplan of docker/asterisk/extensions.conf that tells what was measured at the end of a leg. */
const LAST_WORD = { 'CHANNEL(hangup_handler_push)': 'switchroom-ended,s,1' }

/** Section of docker/asterisk/pjsip.conf over which SIP URIs are called. */
const OUTBOUND_ENDPOINT = 'switchroom-out'

/** RFC 3261 25.1, without what means something to the dialplan. */
const HEADER_NAME = /^[A-Za-z0-9_.!-]+$/

type Dial = Extract<CallCommand, { type: 'dial' }>

export class AsteriskTelephony implements Telephony {
  readonly #options: AsteriskOptions
  readonly #events: EventQueue
  readonly #media: MediaServer
  readonly #devices: Devices
  readonly #trunks: Trunks
  readonly #servers: readonly AsteriskServer[]
  readonly #legs = new Map<string, Leg>()
  readonly #around: Omit<LegSurroundings, 'forget'>
  readonly #isAllowed: (uri: string) => boolean
  #emptied: (() => void) | undefined
  #stopping = false

  constructor(options: AsteriskOptions) {
    this.#options = options
    const { clock, logger } = options
    this.#events = new EventQueue(logger)
    this.#isAllowed = allowList(options.allowedUris)
    this.#media = new MediaServer(logger, options.media)
    this.#devices = new Devices((event) => this.#events.emit(event))
    this.#trunks = new Trunks(options.application, options.trunks ?? [], (event) => this.#events.emit(event))
    this.#around = {
      clock,
      logger,
      media: this.#media,
      emit: (event) => this.#events.emit(event),
    }
    this.#servers = options.servers.map(
      (url) =>
        new AsteriskServer(url, {
          options,
          devices: this.#devices,
          trunks: this.#trunks,
          offered: (server, event) => this.#offered(server, event),
          ready: ({ name }) => this.#emit({ type: 'backend.ready', backend: name, serving: true }),
          lost: ({ name }, detail) =>
            this.#emit({ type: 'backend.lost', backend: name, serving: this.#isServing(), detail }),
        }),
    )
  }

  /**
   * Tries to connect to every server, and goes on trying those that cannot be reached: they may start later than we.
   * @throws SwitchroomError when audio cannot be served
   */
  async start(receive: (event: CallEvent) => void): Promise<void> {
    this.#events.start(receive)
    await this.#media.start()
    await Promise.all(this.#servers.map((server) => server.start()))
  }

  /** Where phones and trunks find Asterisk. */
  address(): { readonly host: string; readonly port: number } {
    return this.#options.address
  }

  /** Somebody's phone has come, gone or got another password. Resolves when every Asterisk knows it. */
  async devicesChanged(): Promise<void> {
    const written = this.#servers.filter(({ isReady }) => isReady).map((server) => server.provision())
    for (const result of await Promise.allSettled(written)) {
      if (result.status === 'rejected')
        this.#options.logger.error({ err: result.reason }, 'phones could not be written to Asterisk')
    }
  }

  execute(command: CallCommand): void {
    this.#events.later(() => {
      executeCommand(
        command,
        { leg: (call) => this.#legs.get(call), dial: (each) => this.#dial(each) },
        (reason, detail) =>
          this.#emit({ type: 'command.failed', call: command.call, command: command.id, reason, detail }),
      )
    })
  }

  async stop(): Promise<void> {
    this.#stopping = true
    for (const leg of this.#legs.values()) {
      if (leg.state === 'answered') leg.hangUp()
      else if (leg.direction === 'outbound') leg.hangUp({ cause: 'cancelled', by: 'local' })
      else leg.reject('overloaded')
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = this.#options.clock.after(STOP_MS, resolve)
    await Promise.race([this.#empty(), promise])
    cancel()
    for (const leg of this.#legs.values()) leg.lost()
    for (const server of this.#servers) server.stop()
    await this.#media.stop()
    this.#events.stop()
  }

  /** What is held at this moment. */
  sizes(): { readonly calls: number; readonly registrations: number } {
    return { calls: this.#legs.size, registrations: this.#devices.size }
  }

  #offered(server: AsteriskServer, event: Extract<AriEvent, { type: 'entered' }>): void {
    const { channel, args } = event
    const offer = offerOf(args)
    const {
      logger,
      maxCalls = Number.POSITIVE_INFINITY,
      callIds = randomUUID,
      isServed = () => true,
    } = this.#options
    if (!offer) {
      logger.error(
        { channel, args },
        'a call without what the dialplan should tell: is extensions.conf the one that is shipped?',
      )
    }
    const inbound = [...this.#legs.values()].filter(({ direction }) => direction === 'inbound').length
    if (!offer || inbound >= maxCalls || this.#stopping) {
      return this.#refuse(server, channel, 'overloaded')
    }
    const device = server.isDevice(offer.endpoint) ? offer.endpoint : undefined
    const trunk = this.#trunks.of(offer.endpoint)
    // Who has a phone here may dial what the flows make of it; others what is in the plan, without a trace if not.
    if (device === undefined && !isServed(dialledNumber(offer, trunk, isServed))) {
      return this.#refuse(server, channel, 'not-found')
    }
    const leg = this.#add(server, 'inbound', callIds())
    leg.own(channel)
    // Beside what is asked for next, not before it: the caller waits for that.
    void server.watch(channel)
    server.traces(leg.call, event.sipCallId)
    this.#emit(offeredCall(leg.call, offer, { device, trunk }, isServed))
  }

  /** Before it is a call of ours: nothing is told. */
  #refuse(server: AsteriskServer, channel: string, cause: RejectCause): void {
    server.refuse(channel, REFUSALS[cause].status).catch((err: unknown) => {
      this.#options.logger.warn({ err, channel }, 'a call could not be refused')
    })
  }

  #dial(command: Dial): void {
    const { call, id, target } = command
    if (this.#legs.has(call)) {
      const detail = `there is a call ${call} already`
      return this.#emit({ type: 'command.failed', call, command: id, reason: 'wrong-state', detail })
    }
    const server = this.#serverFor(command)
    if (!server) return this.#emit({ type: 'call.ended', call, cause: 'backend-lost', by: 'network' })
    if ('uri' in target && !this.#isAllowed(target.uri)) {
      return this.#emit({ type: 'call.ended', call, cause: 'not-allowed', by: 'local' })
    }
    const attempts = this.#attempts(server, command)
    if (attempts.length === 0)
      return this.#emit({ type: 'call.ended', call, cause: 'unreachable', by: 'network' })
    const leg = this.#add(server, 'outbound', call)
    new Outbound(leg, { command: id, ringMs: command.ringMs, isDevice: 'device' in target, attempts })
  }

  /**
   * Where the call is that it is to be bridged with; else, among those where a device is registered, if it is known
   * anywhere, the one that carries least.
   */
  #serverFor({ target, beside }: Dial): AsteriskServer | undefined {
    const ready = this.#servers.filter(({ isReady }) => isReady)
    const there = beside === undefined ? undefined : this.#legs.get(beside)?.server
    if (there) return ready.find((server) => server === there)
    const contacts = 'device' in target ? this.#devices.of(target.device) : []
    const near = ready.filter(({ name }) => contacts.some(({ server }) => server === name))
    return (near.length > 0 ? near : ready).toSorted((one, other) => one.load - other.load)[0]
  }

  #attempts(
    server: AsteriskServer,
    { target, from, asserted = false, headers = {} }: Dial,
  ): readonly Attempt[] {
    const variables = { ...LAST_WORD, ...headerVariables(headers) }
    if ('number' in target) {
      return this.#trunks
        .routes(server.name, target.number, target.trunks)
        .map(({ trunk, endpoint, domain }) => {
          const { number } = from
          const caller =
            number === undefined ? from : { ...from, number: numberForTrunk(number, trunk.numbers) }
          // Not Asterisk's own send_pai and send_rpid, which know nothing of who is vouched for.
          const identity = headerVariables(trunkCaller(trunk, domain, from, asserted).headers)
          return {
            endpoints: [endpoint],
            callerId: callerIdOf(caller),
            variables: { ...variables, ...identity },
            trunk: trunk.name,
          }
        })
    }
    const endpoints =
      'uri' in target ? [`PJSIP/${OUTBOUND_ENDPOINT}/${target.uri}`] : this.#phonesOf(server, target.device)
    return [{ endpoints, callerId: callerIdOf(from), variables }]
  }

  /**
   * Asterisk finds one phone by its name. Where there are more, or the phone is registered at another server, each is
   * rung at its own address.
   */
  #phonesOf(server: AsteriskServer, device: string): readonly string[] {
    const all = this.#devices.of(device)
    const here = all.filter((contact) => contact.server === server.name)
    const contacts = here.length > 0 ? here : all.filter(({ uri }) => uri !== '')
    const [only] = contacts
    if (!only || (contacts.length === 1 && only.server === server.name)) return [`PJSIP/${device}`]
    return contacts.map(({ uri }) => `PJSIP/${device}/${uri}`)
  }

  #add(server: AsteriskServer, direction: 'inbound' | 'outbound', call: string): Leg {
    const leg: Leg = new Leg(
      { ...this.#around, forget: () => this.#forget(server, leg) },
      server,
      direction,
      call,
    )
    this.#legs.set(call, leg)
    server.add(leg)
    return leg
  }

  #forget(server: AsteriskServer, leg: Leg): void {
    server.remove(leg)
    this.#legs.delete(leg.call)
    if (this.#legs.size === 0) this.#emptied?.()
  }

  async #empty(): Promise<void> {
    if (this.#legs.size === 0) return
    await new Promise<void>((resolve) => {
      this.#emptied = resolve
    })
  }

  #isServing(): boolean {
    return this.#servers.some(({ isReady }) => isReady)
  }

  #emit(event: CallEvent): void {
    this.#events.emit(event)
  }
}

/** As Asterisk takes it: `"name" <number>`; nothing for somebody who does not show a number. */
function callerIdOf({ number, name }: Party): string {
  if (number === undefined) return ''
  return `"${(name ?? '').replaceAll(/["\\\r\n]/g, '')}" <${number.replaceAll(/[<>"\r\n]/g, '')}>`
}

function headerVariables(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => HEADER_NAME.test(name))
      .map(([name, value]) => [`PJSIP_HEADER(add,${name})`, value.replaceAll(/[\r\n]+/g, ' ')]),
  )
}
