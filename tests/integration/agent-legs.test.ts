/**
 * Agents' legs with real SIP and RTP: what caller and agent hear packet by packet, and how soon. Figures are printed;
 * asserted are counts and orderings, and that a caller never hears nothing for as long as people notice (200 ms).
 */
import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { RealClock } from '../../src/clock/real-clock.ts'
import { Center } from '../../src/runtime/center.ts'
import type { FloorEvent } from '../../src/runtime/floor.ts'
import type { PhoneSettings } from '../../src/runtime/standing-legs.ts'
import { EmbeddedTelephony } from '../../src/telephony/embedded/embedded-telephony.ts'
import type { Telephony } from '../../src/telephony/telephony.ts'
import type { HeardFrame } from '../conformance/telephony/far-audio.ts'
import { type FarCall, FarPhone, PASSWORD } from '../conformance/telephony/far-phone.ts'
import { writeTones } from '../conformance/telephony/tones.ts'
import { percentile } from '../sipp-harness/statistics.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'
import { rules } from '../unit/acd/floor.ts'
import { flowOf } from '../unit/flow/conversation.ts'

const REALM = 'legs.test'
const SPEECH_MS = 60_000
const FRAME_SAMPLES = 160
/** What people take for a dead line, in packets: 200 ms. */
const DEAD_AIR_FRAMES = 10

interface Bench {
  readonly center: Center
  readonly events: FloorEvent[]
  readonly dials: () => number
  /** Ana's phone, registered. */
  readonly phone: FarPhone
  /** Somebody who waits or talks, and speaks all the time. */
  call(): Promise<FarCall>
  /** The call that stands at Ana's phone. */
  answered(): Promise<FarCall>
}

/** A center on the embedded backend with one agent; whoever waits hears music, whispers are a tone of 300 ms. */
async function open(phone: PhoneSettings): Promise<Bench> {
  const [clock, logger] = [new RealClock(), pino({ level: 'silent' })]
  const folder = await tempFolder('legs')
  const files = await writeTones(folder.path)
  const ha1 = (algorithm: 'md5' | 'sha256', device: string): string =>
    createHash(algorithm).update(`${device}:${REALM}:${PASSWORD}`).digest('hex')
  const embedded = new EmbeddedTelephony({
    clock,
    logger,
    host: '127.0.0.1',
    port: 0,
    tcp: false,
    realm: REALM,
    allowedUris: [],
    isServed: (number) => number === '100',
    findCredentials: async (device) => ({
      device,
      ha1: { md5: ha1('md5', device), sha256: ha1('sha256', device) },
    }),
  })
  let dials = 0
  const telephony: Telephony = {
    start: (receive) => embedded.start(receive),
    stop: () => embedded.stop(),
    execute: (command) => {
      if (command.type === 'dial') dials += 1
      embedded.execute(command)
    },
  }
  const flow = flowOf('line: { type: queue, queue: billing, music: hold, next: bye }\nbye: { type: hangup }')
  const center = new Center({
    clock,
    logger,
    telephony,
    prompts: {
      resolve: async (parts) => parts.map(() => ({ file: files.short })),
      musicFile: () => files.music,
    },
    records: { begin: () => undefined, update: () => undefined, end: () => undefined },
    customers: async () => [],
    calendars: () => 'open',
    voicemails: { fileFor: () => '', keep: async () => undefined, discard: async () => undefined },
    findRoute: () => undefined,
    findFlow: () => ({ flow }),
    people: async () => [{ id: 'ana', name: 'Ana', skills: { billing: 5 }, devices: ['ana'], phone }],
    queues: [
      {
        id: 'billing',
        name: 'Billing',
        rules: rules('billing', { wrapUpMs: 0 }),
        whisper: { en: [{ say: '{queue}' }] },
      },
    ],
    popLeadMs: 0,
    standing: { number: undefined, music: undefined, acceptKey: '1', endKey: '*', second: 'take-over' },
  })
  const events: FloorEvent[] = []
  center.floor.subscribe((event) => events.push(event))
  await center.open()
  await embedded.start((event) => center.receive(event))
  const server = `127.0.0.1:${embedded.address().port}`
  const ana = new FarPhone(server, 'ana')
  const callers = new FarPhone(server)
  await Promise.all([ana.start(), callers.start()])
  onTestFinished(async () => {
    await embedded.stop()
    await Promise.all([ana.stop(), callers.stop()])
    await folder.remove()
  })
  center.floor.signIn('ana')
  center.floor.setAvailable('ana')
  let numbers = 0
  return {
    center,
    events,
    dials: () => dials,
    phone: ana,
    call: async () => {
      const caller = callers.call(`555${++numbers}`, '100')
      await until('the caller to be answered', () => caller.state() === 'talking')
      caller.keepFrames()
      caller.speak(SPEECH_MS)
      return caller
    },
    answered: async () => {
      await until('the phone to ring', () => ana.incoming !== undefined)
      const call = ana.incoming
      if (!call) throw new Error('unreachable')
      call.answer()
      await until('the phone to be answered', () => call.state() === 'talking')
      call.keepFrames()
      call.speak(SPEECH_MS)
      return call
    },
  }
}

const hears = (far: FarCall, sound: HeardFrame['sound']) =>
  until(`${sound} to be heard`, () => far.frames().at(-1)?.sound === sound)

/** Packets of 20 ms that are missing, or of silence, between the last music and the first voice after it. */
function deadFrames(frames: readonly HeardFrame[]): number {
  const voice = frames.findIndex(({ sound }) => sound === 'voice')
  const music = frames.findLastIndex(({ sound }, at) => at < voice && sound === 'music')
  const [last, first] = [frames[music], frames[voice]]
  if (!last || !first) throw new Error('there was no music, or no voice after it')
  return Math.round(((first.timestamp - last.timestamp) | 0) / FRAME_SAMPLES) - 1
}

test("a caller hears music up to the agent's first word, and the whisper is in one ear only", async () => {
  const bench = await open({ autoAnswer: false, standing: false })
  const caller = await bench.call()
  await hears(caller, 'music')
  const agent = await bench.answered()
  await until('the whisper beside the caller', () => agent.hearsToo('prompt') && agent.hearsToo('voice'))
  await hears(caller, 'voice')
  await until('the whisper to be over', () => agent.hears() === 'voice' && !agent.hearsToo('prompt'))
  expect(caller.frames().filter(({ sound }) => sound === 'prompt')).toEqual([])
  const dead = deadFrames(caller.frames())
  const connected = bench.events.find((event) => event.type === 'contact.connected')
  console.log(`answer to bridge ${connected?.gapMs} ms, then ${dead} packets without sound`)
  expect(dead).toBeLessThanOrEqual(DEAD_AIR_FRAMES)
})

test('on a standing call the next caller is there as soon as the agent is free, and no phone rings', {
  timeout: 60_000,
}, async () => {
  const ROUNDS = 20
  const bench = await open({ autoAnswer: true, standing: true })
  const agent = await bench.answered()
  await until('the standing call', () => bench.center.floor.agent('ana')?.device === 'ok')
  let talking = await bench.call()
  await hears(talking, 'voice')
  const toCaller: number[] = []
  const toAgent: number[] = []
  const dead: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const next = await bench.call()
    await hears(next, 'music')
    await until('the whisper to be over', () => agent.hears() === 'voice' && !agent.hearsToo('prompt'))
    agent.keepFrames()
    const free = Promise.withResolvers<number>()
    const forget = bench.center.floor.subscribe(({ type }) => {
      if (type === 'talk.ended') free.resolve(performance.now())
    })
    talking.hangup()
    const freeAt = await free.promise
    forget()
    await hears(next, 'voice')
    await until('both ears', () => agent.hearsToo('prompt') && agent.hearsToo('voice'))
    const voice = next.frames().find(({ sound }) => sound === 'voice')
    const tone = agent.frames().find(({ at, sound }) => at > freeAt && sound !== 'silence')
    toCaller.push((voice?.at ?? Number.NaN) - freeAt)
    toAgent.push((tone?.at ?? Number.NaN) - freeAt)
    dead.push(deadFrames(next.frames()))
    talking = next
  }
  for (const [who, times] of [
    ['caller', toCaller],
    ['agent', toAgent],
  ] as const) {
    const sorted = times.toSorted((one, other) => one - other)
    const [p50, p99] = [percentile(sorted, 0.5), percentile(sorted, 0.99)].map((ms) => ms.toFixed(1))
    console.log(
      `agent idle -> first audio at the ${who}: p50 ${p50} ms, p99 ${p99} ms, ${times.length} contacts`,
    )
  }
  console.log(`packets without sound at the caller: at most ${Math.max(...dead)}`)
  expect(Math.max(...dead)).toBeLessThanOrEqual(DEAD_AIR_FRAMES)
  expect(bench.dials()).toBe(1)
  expect(agent.state()).toBe('talking')
})
