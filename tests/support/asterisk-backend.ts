/** The Asterisk backend in the process of a test, with what it has told. */
import { createHash } from 'node:crypto'
import { pino } from 'pino'
import type { CallCommand } from '../../src/call/commands.ts'
import type { CallEvent } from '../../src/call/events.ts'
import { RealClock } from '../../src/clock/real-clock.ts'
import { AsteriskTelephony } from '../../src/telephony/asterisk/asterisk-telephony.ts'
import type { AsteriskOptions } from '../../src/telephony/asterisk/options.ts'
import type { Trunk } from '../../src/telephony/trunk.ts'
import { PASSWORD } from '../conformance/telephony/far-phone.ts'
import { ARI_PASSWORD } from './asterisk-shipped.ts'
import { until } from './until.ts'

type EventOf<Type extends CallEvent['type']> = Extract<CallEvent, { type: Type }>
type Unnumbered<Command> = Command extends unknown ? Omit<Command, 'id'> : never

const REALM = 'switchroom'
export const PATIENCE_MS = 20_000

const ha1 = (algorithm: string, device: string): string =>
  createHash(algorithm).update(`${device}:${REALM}:${PASSWORD}`).digest('hex')

export interface AsteriskBackendOptions extends Partial<AsteriskOptions> {
  readonly devices?: readonly string[]
  /** Is told every event in the moment in which it comes. */
  readonly heard?: (event: CallEvent) => void
}

/** Phones register with the password of `FarPhone`. */
export class AsteriskBackend {
  readonly telephony: AsteriskTelephony
  readonly events: CallEvent[] = []
  readonly #heard: (event: CallEvent) => void
  #commands = 0

  constructor(
    servers: readonly { readonly url: string }[],
    {
      password = ARI_PASSWORD,
      devices = ['alice', 'bob'],
      heard = () => undefined,
      ...more
    }: AsteriskBackendOptions = {},
  ) {
    this.#heard = heard
    this.telephony = new AsteriskTelephony({
      clock: new RealClock(),
      logger: pino({ level: 'silent' }),
      servers: servers.map(({ url }) => url),
      username: 'switchroom',
      password,
      application: 'switchroom',
      allowedUris: [],
      media: { host: '127.0.0.1', port: 0 },
      address: { host: '127.0.0.1', port: 5060 },
      realm: REALM,
      digest: ['MD5'],
      ...more,
      listDevices: async () =>
        devices.map((device) => ({
          device,
          ha1: { md5: ha1('md5', device), sha256: ha1('sha256', device) },
        })),
    })
  }

  start(): Promise<void> {
    return this.telephony.start((event) => {
      this.events.push(event)
      this.#heard(event)
    })
  }

  execute(command: Unnumbered<CallCommand>): void {
    this.telephony.execute({ ...command, id: `command-${++this.#commands}` } as CallCommand)
  }

  event<Type extends CallEvent['type']>(
    type: Type,
    fits: (event: EventOf<Type>) => boolean = () => true,
  ): Promise<EventOf<Type>> {
    const isOne = (event: CallEvent): event is EventOf<Type> =>
      event.type === type && fits(event as EventOf<Type>)
    return until(type, async () => this.events.find(isOne), PATIENCE_MS)
  }
}

/** A trunk with nothing but hosts. */
export function plainTrunk(name: string, hosts: readonly string[]): Trunk {
  const unchanged = { strip: 0, prepend: '' }
  return {
    name,
    hosts,
    transport: 'udp',
    trusted: false,
    identity: 'none',
    sources: [],
    numbers: {
      nationalPrefix: '',
      internationalPrefix: '00',
      receives: 'as-is',
      sends: 'e164',
      received: unchanged,
      sent: unchanged,
    },
  }
}
