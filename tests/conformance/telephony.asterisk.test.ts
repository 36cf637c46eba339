import { createHash } from 'node:crypto'
import { pino } from 'pino'
import type { DialTarget } from '../../src/call/call.ts'
import { RealClock } from '../../src/clock/real-clock.ts'
import { AsteriskTelephony } from '../../src/telephony/asterisk/asterisk-telephony.ts'
import { EmbeddedTelephony } from '../../src/telephony/embedded/embedded-telephony.ts'
import type { EmbeddedOptions } from '../../src/telephony/embedded/options.ts'
import type { Trunk } from '../../src/telephony/trunk.ts'
import { ARI_PASSWORD, startShippedAsterisk } from '../support/asterisk-shipped.ts'
import { describeWith } from '../support/describe-with.ts'
import { Relay } from '../support/relay.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { FarPhone, PASSWORD } from './telephony/far-phone.ts'
import type { Phone, Rig } from './telephony/rig.ts'
import { writeTones } from './telephony/tones.ts'
import { telephonyConformance } from './telephony.ts'

const REALM = 'conformance.test'
/** Made known to Asterisk before the suite: more than it has cases. */
const PHONES = Array.from({ length: 120 }, (_, number) => `phone-${number}`)

describeWith(['asterisk'], 'Asterisk 22', () => {
  telephonyConformance(
    'asterisk',
    async (): Promise<Rig> => {
      const clock = new RealClock()
      const asterisk = await startShippedAsterisk()
      const ari = await Relay.start(Number(new URL(asterisk.url).port))
      const provider = new FarPhone('')
      const full = new EmbeddedTelephony(takesNoCalls(clock))
      await Promise.all([provider.start(), full.start(() => undefined)])
      const telephony = new AsteriskTelephony({
        clock,
        logger: pino({ level: process.env['SWITCHROOM_TEST_LOG'] ?? 'silent' }),
        servers: [`http://127.0.0.1:${ari.port}`],
        username: 'switchroom',
        password: ARI_PASSWORD,
        application: 'switchroom',
        allowedUris: [],
        media: { host: '127.0.0.1', port: 0 },
        address: asterisk.sip,
        realm: REALM,
        digest: ['MD5'],
        trunks: [
          trunk('provider', provider.address()),
          trunk('gone', '127.0.0.1:1'),
          trunk('full', `127.0.0.1:${full.address().port}`),
        ],
        listDevices: async () =>
          PHONES.map((device) => ({
            device,
            ha1: { md5: digest('md5', device), sha256: digest('sha256', device) },
          })),
      })
      const folder = await tempFolder('telephony')
      const phones: FarPhone[] = []
      const add = async (device?: string): Promise<FarPhone> => {
        const phone = new FarPhone(`127.0.0.1:${asterisk.sipPort}`, device)
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
        mediaLostAfterMs: 1_000,
        ready: async () => {
          callers = await add()
        },
        call: (from, to) => {
          if (!callers) throw new Error('nobody can call yet')
          return callers.call(from, to)
        },
        phone: async (): Promise<Phone> => {
          const device = PHONES[phones.length] ?? 'too many phones'
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
        faults: { lose: () => ari.lose(), mend: () => ari.mend() },
        nobody: (): DialTarget => ({ device: 'nobody' }),
        pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        close: async () => {
          await Promise.all([...phones, provider, full].map((each) => each.stop()))
          await ari[Symbol.asyncDispose]()
          await asterisk.stop()
          await folder.remove()
        },
      }
    },
    {
      'audio that stops coming is lost, said once; and back when it comes again':
        'Asterisk tells nothing of lost audio before rtp_timeout, which ends the call',
    },
  )
})

/** The stored half of a device's digest credentials: HA1 of RFC 8760. */
function digest(algorithm: 'md5' | 'sha256', device: string): string {
  return createHash(algorithm).update(`${device}:${REALM}:${PASSWORD}`).digest('hex')
}

/** A peer that takes no calls. */
function takesNoCalls(clock: RealClock): EmbeddedOptions {
  return {
    clock,
    logger: pino({ level: 'silent' }),
    host: '127.0.0.1',
    port: 0,
    tcp: false,
    realm: REALM,
    allowedUris: [],
    isServed: () => true,
    findCredentials: async () => undefined,
    maxCalls: 0,
  }
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
    health: { everyMs: 5_000, failures: 2, successes: 1 },
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
