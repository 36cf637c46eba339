/** What is lost and comes back, on real servers: two FreeSWITCHes (`SWITCHROOM_TEST_FREESWITCH=a,b`) behind relays. */
import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { CallEvent } from '../../src/call/events.ts'
import { elapsed } from '../../src/clock/clock.ts'
import { RealClock } from '../../src/clock/real-clock.ts'
import { DrachtioTelephony } from '../../src/telephony/drachtio/drachtio-telephony.ts'
import { CutOff } from '../support/cut-off.ts'
import { describeWith } from '../support/describe-with.ts'
import { drachtioAddress, freeSwitchAddresses } from '../support/drachtio.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'
import { FarPhone, PASSWORD } from './telephony/far-phone.ts'
import type { FarEnd, Sound } from './telephony/rig.ts'
import { writeTones } from './telephony/tones.ts'

const REALM = 'faults.test'
vi.setConfig({ testTimeout: 60_000, hookTimeout: 20_000 })

describeWith(['drachtio', 'freeswitch'], 'losses of drachtio-server and FreeSWITCH', () => {
  const events: CallEvent[] = []
  const relays: CutOff[] = []
  let telephony: DrachtioTelephony
  let signalling: CutOff
  let folder: TempFolder
  let files: Awaited<ReturnType<typeof writeTones>>
  let caller: FarPhone
  let phone: FarPhone
  let number = 0

  beforeAll(async () => {
    const { host, port, secret } = drachtioAddress()
    signalling = new CutOff({ host, port })
    await signalling.open()
    const mediaServers = []
    for (const [at, server] of freeSwitchAddresses().entries()) {
      const relay = new CutOff(server)
      await relay.open()
      relays.push(relay)
      const relayed = { host: '127.0.0.1', port: relay.port, secret: server.secret }
      mediaServers.push({ ...relayed, name: `fs-${at + 1}`, profile: 'drachtio_mrf' })
    }
    telephony = new DrachtioTelephony({
      clock: new RealClock(),
      logger: pino({ level: 'silent' }),
      server: { host: '127.0.0.1', port: signalling.port, secret },
      mediaServers,
      listenAddress: '127.0.0.1',
      realm: REALM,
      allowedUris: [],
      isServed: () => true,
      findCredentials: async (device) => ({
        device,
        ha1: { md5: digest('md5', device), sha256: digest('sha256', device) },
      }),
      signallingGraceMs: 20_000,
    })
    folder = await tempFolder('faults')
    files = await writeTones(folder.path)
    await telephony.start((event) => events.push(event))
    const server = `127.0.0.1:${telephony.address().port}`
    caller = new FarPhone(server)
    phone = new FarPhone(server, 'faults-phone')
    await Promise.all([caller.start(), phone.start()])
  })
  afterAll(async () => {
    await Promise.all([caller.stop(), phone.stop()])
    await telephony.stop()
    await Promise.all([signalling, ...relays].map((relay) => relay.close()))
    await folder.remove()
  })

  const hears = (far: FarEnd, sound: Sound): Promise<true> =>
    until(`${sound} is heard`, () => far.hears() === sound)
  const next = () => `fault-${++number}`
  const endOf = (call: string) => events.find((event) => event.type === 'call.ended' && event.call === call)

  async function answered(): Promise<{ readonly call: string; readonly far: FarEnd }> {
    const from = `55502${++number}`
    const far = caller.call(from, '100')
    const offered = await until('the call is offered', () =>
      events.find((event) => event.type === 'call.offered' && event.from.number === from),
    )
    const call = 'call' in offered ? offered.call : ''
    telephony.execute({ type: 'answer', id: next(), call })
    await until('it is answered', () =>
      events.some((event) => event.type === 'call.answered' && event.call === call),
    )
    return { call, far }
  }

  async function bridged() {
    const one = await answered()
    const call = next()
    const from = { uri: 'sip:100@127.0.0.1' }
    telephony.execute({
      type: 'dial',
      id: next(),
      call,
      target: { device: 'faults-phone' },
      from,
      ringMs: 10_000,
    })
    const before = phone.incoming
    const far = await until('the phone rings', () => (phone.incoming === before ? undefined : phone.incoming))
    await until('ringing is told', () =>
      events.some((event) => event.type === 'call.progress' && event.call === call),
    )
    far.answer()
    await until('it is answered', () =>
      events.some((event) => event.type === 'call.answered' && event.call === call),
    )
    telephony.execute({ type: 'bridge', id: next(), call: one.call, with: call })
    await until('they are bridged', () =>
      events.some((event) => event.type === 'call.bridged' && event.calls.includes(call)),
    )
    return { caller: one, agent: { call, far } }
  }

  test('drachtio-server away for 10 s: the two talk on, and can be parted and ended when it is back', async () => {
    const { caller: one, agent } = await bridged()
    await signalling.close()
    await until('the loss is told', () => events.some((event) => event.type === 'backend.lost'))
    one.far.speak(9_000)
    await hears(agent.far, 'voice')
    // Not a wait for something: so long the server is away.
    await elapsed(new RealClock(), 10_000)
    expect(endOf(one.call) ?? endOf(agent.call)).toBeUndefined()
    events.length = 0
    await signalling.open()
    await until('it is told that it is back', () => events.some((event) => event.type === 'backend.ready'))
    telephony.execute({ type: 'hangup', id: next(), call: one.call })
    expect(await until('the call ends', () => endOf(one.call))).toMatchObject({
      cause: 'normal',
      by: 'local',
    })
    await until('its phone knows', () => one.far.state() === 'gone')
    telephony.execute({ type: 'hangup', id: next(), call: agent.call })
    await until('the other phone knows', () => agent.far.state() === 'gone')
  })

  test('whoever hangs up while drachtio-server is away is found to be gone when it is back', async () => {
    const { call, far } = await answered()
    await signalling.close()
    await until('the loss is told', () => events.some((event) => event.type === 'backend.lost'))
    far.hangup()
    events.length = 0
    await signalling.open()
    await until('it is told that it is back', () => events.some((event) => event.type === 'backend.ready'))
    expect(await until('the call ends', () => endOf(call), 40_000)).toMatchObject({ by: 'network' })
  })

  test('a media server lost: who talks ends as backend-lost, who waits hears the music from another', async () => {
    expect(relays.length, 'this needs two media servers').toBeGreaterThan(1)
    const talk = await bridged()
    const waits = await Promise.all([answered(), answered()])
    for (const { call } of waits)
      telephony.execute({ type: 'music.start', id: next(), call, file: files.music })
    for (const { far } of waits) await hears(far, 'music')
    events.length = 0
    await relays[0]?.close()
    const lost = await until('the loss is told', () => events.find((event) => event.type === 'backend.lost'))
    expect(lost).toMatchObject({ backend: 'freeswitch fs-1', serving: true })
    for (const { far, call } of waits) {
      await hears(far, 'music')
      expect(endOf(call)).toBeUndefined()
    }
    // Whether the two sat on the lost one is chance; if so both have ended.
    const ends = [endOf(talk.caller.call), endOf(talk.agent.call)].filter((end) => end !== undefined)
    expect([0, 2]).toContain(ends.length)
    for (const end of ends) expect(end).toMatchObject({ cause: 'backend-lost', by: 'network' })
    await relays[0]?.open()
    await until('it is told that it is back', () =>
      events.some((event) => event.type === 'backend.ready' && event.backend === 'freeswitch fs-1'),
    )
    for (const { far, call } of waits) {
      telephony.execute({ type: 'hangup', id: next(), call })
      await until('its phone knows', () => far.state() === 'gone')
    }
  })

  test('the only media server that is left lost too: everybody ends, and can call again when it is back', async () => {
    const { call, far } = await answered()
    events.length = 0
    for (const relay of relays) await relay.close()
    expect(await until('the call ends', () => endOf(call))).toMatchObject({ cause: 'backend-lost' })
    await until('its phone knows', () => far.state() === 'gone')
    for (const relay of relays) await relay.open()
    await until('all are back', () => {
      const back = events.filter((event) => event.type === 'backend.ready')
      return back.length === relays.length
    })
    await answered()
  })
})

function digest(algorithm: 'md5' | 'sha256', device: string): string {
  return createHash(algorithm).update(`${device}:${REALM}:${PASSWORD}`).digest('hex')
}
