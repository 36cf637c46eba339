import { createHash } from 'node:crypto'
import { pino } from 'pino'
import type { DialTarget } from '../../src/call/call.ts'
import { RealClock } from '../../src/clock/real-clock.ts'
import { DrachtioTelephony } from '../../src/telephony/drachtio/drachtio-telephony.ts'
import { EmbeddedTelephony } from '../../src/telephony/embedded/embedded-telephony.ts'
import type { Trunk } from '../../src/telephony/trunk.ts'
import { CutOff } from '../support/cut-off.ts'
import { describeWith } from '../support/describe-with.ts'
import { drachtioAddress, freeSwitchAddresses } from '../support/drachtio.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { FarPhone, PASSWORD } from './telephony/far-phone.ts'
import type { Phone, Rig } from './telephony/rig.ts'
import { writeTones } from './telephony/tones.ts'
import { telephonyConformance } from './telephony.ts'

const REALM = 'conformance.test'
const MEDIA_LOST_AFTER_MS = 1_000

describeWith(['drachtio', 'freeswitch'], 'drachtio-server and FreeSWITCH', () => {
  telephonyConformance('drachtio', async (): Promise<Rig> => {
    const address = drachtioAddress()
    const network = new CutOff(address)
    await network.open()
    const provider = new FarPhone('')
    const full = fullProvider()
    await Promise.all([provider.start(), full.start(() => undefined)])
    const telephony = new DrachtioTelephony({
      clock: new RealClock(),
      logger: pino({ level: process.env['SWITCHROOM_TEST_LOG'] ?? 'silent' }),
      server: { host: '127.0.0.1', port: network.port, secret: address.secret },
      mediaServers: freeSwitchAddresses().map((each, at) => ({
        ...each,
        name: `fs-${at + 1}`,
        profile: 'drachtio_mrf',
      })),
      listenAddress: '127.0.0.1',
      realm: REALM,
      allowedUris: [],
      isServed: (number) => number === '100' || number === '101',
      findCredentials: async (device) => ({
        device,
        ha1: { md5: digest('md5', device), sha256: digest('sha256', device) },
      }),
      mediaLostAfterMs: MEDIA_LOST_AFTER_MS,
      mediaTimeoutMs: 0,
      trunks: [
        trunk('provider', provider.address()),
        trunk('gone', '127.0.0.1:1'),
        trunk('full', `127.0.0.1:${full.address().port}`),
      ],
    })
    // FreeSWITCH, which runs as whoever, reads prompts there and writes recordings.
    const folder = await tempFolder('telephony')
    const phones: FarPhone[] = []
    const server = (): string => `127.0.0.1:${telephony.address().port}`
    const add = async (device?: string): Promise<FarPhone> => {
      const phone = new FarPhone(server(), device)
      phones.push(phone)
      await phone.start()
      return phone
    }
    let callers: FarPhone | undefined
    let subscribers = 1000
    return {
      telephony,
      files: await writeTones(folder.path),
      folder: folder.path,
      mediaLostAfterMs: MEDIA_LOST_AFTER_MS,
      ready: async () => {
        callers = await add()
      },
      call: (from, to) => {
        if (!callers) throw new Error('nobody can call yet')
        return callers.call(from, to)
      },
      phone: async (): Promise<Phone> => {
        const device = `phone-${phones.length}`
        const phone = await add(device)
        return {
          target: { device },
          unregister: () => void phone.unregister(),
          farEnd: () => phone.incoming,
          answerTooLate: () => phone.incoming?.answer(),
        }
      },
      trunks: {
        up: 'provider',
        down: 'gone',
        failing: 'full',
        subscriber: async () => {
          const number = `+1555020${++subscribers}`
          return { number, farEnd: () => provider.byNumber.get(number) }
        },
      },
      faults: {
        lose: () => network.close(),
        mend: () => network.open(),
      },
      nobody: (): DialTarget => ({ device: 'nobody' }),
      pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      close: async () => {
        await Promise.all([...phones, provider, full].map((phone) => phone.stop()))
        await network.close()
        await folder.remove()
      },
    }
  })
})

/** The stored half of a device's digest credentials: HA1 of RFC 8760. */
function digest(algorithm: 'md5' | 'sha256', device: string): string {
  return createHash(algorithm).update(`${device}:${REALM}:${PASSWORD}`).digest('hex')
}

/** A provider that answers OPTIONS, and every call with 503. */
function fullProvider(): EmbeddedTelephony {
  return new EmbeddedTelephony({
    clock: new RealClock(),
    logger: pino({ level: 'silent' }),
    host: '127.0.0.1',
    port: 0,
    tcp: false,
    realm: REALM,
    allowedUris: [],
    isServed: () => true,
    findCredentials: async () => undefined,
    maxCalls: 0,
  })
}

function trunk(name: string, host: string): Trunk {
  const unchanged = { strip: 0, prepend: '' }
  return {
    name,
    hosts: [host],
    transport: 'udp',
    trusted: false,
    identity: 'p-asserted-identity',
    sources: [],
    health: { everyMs: 30_000, failures: 2, successes: 1 },
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
