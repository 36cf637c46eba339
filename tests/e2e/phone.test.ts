import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Phone } from '../../src/cli/phone/phone.ts'
import type { PhoneCall } from '../../src/cli/phone/phone-call.ts'
import { between, loudness, readSamples, stretches, tone, toneShare, writeWav } from '../support/audio.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'
import { PASSWORD, startSipServer } from './sip-server.ts'

let folder: TempFolder
let one: Phone
let other: Phone
let thousand: string
let sixHundred: string

beforeAll(async () => {
  folder = await tempFolder('phone')
  thousand = await writeWav(join(folder.path, '1000.wav'), tone(1000, 2000))
  sixHundred = await writeWav(join(folder.path, '600.wav'), tone(600, 2000))
})
afterAll(() => folder.remove())

beforeEach(async () => {
  one = new Phone({ server: '127.0.0.1', number: '+12025550142', name: 'One' })
  other = new Phone({ server: '127.0.0.1' })
  await Promise.all([one.start(), other.start()])
})
afterEach(() => Promise.all([one.stop(), other.stop()]))

async function talk(): Promise<[PhoneCall, PhoneCall]> {
  const ringing = other.incoming()
  const call = one.call(other.uri)
  const incoming = await ringing
  await incoming.answer()
  await call.answered
  return [call, incoming]
}

describe('two phones', () => {
  it('talk: 1 kHz one way, 600 Hz the other, measured at both ends', async () => {
    const [call, incoming] = await talk()
    expect(incoming.party).toMatchObject({ number: '+12025550142', name: 'One' })
    const atOne = call.record(join(folder.path, 'one.wav'))
    const atOther = incoming.record(join(folder.path, 'other.wav'))
    const silentAgain = incoming.next('heard', ({ what }) => what === 'ended')
    await Promise.all([call.play(thousand), incoming.play(sixHundred)])
    expect(await silentAgain).toMatchObject({ what: 'ended' })
    await Promise.all([atOne.stop(), atOther.stop()])
    for (const [file, hz] of [
      [atOther.file, 1000],
      [atOne.file, 600],
    ] as const) {
      const heard = await readSamples(file)
      const [sound] = stretches(heard)
      expect(sound!.endMs - sound!.startMs).toBeGreaterThanOrEqual(1960)
      const middle = between(heard, sound!.startMs + 200, sound!.endMs - 200)
      expect(toneShare(middle, hz)).toBeGreaterThan(0.99)
      expect(loudness(middle)).toBeCloseTo(-15, 0)
    }
    const end = await call.hangUp()
    expect(end).toMatchObject({ cause: 'normal', by: 'local', media: { packetsLost: 0 } })
    expect(await incoming.ended).toMatchObject({ cause: 'normal', by: 'remote' })
  })

  it('hear keys of each other in order', async () => {
    const [call, incoming] = await talk()
    const heard: string[] = []
    incoming.listen((event) => {
      if (event.type === 'digit') heard.push(event.digit)
    })
    await call.press('12*#')
    expect(heard.join('')).toBe('12*#')
  })

  it('say that they ring, and are declined, with the cause', async () => {
    const ringing = other.incoming()
    const call = one.call(other.uri)
    const rings = call.next('ringing')
    const incoming = await ringing
    await rings
    await incoming.reject('busy')
    await expect(call.answered).rejects.toThrow(/not answered: busy \(486\)/)
    expect(await call.ended).toMatchObject({ cause: 'busy', by: 'remote', status: 486 })
  })

  it('stop ringing when the caller gives up', async () => {
    const ringing = other.incoming()
    const call = one.call(other.uri)
    const incoming = await ringing
    await call.hangUp()
    expect(await incoming.ended).toMatchObject({ cause: 'cancelled', by: 'remote' })
  })

  it('stopping one ends its calls', async () => {
    const [call] = await talk()
    await other.stop()
    expect(await call.ended).toMatchObject({ cause: 'normal', by: 'remote' })
  })
})

describe('a phone at a server', () => {
  it('registers, is called, and the caller is told that somebody answered, without a name', async () => {
    let caller = ''
    await using server = await startSipServer((event, backend) => {
      if (event.type === 'call.offered') backend.execute({ type: 'answer', call: (caller = event.call) })
      if (event.type !== 'call.answered') return
      const isCaller = event.call === caller
      if (isCaller) {
        const from = { uri: 'sip:100@127.0.0.1', number: '100' }
        backend.execute({ type: 'dial', call: 'agent', target: { device: 'alice' }, from, ringMs: 30_000 })
      } else {
        backend.execute({ type: 'bridge', call: caller, with: event.call })
      }
    })
    const agent = new Phone({ server: server.target, device: 'alice', password: PASSWORD })
    const customer = new Phone({ server: server.target, number: '+12025550142' })
    await Promise.all([agent.start(), customer.start()])
    try {
      const ringing = agent.incoming()
      const call = customer.call('100')
      const connected = call.next('connected')
      const heard = call.next('heard')
      const incoming = await ringing
      expect(incoming.party.number).toBe('100')
      await incoming.answer()
      expect((await connected).party).toEqual({ uri: 'sip:agent@127.0.0.1', number: 'agent', name: 'Agent' })
      await incoming.playAgainAndAgain(sixHundred)
      expect(await heard).toMatchObject({ what: 'began' })
    } finally {
      await Promise.all([agent.stop(), customer.stop()])
    }
    expect(server.telephony.sizes()).toMatchObject({ calls: 0, registrations: 0 })
  })

  it('is told when its password is wrong', async () => {
    await using server = await startSipServer(() => undefined)
    const stranger = new Phone({ server: server.target, device: 'alice', password: 'guessed' })
    await expect(stranger.start()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' })
  })
})
