import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeRtpHeader } from '../../src/telephony/embedded/media/rtp.ts'
import {
  between,
  loudness,
  milliseconds,
  readSamples,
  silence,
  soundingMs,
  stretches,
  tone,
  toneShare,
  writeWav,
} from '../support/audio.ts'
import { HOST, MediaProbe } from '../support/media-probe.ts'
import { freePortBlock } from '../support/ports.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'

let folder: TempFolder
let worker: MediaProbe
let thousand: string
let sixHundred: string

beforeAll(async () => {
  folder = await tempFolder('media')
  thousand = await writeWav(join(folder.path, '1000.wav'), tone(1000, 1000))
  sixHundred = await writeWav(join(folder.path, '600.wav'), tone(600, 1000))
})
afterAll(() => folder.remove())

beforeEach(async () => {
  worker = new MediaProbe({ lostAfterMs: 500 })
  await worker.start()
})
afterEach(() => worker.stop())

const file = (name: string): string => join(folder.path, name)

describe('playing and recording', () => {
  it.each([
    ['PCMU', 'PCMU'],
    ['PCMA', 'PCMA'],
  ] as const)('what is played in %s is heard whole, as loud as it was, and as long', async (...codecs) => {
    const [one, two] = await worker.pair(codecs)
    worker.record(two, file('heard.wav'))
    expect((await worker.play(one, thousand)).reason).toBe('finished')
    const recorded = await worker.stopRecording(two)
    const heard = await readSamples(file('heard.wav'))
    expect(recorded).toMatchObject({ reason: 'stopped', durationMs: Math.round(milliseconds(heard)) })
    const [sound, ...more] = stretches(heard)
    expect(more).toEqual([])
    expect(soundingMs(heard)).toBeGreaterThanOrEqual(1000)
    expect(soundingMs(heard)).toBeLessThanOrEqual(1040)
    const middle = between(heard, sound!.startMs + 100, sound!.endMs - 100)
    expect(toneShare(middle, 1000)).toBeGreaterThan(0.99)
    expect(loudness(middle)).toBeCloseTo(-15, 0)
  })

  it('a list is played in order with its pauses', async () => {
    const [one, two] = await worker.pair()
    worker.record(two, file('list.wav'))
    const played = worker.next('played', one)
    const items = [{ file: thousand }, { silenceMs: 300 }, { file: sixHundred }]
    worker.send({ type: 'play', session: one, command: 'list', items, interruptible: false })
    expect(await played).toMatchObject({ command: 'list', reason: 'finished' })
    await worker.stopRecording(two)
    const heard = await readSamples(file('list.wav'))
    const [first, second, ...more] = stretches(heard)
    expect(more).toEqual([])
    expect(second!.startMs - first!.endMs).toBeGreaterThanOrEqual(260)
    expect(second!.startMs - first!.endMs).toBeLessThanOrEqual(340)
    expect(toneShare(between(heard, first!.startMs + 100, first!.endMs - 100), 1000)).toBeGreaterThan(0.99)
    expect(toneShare(between(heard, second!.startMs + 100, second!.endMs - 100), 600)).toBeGreaterThan(0.99)
  })

  it('music goes round and round until something else plays', async () => {
    const [one, two] = await worker.pair()
    worker.record(two, file('music.wav'), { maxMs: 2500 })
    const recorded = worker.next('recorded', two)
    worker.send({ type: 'music', session: one, command: 'music', file: thousand })
    expect((await recorded).reason).toBe('max-length')
    expect((await worker.play(one, sixHundred)).reason).toBe('finished')
    const heard = await readSamples(file('music.wav'))
    expect(milliseconds(heard)).toBe(2500)
    expect(soundingMs(heard)).toBeGreaterThan(2300)
    expect(worker.events.filter((event) => event.type === 'played')).toHaveLength(1)
  })

  it('another play, and stop, end the one before', async () => {
    const [one] = await worker.pair()
    const first = worker.play(one, thousand)
    const second = worker.play(one, sixHundred)
    expect((await first).reason).toBe('stopped')
    worker.send({ type: 'stop', session: one, command: 'stop', what: 'play' })
    await worker.next('done', one)
    expect((await second).reason).toBe('stopped')
    const order = worker.events.map((event) =>
      'command' in event ? `${event.type} ${event.command}` : event.type,
    )
    expect(order.slice(-3)).toEqual(['played c1', 'played c2', 'done stop'])
  })

  it.each([
    ['is not there', () => file('nowhere.wav'), /nowhere\.wav cannot be played: ENOENT/],
    ['is a folder', () => folder.path, /EISDIR/],
    ['is no WAV', () => new URL(import.meta.url).pathname, /not a RIFF WAVE file/],
  ])('a file that %s fails its command by name', async (_, path, detail) => {
    const [one] = await worker.pair()
    const failed = worker.next('failed', one)
    worker.send({ type: 'play', session: one, command: 'p', items: [{ file: path() }], interruptible: false })
    expect(await failed).toMatchObject({
      command: 'p',
      reason: 'missing-file',
      detail: expect.stringMatching(detail),
    })
  })

  it('a recording ends by itself after silence', async () => {
    const [one, two] = await worker.pair()
    worker.record(two, file('silence.wav'), { silenceMs: 600 })
    const recorded = worker.next('recorded', two)
    await worker.play(one, sixHundred)
    expect((await recorded).reason).toBe('silence')
    const heard = await readSamples(file('silence.wav'))
    const [sound] = stretches(heard)
    expect(milliseconds(heard) - sound!.endMs).toBeGreaterThanOrEqual(550)
    expect(milliseconds(heard) - sound!.endMs).toBeLessThan(900)
  })

  it('a recording ends by a key, which is reported too, and with its session', async () => {
    const [one, two] = await worker.pair()
    worker.record(two, file('key.wav'), { stopDigits: '#*' })
    const recorded = worker.next('recorded', two)
    await worker.digits(one, '1#')
    expect((await recorded).reason).toBe('digit')
    expect(worker.digitsHeard(two)).toBe('1#')
    worker.record(two, file('gone.wav'))
    await worker.play(one, thousand)
    await worker.close(two)
    expect(worker.events.slice(-2)).toMatchObject([
      { type: 'recorded', reason: 'hangup' },
      { type: 'closed' },
    ])
    // On a busy machine the last packet may still be on its way when the session is closed.
    expect(soundingMs(await readSamples(file('gone.wav')))).toBeGreaterThanOrEqual(980)
  })
})

describe('keys', () => {
  it('are heard in both directions, once each, in order, with their length', async () => {
    const [one, two] = await worker.pair()
    const lastUp = Promise.all([one, two].map((session) => worker.next('digit-end', session)))
    await Promise.all([worker.digits(one, '0123456789*#ABCD'), worker.digits(two, '55')])
    await lastUp
    expect(worker.digitsHeard(two)).toBe('0123456789*#ABCD')
    expect(worker.digitsHeard(one)).toBe('55')
    const lengths = worker.events.flatMap((event) => (event.type === 'digit-end' ? event.durationMs : []))
    expect(new Set(lengths)).toEqual(new Set([100]))
  })

  it('cut an interruptible play at once: first the key, then the play', async () => {
    const [one, two] = await worker.pair()
    const played = worker.play(one, thousand, true)
    await worker.digits(two, '7')
    expect((await played).reason).toBe('interrupted')
    const types = worker.events.filter((event) => event.session === one).map((event) => event.type)
    expect(types.indexOf('played')).toBe(types.indexOf('digit') + 1)
  })

  it('do not cut what may not be cut', async () => {
    const [one, two] = await worker.pair()
    const played = worker.play(one, thousand)
    await worker.digits(two, '7')
    expect((await played).reason).toBe('finished')
  })

  it('are heard as tones where telephone-event was not agreed to, and cut a play too', async () => {
    const [one, two] = [await worker.open(), await worker.open()]
    const plain = { host: HOST, codec: 'PCMA', send: true, receive: true } as const
    worker.send({ type: 'remote', session: one.session, remote: { ...plain, port: two.port } })
    worker.send({ type: 'remote', session: two.session, remote: { ...plain, port: one.port } })
    const column = tone(1209, 100, -16)
    const key = tone(697, 100, -16).map((sample, at) => sample + column[at]!)
    const played = worker.play(one.session, thousand, true)
    const digit = worker.next('digit', one.session)
    await worker.play(two.session, await writeWav(file('one.wav'), key, silence(100)))
    expect(await digit).toMatchObject({ digit: '1', source: 'inband' })
    expect((await played).reason).toBe('interrupted')
  })

  it('fail where telephone-event was not agreed to', async () => {
    const { session } = await worker.open()
    worker.send({
      type: 'remote',
      session,
      remote: { host: HOST, port: 9, codec: 'PCMU', send: true, receive: true },
    })
    const failed = worker.next('failed', session)
    worker.send({ type: 'digits', session, command: 'd', digits: '1' })
    expect(await failed).toMatchObject({ command: 'd', reason: 'unsupported' })
  })
})

describe('bridging', () => {
  it('carries 1 kHz one way and 600 Hz the other, from one law to the other, with keys', async () => {
    const [caller, callerLeg] = await worker.pair(['PCMU', 'PCMU'])
    const [agent, agentLeg] = await worker.pair(['PCMA', 'PCMA'])
    worker.send({ type: 'music', session: callerLeg, command: 'music', file: sixHundred })
    const prompt = worker.play(agentLeg, thousand)
    const bridged = worker.next('done', callerLeg)
    await bridged
    const joined = worker.next('done', callerLeg)
    worker.send({ type: 'bridge', session: callerLeg, with: agentLeg, command: 'bridge' })
    expect((await prompt).reason).toBe('stopped')
    expect((await joined).command).toBe('bridge')
    worker.record(caller, file('caller.wav'))
    worker.record(agent, file('agent.wav'))
    await Promise.all([worker.play(caller, thousand), worker.play(agent, sixHundred)])
    await worker.digits(caller, '42')
    await Promise.all([worker.stopRecording(caller), worker.stopRecording(agent)])
    for (const [name, hz] of [
      ['agent.wav', 1000],
      ['caller.wav', 600],
    ] as const) {
      const heard = await readSamples(file(name))
      const [sound] = stretches(heard)
      expect(soundingMs(heard), name).toBeGreaterThanOrEqual(980)
      expect(toneShare(between(heard, sound!.startMs + 100, sound!.endMs - 100), hz), name).toBeGreaterThan(
        0.99,
      )
    }
    expect(worker.digitsHeard(callerLeg)).toBe('42')
    expect(worker.digitsHeard(agent)).toBe('42')
  })

  it('is refused for a session that is bridged or is not there, and parts when one side closes', async () => {
    const [, one] = await worker.pair()
    const [, two] = await worker.pair()
    const [, three] = await worker.pair()
    const bridge = async (session: number, other: number): Promise<string> => {
      const end = Promise.race([worker.next('done', session), worker.next('failed', session)])
      worker.send({ type: 'bridge', session, with: other, command: 'b' })
      const event = await end
      return event.type === 'failed' ? event.detail : event.type
    }
    expect(await bridge(one, 99)).toBe('there is no session 99')
    expect(await bridge(one, one)).toBe('a session cannot be bridged with itself')
    expect(await bridge(one, two)).toBe('done')
    expect(await bridge(three, one)).toBe('one of the two is bridged already')
    await worker.close(two)
    expect(await bridge(three, one)).toBe('done')
  })
})

describe('the network', () => {
  it('reports lost media once, and that it is back', async () => {
    const [one, two] = await worker.pair()
    await worker.play(one, sixHundred)
    const { silentMs } = await worker.next('lost', two)
    expect(silentMs).toBeGreaterThanOrEqual(500)
    const back = worker.next('back', two)
    await worker.play(one, sixHundred)
    await back
    expect(worker.events.filter((event) => event.type === 'lost' && event.session === two)).toHaveLength(1)
  })

  it('counts what arrived, what was lost and the jitter, and fills a loss with silence', async () => {
    const far = createSocket('udp4')
    far.bind(0, HOST)
    await once(far, 'listening')
    const { session, port } = await worker.open()
    worker.point(session, { port: far.address().port })
    worker.record(session, file('gap.wav'), { maxMs: 1200 })
    const recorded = worker.next('recorded', session)
    // Its first packet: from now on it knows the far end.
    await once(far, 'message')
    const packet = Buffer.alloc(172, 0x90)
    const t0 = performance.now()
    await new Promise<void>((resolve) => {
      const send = (n: number): void => {
        writeRtpHeader(packet, 0, false, (65_530 + n) & 0xffff, n * 160, 7)
        if (n < 20 || n >= 30) far.send(Buffer.from(packet), port, HOST)
        if (n === 49) resolve()
        else setTimeout(send, t0 + (n + 1) * 20 - performance.now(), n + 1)
      }
      send(0)
    })
    await recorded
    const { report } = await worker.close(session)
    far.close()
    expect(report).toMatchObject({ packetsReceived: 40, packetsLost: 10, codec: 'PCMU' })
    expect(report!.jitterMs).toBeLessThan(10)
    const [before, after, ...more] = stretches(await readSamples(file('gap.wav')))
    expect(more).toEqual([])
    expect(Math.round((before!.endMs - before!.startMs) / 20)).toBeGreaterThanOrEqual(19)
    expect(after!.startMs - before!.endMs).toBeGreaterThanOrEqual(180)
    expect(after!.startMs - before!.endMs).toBeLessThanOrEqual(220)
  })

  it('survives noise, strangers and an SSRC that changes', async () => {
    const [one, two] = await worker.pair()
    const ports = worker.events.flatMap((event) => (event.type === 'opened' ? event.port : []))
    const stranger = createSocket('udp4')
    worker.record(two, file('noise.wav'))
    const played = worker.play(one, thousand)
    await worker.digits(one, '1')
    const loud = Buffer.alloc(172, 0x80)
    for (let n = 0; n < 200; n++) {
      writeRtpHeader(loud, 0, true, n, n * 160, 66)
      stranger.send(n % 2 === 0 ? Buffer.from(loud) : Buffer.from(loud.subarray(0, n)), ports[1]!, HOST)
    }
    expect((await played).reason).toBe('finished')
    const { session, port } = await worker.open()
    worker.point(two, { port })
    worker.point(session, { port: ports[1]! })
    await worker.play(session, sixHundred)
    await worker.stopRecording(two)
    stranger.close()
    const heard = await readSamples(file('noise.wav'))
    expect(Math.max(...heard)).toBeLessThan(12_000)
    expect(
      toneShare(between(heard, milliseconds(heard) - 600, milliseconds(heard) - 200), 600),
    ).toBeGreaterThan(0.95)
  })

  it('takes even ports of its range only, lets a port rest, and says when there is none', async () => {
    const min = await freePortBlock(4)
    const small = new MediaProbe({ ports: { min, max: min + 3 } })
    await small.start()
    try {
      const first = await small.open()
      const second = await small.open()
      expect([first.port, second.port].toSorted((a, b) => a - b)).toEqual([min, min + 2])
      const failed = small.next('open-failed', 3)
      small.send({ type: 'open', session: 3, host: HOST })
      expect((await failed).detail).toMatch(/all media ports from \d+ to \d+ are in use/)
      await small.close(first.session)
      const opened = small.next('opened', 4)
      small.send({ type: 'open', session: 4, host: HOST })
      expect((await opened).port).toBe(first.port)
    } finally {
      await small.stop()
    }
  })

  it('says so when the address is not of this machine', async () => {
    const refused = worker.next('open-failed', 5)
    worker.send({ type: 'open', session: 5, host: '192.0.2.1' })
    expect((await refused).detail).toMatch(/no media port on 192\.0\.2\.1: .*EADDRNOTAVAIL/)
  })
})
