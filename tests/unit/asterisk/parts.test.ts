/** The parts of the Asterisk backend that need no Asterisk. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeWav, readTelephoneWav, soundOf } from '../../../src/audio/wav.ts'
import type { CallEvent } from '../../../src/call/events.ts'
import type { Ari } from '../../../src/telephony/asterisk/ari.ts'
import { ariErrorOf } from '../../../src/telephony/asterisk/ari-error.ts'
import { causeOfHangup, causeOfRefusal } from '../../../src/telephony/asterisk/causes.ts'
import { Devices } from '../../../src/telephony/asterisk/devices.ts'
import { mediaReportOf } from '../../../src/telephony/asterisk/media-report.ts'
import { MediaServer } from '../../../src/telephony/asterisk/media-server.ts'
import { offeredCall, offerOf } from '../../../src/telephony/asterisk/offer.ts'
import { type RegistrationState, statesIn } from '../../../src/telephony/asterisk/registrations.ts'
import { Trunks } from '../../../src/telephony/asterisk/trunks.ts'
import type { Trunk } from '../../../src/telephony/trunk.ts'

const unchanged = { strip: 0, prepend: '' }
const provider: Trunk = {
  name: 'provider',
  hosts: ['203.0.113.7', '203.0.113.8:5070'],
  transport: 'udp',
  trusted: true,
  identity: 'p-asserted-identity',
  sources: [],
  health: { everyMs: 30_000, failures: 2, successes: 1 },
  numbers: {
    countryCode: '49',
    nationalPrefix: '0',
    internationalPrefix: '00',
    receives: 'national',
    sends: 'national',
    received: unchanged,
    sent: unchanged,
  },
}

describe('a refused request', () => {
  it.each([
    ['{"message":"Channel not found"}', 'gone', 'Channel not found'],
    ['{"message":"Channel not in Stasis application"}', 'refused', 'Channel not in Stasis application'],
    ['{"error":"Allocation failed"}', 'refused', 'Allocation failed'],
    ['Internal Server Error', 'refused', 'Internal Server Error'],
    ['{"message":7}', 'refused', '{"message":7}'],
    ['{"unreachable":"connect ECONNREFUSED"}', 'unreachable', 'connect ECONNREFUSED'],
  ])('%s', (body, kind, message) => {
    expect(ariErrorOf(new Error(body))).toMatchObject({ kind, message })
  })
})

describe('why a call ended', () => {
  it('is told by the SIP status where there is one, else by the ISDN cause', () => {
    expect(causeOfRefusal(17, 486)).toBe('busy')
    expect(causeOfRefusal(21, 603)).toBe('rejected')
    expect(causeOfRefusal(19, undefined)).toBe('no-answer')
    expect(causeOfRefusal(20, undefined)).toBe('unreachable')
    expect(causeOfRefusal(0, 200)).toBe('failed')
  })

  it('after the answer it is a hang-up, unless audio stopped', () => {
    expect(causeOfHangup(16)).toEqual({ cause: 'normal', by: 'remote' })
    expect(causeOfHangup(44)).toEqual({ cause: 'media-lost', by: 'network' })
  })
})

describe('what the dialplan tells of a call', () => {
  const args = [
    'offered',
    'trunk~center~provider~0',
    '03012345678',
    'sip%3A03012345678%40198.51.100.1',
    'From=%22June%2C%20P.%22%20%3Csip%3A030555%40example.com%3E%3Btag%3D1&P-Asserted-Identity=%3Csip%3A0301112223%40example.com%3E&X-One=a%26b%3Dc&X-One=second&broken&=x&X-Bad=%E0%A4%A',
  ]

  it('are numbers in our own form over a trunk, the asserted caller, and headers by lower-case name', () => {
    const offer = offerOf(args)!
    expect(offeredCall('c1', offer, { device: undefined, trunk: provider }, () => true)).toMatchObject({
      type: 'call.offered',
      call: 'c1',
      from: { number: '+49301112223' },
      to: { uri: 'sip:03012345678@198.51.100.1', number: '+493012345678' },
      trunk: 'provider',
      identity: { asserted: [{ number: '0301112223' }] },
      headers: { 'x-one': 'a&b=c', 'x-bad': '%E0%A4%A' },
    })
  })

  it('from a stranger says what it says of itself, and no more counts', () => {
    const event = offeredCall('c1', offerOf(args)!, { device: 'alice', trunk: undefined }, () => true)
    expect(event).toMatchObject({
      from: { number: '030555', name: 'June, P.' },
      to: { number: '03012345678' },
      device: 'alice',
    })
    expect(event).not.toHaveProperty('identity.asserted')
  })

  it('is nothing of ours with other arguments', () => {
    expect(offerOf(['dialled'])).toBeUndefined()
    expect(offerOf(['offered', 'anonymous'])).toBeUndefined()
  })
})

it('what was measured is read from what Asterisk writes', () => {
  const rtcp =
    'ssrc=1;themssrc=4007;lp=2;rxjitter=0.000000;rxcount=40;txjitter=0.000250;txcount=44;rlp=0;rtt=0.0'
  expect(mediaReportOf(rtcp, '(alaw)')).toEqual({
    packetsReceived: 40,
    packetsSent: 44,
    packetsLost: 2,
    jitterMs: 0.25,
    codec: 'PCMA',
  })
  expect(mediaReportOf('', '(ulaw|alaw)')).toBeUndefined()
  expect(mediaReportOf('rxcount=many;txcount=1', '(ulaw)')).toBeUndefined()
})

describe('phones', () => {
  const told: CallEvent[] = []
  const devices = new Devices((event) => told.push(event))
  const types = (): string[] => told.splice(0).map(({ type }) => type)

  it('are reachable with the first and unreachable after the last contact', () => {
    devices.changed('ast-1', 'alice', 'sip:a@1', 'reachable')
    devices.changed('ast-2', 'alice', 'sip:a@2', 'reachable')
    expect(types()).toEqual(['device.reachable', 'device.reachable'])
    devices.changed('ast-1', 'alice', 'sip:a@1', 'removed')
    expect(types()).toEqual([])
    devices.changed('ast-2', 'alice', 'sip:a@2', 'unreachable')
    expect(told.splice(0)).toEqual([{ type: 'device.unreachable', device: 'alice', reason: 'failed' }])
  })

  it('of a server that is lost cannot be rung, and are told anew', () => {
    devices.changed('ast-1', 'bob', 'sip:b@1', 'reachable')
    devices.forget('ast-1')
    expect(types()).toEqual(['device.reachable', 'device.unreachable'])
    devices.replace('ast-1', new Map([['bob', devices.knownAt('ast-1', 'bob')]]))
    expect(types()).toEqual(['device.reachable'])
    expect(devices.of('bob')).toMatchObject([{ uri: 'sip:b@1', server: 'ast-1' }])
  })

  it('whose address is not known are known by it as soon as it is told', () => {
    expect(devices.knownAt('ast-1', 'carol')).toEqual([''])
    devices.changed('ast-1', 'carol', '', 'reachable')
    devices.changed('ast-1', 'carol', 'sip:c@1', 'reachable')
    expect(devices.of('carol')).toHaveLength(1)
    devices.changed('ast-1', 'carol', 'sip:c@1', 'removed')
    expect(told.splice(0).at(-1)).toMatchObject({ type: 'device.unreachable', reason: 'unregistered' })
  })
})

describe('trunks', () => {
  it('are asked host after host, in their own way of writing numbers; hosts that do not answer are left out', () => {
    const told: CallEvent[] = []
    const trunks = new Trunks('center', [provider], (event) => told.push(event))
    const endpoints = (): string[] =>
      trunks.routes('ast-1', '+493012345678', ['unknown', 'provider']).map(({ endpoint }) => endpoint)
    expect(endpoints()).toEqual([
      'PJSIP/trunk~center~provider~0/sip:03012345678@203.0.113.7',
      'PJSIP/trunk~center~provider~1/sip:03012345678@203.0.113.8:5070',
    ])
    trunks.changed('ast-1', 'trunk~center~provider~0', 'unreachable')
    expect(told).toEqual([])
    trunks.changed('ast-1', 'trunk~center~provider~1', 'reachable')
    expect(endpoints()).toEqual(['PJSIP/trunk~center~provider~1/sip:03012345678@203.0.113.8:5070'])
    trunks.changed('ast-1', 'trunk~center~provider~1', 'unreachable')
    expect(told.map(({ type }) => type)).toEqual(['trunk.up', 'trunk.down'])
    expect(endpoints()).toEqual([])
  })
})

describe('trunks that register', () => {
  const credentials = { username: 'acct', password: 'secret' }
  const two: Trunk = { ...provider, credentials, registration: { expires: 300 } }
  const [first, second] = ['trunk~center~provider~0', 'trunk~center~provider~1'] as const
  const states = (...known: readonly RegistrationState[]) =>
    new Map(known.map((state, index) => [index === 0 ? first : second, state] as const))
  let told: CallEvent[]
  let trunks: Trunks
  const types = (): string[] => told.splice(0).map(({ type }) => type)
  beforeEach(() => {
    told = []
    trunks = new Trunks('center', [two], (event) => told.push(event))
    for (const id of [first, second]) trunks.changed('ast-1', id, 'reachable')
  })

  it('are up when one host has registered us, down when none has any more', () => {
    trunks.registered('ast-1', states('waiting', 'waiting'))
    expect(types()).toEqual([])
    trunks.registered('ast-1', states('down', 'waiting'))
    expect(types()).toEqual([])
    trunks.registered('ast-1', states('down', 'up'))
    trunks.registered('ast-1', states('down', 'up'))
    expect(types()).toEqual(['trunk.up'])
    expect(trunks.routes('ast-1', '+493012345678', ['provider'])).toHaveLength(2)
    // Once it was up, it does not wait: it has unregistered.
    trunks.registered('ast-1', states('down', 'waiting'))
    expect(told.splice(0)).toMatchObject([{ type: 'trunk.down', reason: 'unregistered' }])
    expect(trunks.routes('ast-1', '+493012345678', ['provider'])).toEqual([])
    expect(trunks.routes('ast-2', '+493012345678', ['provider'])).toHaveLength(2)
  })

  it('are up by OPTIONS alone at a server that does not let us see registrations', () => {
    trunks.registered('ast-1', undefined)
    expect(types()).toEqual(['trunk.up'])
    for (const id of [first, second]) trunks.changed('ast-1', id, 'unreachable')
    expect(told.splice(0)).toMatchObject([{ type: 'trunk.down', reason: 'unanswered' }])
  })

  it('have their state read from what the manager interface writes', () => {
    const event = (name: string, status: string): string =>
      `Event: OutboundRegistrationDetail\r\nObjectType: registration\r\nObjectName: ${name}\r\nServerUri: sip:203.0.113.7\r\nStatus: ${status}\r\nNextReg: 9\r\n\r\n`
    const answer = `Response: Success\r\nEventList: start\r\n\r\n${event(first, 'Registered')}Event: AuthDetail\r\nObjectName: acct\r\nStatus: Registered\r\n\r\n${event(second, 'Rejected')}${event('other', 'Unregistered')}Event: OutboundRegistrationDetailComplete\r\nEventList: Complete\r\nRegistered: 1\r\n\r\n`
    expect([...statesIn(answer)]).toEqual([
      [first, 'up'],
      [second, 'down'],
      ['other', 'waiting'],
    ])
  })
})

describe('trunks as Asterisk has them', () => {
  const apply = async (trunk: Trunk, found: readonly string[] = []): Promise<string[]> => {
    const asked: string[] = []
    const ari = {
      configure: async (type: string, id: string, fields: object) =>
        void asked.push(`write ${type} ${id} ${JSON.stringify(fields)}`),
      unconfigure: async (type: string, id: string) => void asked.push(`remove ${type} ${id}`),
    } as unknown as Ari
    const trunks = new Trunks('center', [trunk], () => undefined)
    await trunks.apply(ari, 'ast-1', found, {}, pino({ level: 'silent' }))
    return asked
  }
  const credentials = { username: 'acct@provider.example', password: 'secret' }
  const registered: Trunk = { ...provider, credentials, registration: { expires: 300 } }

  it('are removed when they are no longer in the configuration, and no others', async () => {
    const asked = await apply(provider, [
      'trunk~center~old~0',
      'trunk~center-2~old~0',
      'trunk~provider',
      'alice',
    ])
    const old = asked.filter((each) => /alice|old|trunk~provider/.test(each))
    expect(old).toEqual(
      ['registration', 'identify', 'aor', 'auth', 'endpoint'].map(
        (type) => `remove ${type} trunk~center~old~0`,
      ),
    )
  })

  it('have nothing left of what was written before, but a registration that is still wanted goes on', async () => {
    const asked = await apply(provider)
    const before = asked.slice(
      0,
      asked.findIndex((each) => each.startsWith('write')),
    )
    for (const type of ['registration', 'identify', 'aor', 'auth', 'endpoint'])
      expect(before).toContain(`remove ${type} trunk~center~provider~0`)
    expect((await apply(registered)).filter((each) => each.startsWith('remove registration'))).toEqual([])
  })

  it('give their password to their realm alone, where they have one', async () => {
    const auth = async (trunk: Trunk): Promise<string | undefined> =>
      (await apply(trunk)).find((each) => each.startsWith('write auth'))
    expect(await auth(registered)).not.toContain('realm')
    expect(await auth({ ...registered, realm: 'provider.example' })).toContain('"realm":"provider.example"')
  })

  it('register a user name that is an address as one user part', async () => {
    const registration = (await apply(registered)).find((each) => each.startsWith('write registration'))
    expect(registration).toContain('"contact_user":"acct%40provider.example"')
    expect(registration).toContain('"client_uri":"sip:acct%40provider.example@203.0.113.7"')
  })
})

describe('audio for Asterisk', () => {
  let folder: string
  const server = new MediaServer(pino({ level: 'silent' }), { host: '127.0.0.1', port: 0 })
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchroom-media-'))
    await server.start()
  })
  afterAll(async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  })
  const samplesAt = async (media: string): Promise<Int16Array> => {
    const response = await fetch(media.replace('sound:', ''))
    expect(response.headers.get('cache-control')).toContain('immutable')
    return soundOf(readTelephoneWav(Buffer.from(await response.arrayBuffer()), media)).samples
  }
  const write = async (samples: Int16Array): Promise<string> => {
    const file = join(folder, 'sound.wav')
    await writeFile(file, encodeWav({ rate: 8000, samples }))
    return file
  }

  it('has a name made of its content: the same while it is the same, another when it changes', async () => {
    const file = await write(Int16Array.of(1, 2, 3))
    const first = await server.mediaOf({ file })
    expect(await server.mediaOf({ file })).toBe(first)
    expect(await samplesAt(first)).toEqual(Int16Array.of(1, 2, 3))
    await write(Int16Array.of(4, 5, 6, 7))
    const second = await server.mediaOf({ file })
    expect(second).not.toBe(first)
    expect(await samplesAt(second)).toEqual(Int16Array.of(4, 5, 6, 7))
    // Its content is gone: Asterisk must not get another one under that name.
    expect((await fetch(first.replace('sound:', ''))).status).toBe(410)
  })

  it('is repeated for minutes where it goes round and round, and silence is as long as asked', async () => {
    const file = await write(new Int16Array(8000).fill(9))
    const samples = await samplesAt(await server.loopOf(file))
    expect(samples.length).toBe(300 * 8000)
    expect(samples.every((sample) => sample === 9)).toBe(true)
    expect((await samplesAt(await server.mediaOf({ silenceMs: 250 }))).length).toBe(2000)
  })

  it('is nothing but what was given to it', async () => {
    const [base] = (await server.mediaOf({ silenceMs: 1 })).replace('sound:', '').split('/silence')
    for (const path of ['/', '/../../etc/passwd', '/sound.wav', '/silence-7.wav'])
      expect((await fetch(`${base}${path}`)).status).toBe(404)
  })

  it('that is not there or no WAV file is told before anybody is asked to play it', async () => {
    await expect(server.mediaOf({ file: join(folder, 'absent.wav') })).rejects.toMatchObject({
      code: 'PROMPT_MISSING',
    })
    const text = join(folder, 'text.wav')
    await writeFile(text, 'no audio')
    await expect(server.loopOf(text)).rejects.toMatchObject({ code: 'PROMPT_MISSING' })
  })
})
