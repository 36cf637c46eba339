import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { CallId } from '../../call/call.ts'
import type { Cancel } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import { Ari } from './ari.ts'
import { ariErrorOf } from './ari-error.ts'
import { Connection } from './connection.ts'
import type { Devices } from './devices.ts'
import { type AriEvent, ariEvent, NOTHING } from './events.ts'
import type { Kind, LineServer } from './line.ts'
import type { AsteriskOptions } from './options.ts'
import { Provisioning } from './provisioning.ts'
import { Registrations } from './registrations.ts'
import type { Trunks } from './trunks.ts'

const LOST_AFTER_MS = 30_000
/** Contexts of docker/asterisk/extensions.conf. */
const REFUSE_CONTEXT = 'switchroom-refuse'

/** What `newId` makes, of what is a channel or a bridge, without the application. */
const KIND_AND_UUID = /^(?:call|snoop|bridge)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A leg as its server sees it. */
export interface ServedLeg {
  readonly pair: { readonly bridge: string } | undefined
  /** The connection is back: what happened meanwhile was not told. @param answered channels in our application */
  reconcile(channels: ReadonlySet<string>, answered: ReadonlySet<string>): Promise<void>
  /** Asterisk is gone, or has forgotten the call. */
  lost(): void
}

export interface ServerSurroundings {
  readonly options: AsteriskOptions
  readonly devices: Devices
  readonly trunks: Trunks
  /** A channel has entered that we did not make. */
  offered(server: AsteriskServer, event: Extract<AriEvent, { type: 'entered' }>): void
  ready(server: AsteriskServer): void
  lost(server: AsteriskServer, detail: string): void
}

/** One Asterisk: its connection, who is told of what at it, and what becomes of its calls when it goes and comes back. */
export class AsteriskServer implements LineServer {
  /** For people: `asterisk 10.0.0.5:8088`. */
  readonly name: string
  readonly ari: Ari
  readonly #around: ServerSurroundings
  readonly #logger: Logger
  readonly #connection: Connection
  readonly #provisioning: Provisioning
  /** Where a trunk registers. */
  readonly #registrations: Registrations | undefined
  readonly #legs = new Set<ServedLeg>()
  readonly #owners = new Map<string, (event: AriEvent) => void>()
  #giveUp: Cancel | undefined
  #applying: Promise<void> = Promise.resolve()

  constructor(url: string, around: ServerSurroundings) {
    const { options } = around
    this.#around = around
    this.name = `asterisk ${new URL(url).host}`
    this.#logger = options.logger.child({ backend: this.name })
    this.#connection = new Connection({
      ...options,
      url,
      logger: this.#logger,
      applications: [options.application, this.#devicesApplication],
      received: (message) => this.#receive(ariEvent(message)),
      prepare: () => this.#prepare(),
      ready: () => this.#ready(),
      lost: (detail) => this.#lost(detail),
    })
    this.ari = new Ari(this.#connection, options.application)
    this.#provisioning = new Provisioning(this.ari, options)
    const { trunks } = around
    if (!trunks.register) return
    this.#registrations = new Registrations({
      ...options,
      url,
      logger: this.#logger,
      changed: (states) => trunks.registered(this.name, states),
      unknown: () => trunks.registered(this.name, undefined),
    })
  }

  get isReady(): boolean {
    return this.#connection.ready
  }

  /** How many legs it carries. */
  get load(): number {
    return this.#legs.size
  }

  start(): Promise<void> {
    return this.#connection.start()
  }

  stop(): void {
    this.#giveUp?.()
    this.#registrations?.stop()
    this.#connection.stop()
  }

  add(leg: ServedLeg): void {
    this.#legs.add(leg)
  }

  remove(leg: ServedLeg): void {
    this.#legs.delete(leg)
  }

  newId(kind: Kind): string {
    return `${this.#around.options.application}-${kind}-${randomUUID()}`
  }

  /** Did we make the channel or bridge, now or before a restart? Not one whose application begins like ours. */
  #isOurs(id: string): boolean {
    const prefix = `${this.#around.options.application}-`
    return id.startsWith(prefix) && KIND_AND_UUID.test(id.slice(prefix.length))
  }

  /** Is this endpoint a phone of our people? */
  isDevice(endpoint: string): boolean {
    return this.#provisioning.has(endpoint)
  }

  own(id: string, handle: (event: AriEvent) => void): void {
    this.#owners.set(id, handle)
  }

  disown(id: string): void {
    this.#owners.delete(id)
  }

  /** Asks to be told of the channel's end, also when it has left our application. */
  async watch(channel: string): Promise<void> {
    try {
      await this.ari.watch(channel)
    } catch (thrown) {
      const error = ariErrorOf(thrown)
      if (error.kind !== 'gone')
        this.#logger.warn({ channel, err: error }, 'the end of a call may be told late')
    }
  }

  async refuse(channel: string, status: number): Promise<void> {
    await this.ari.continueAt(channel, REFUSE_CONTEXT, String(status))
  }

  traces(call: CallId, sipCallId: string): void {
    if (sipCallId !== '') this.#around.options.trace?.leg(call, sipCallId)
  }

  /** Writes who has come, gone or got another password. One after the other, so that what was read last counts. */
  provision(): Promise<void> {
    const applied = this.#applying.then(async () => {
      const refused = await this.#provisioning.apply(await this.#around.options.listDevices())
      for (const [device, reason] of refused)
        this.#logger.error({ device, reason }, 'the phone cannot be written to Asterisk')
    })
    this.#applying = applied.catch(() => undefined)
    return applied
  }

  get #devicesApplication(): string {
    return `${this.#around.options.application}-devices`
  }

  /**
   * Phones are watched in an application of their own: in the one of the calls, every event of a channel would come
   * once for the channel and once for its endpoint.
   */
  async #prepare(): Promise<void> {
    await this.ari.filterOut(this.#around.options.application, [...NOTHING])
    await this.ari.filterFor(this.#devicesApplication, ['ContactStatusChange'])
    await this.ari.watchEndpoints(this.#devicesApplication)
    const found = (await this.ari.endpoints()).map(({ name }) => name)
    await this.#provisioning.begin(found)
    await this.provision()
    await this.#around.trunks.apply(this.ari, this.name, found, this.#provisioning.endpoint, this.#logger)
    await this.#reconcileDevices()
    await this.#reconcileCalls()
  }

  /** ARI tells who is registered, not from where: an address that is not known stays open. */
  async #reconcileDevices(): Promise<void> {
    const { devices } = this.#around
    const found = (await this.ari.endpoints()).filter(({ name, online }) => online && this.isDevice(name))
    devices.replace(this.name, new Map(found.map(({ name }) => [name, devices.knownAt(this.name, name)])))
  }

  /**
   * Calls that are gone meanwhile are ended here. Those that nobody here knows, of a process that died or lost the
   * connection for too long, are ended there: no caller is left in silence.
   */
  async #reconcileCalls(): Promise<void> {
    const { application } = this.#around.options
    const found = await this.ari.channels()
    const channels = new Set(found.map(({ id }) => id))
    const inside = found.filter(
      (each) => each.application === 'Stasis' && each.applicationData.split(',', 1)[0] === application,
    )
    const answered = new Set(inside.map(({ id }) => id))
    for (const leg of this.#legs) await leg.reconcile(channels, answered)
    for (const { id } of found) {
      if (this.#owners.has(id) || !(answered.has(id) || this.#isOurs(id))) continue
      this.#logger.warn({ channel: id }, 'a call that nobody here knows is ended')
      await this.ari.hangUp(id).catch(() => undefined)
    }
    const bridges = (await this.ari.bridges()).filter((id) => this.#isOurs(id))
    for (const id of bridges) {
      if (![...this.#legs].some(({ pair }) => pair?.bridge === id))
        await this.ari.destroyBridge(id).catch(() => undefined)
    }
  }

  #ready(): void {
    this.#giveUp?.()
    this.#giveUp = undefined
    this.#logger.info('connected')
    this.#around.ready(this)
    this.#registrations?.start()
  }

  #lost(detail: string): void {
    this.#logger.error({ detail }, 'connection lost')
    this.#registrations?.stop()
    this.#around.devices.forget(this.name)
    this.#around.trunks.forget(this.name)
    this.#around.lost(this, detail)
    const { clock, lostAfterMs = LOST_AFTER_MS } = this.#around.options
    this.#giveUp ??= clock.after(lostAfterMs, () => {
      this.#giveUp = undefined
      for (const leg of this.#legs) leg.lost()
    })
  }

  #receive(event: AriEvent): void {
    switch (event.type) {
      case 'nothing':
        return
      case 'unknown':
        return this.#logger.warn({ event: event.what }, 'event that we do not know')
      case 'replaced':
        this.#logger.error(
          'another program uses the Stasis application: give each one its own asterisk.application',
        )
        return this.#connection.replaced()
      case 'contact': {
        const { devices, trunks } = this.#around
        if (trunks.isHost(event.device)) return trunks.changed(this.name, event.device, event.state)
        return devices.changed(this.name, event.device, event.uri, event.state)
      }
      default:
        this.#deliver(event, subjectOf(event))
    }
  }

  #deliver(event: AriEvent, id: string): void {
    const owner = this.#owners.get(id)
    try {
      if (owner) owner(event)
      else if (event.type === 'entered') this.#stranger(event)
      // The last words of what we have let go.
      else this.#logger.debug({ event: event.type, id }, 'event that concerns nobody any more')
    } catch (err) {
      this.#logger.error({ err, event: event.type, id }, 'event failed')
    }
  }

  #stranger(event: Extract<AriEvent, { type: 'entered' }>): void {
    const { channel, args } = event
    if (args[0] === 'offered') return this.#around.offered(this, event)
    this.#logger.warn({ channel, name: event.name, args }, 'a channel that we do not know is ended')
    this.ari.hangUp(channel).catch((error: unknown) => {
      this.#logger.warn({ channel, reason: messageOf(error) }, 'it could not be ended')
    })
  }
}

/** Of what an event is told. */
function subjectOf(
  event: Exclude<AriEvent, { type: 'nothing' | 'unknown' | 'replaced' | 'contact' }>,
): string {
  if ('playback' in event) return event.playback
  return 'recording' in event ? event.recording : event.channel
}
