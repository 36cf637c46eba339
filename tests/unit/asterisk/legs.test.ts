/** Legs when Asterisk's messages come late, twice, in another order, or not at all. */
import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CallEvent } from '../../../src/call/events.ts'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import type { Ari } from '../../../src/telephony/asterisk/ari.ts'
import { AriError } from '../../../src/telephony/asterisk/ari-error.ts'
import type { AriEvent } from '../../../src/telephony/asterisk/events.ts'
import { Leg } from '../../../src/telephony/asterisk/leg.ts'
import type { LineServer } from '../../../src/telephony/asterisk/line.ts'
import type { MediaServer } from '../../../src/telephony/asterisk/media-server.ts'
import { Outbound } from '../../../src/telephony/asterisk/outbound.ts'
import { Pair } from '../../../src/telephony/asterisk/pair.ts'
import { until } from '../../support/until.ts'

/** An Asterisk that does what it is asked and says nothing, unless a test says it. */
class SilentAsterisk implements LineServer {
  readonly name = 'asterisk silent'
  readonly asked: string[] = []
  readonly owners = new Map<string, (event: AriEvent) => void>()
  /** What the next requests of this name come to. */
  readonly failures = new Map<string, AriError>()
  readonly ari = new Proxy(
    {},
    {
      get: (_, request: string) => async (first: unknown) => {
        this.asked.push(`${request} ${typeof first === 'string' ? first : JSON.stringify(first)}`)
        const failure = this.failures.get(request)
        if (failure) throw failure
      },
    },
  ) as Ari
  #ids = 0

  newId(kind: string): string {
    return `${kind}-${++this.#ids}`
  }

  own(id: string, handle: (event: AriEvent) => void): void {
    this.owners.set(id, handle)
  }

  disown(id: string): void {
    this.owners.delete(id)
  }

  async refuse(channel: string, status: number): Promise<void> {
    this.asked.push(`refuse ${channel} ${status}`)
  }

  traces(): void {}

  says(id: string, ...events: AriEvent[]): void {
    for (const event of events) this.owners.get(id)?.(event)
  }
}

const media = { mediaOf: async () => 'sound:x', loopOf: async () => 'sound:loop' } as unknown as MediaServer

let clock: SimulatedClock
let asterisk: SilentAsterisk
let told: CallEvent[]
let gone: number
beforeEach(() => {
  clock = new SimulatedClock()
  asterisk = new SilentAsterisk()
  told = []
  gone = 0
})

function leg(call: string, direction: 'inbound' | 'outbound' = 'inbound'): Leg {
  const around = {
    clock,
    logger: pino({ level: 'silent' }),
    media,
    emit: (event: CallEvent) => void told.push(event),
    forget: () => void gone++,
  }
  return new Leg(around, asterisk, direction, call)
}

async function answered(call: string): Promise<Leg> {
  const made = leg(call)
  made.own(call)
  made.answer('answer')
  await made.idle()
  return made
}

const types = (): string[] => told.map(({ type }) => type)
const left = (channel: string): AriEvent => ({ type: 'left', channel })
const destroyed = (channel: string, cause = 16, status?: number): AriEvent => ({
  type: 'destroyed',
  channel,
  cause,
  status,
  sipCallId: '',
})

describe('the end of a call', () => {
  it('is told once, whatever comes first and however often', async () => {
    await answered('a')
    asterisk.says('a', destroyed('a'), left('a'), destroyed('a'), left('a'))
    clock.advance(60_000)
    expect(types()).toEqual(['call.answered', 'call.ended'])
    expect(told.at(-1)).toMatchObject({ cause: 'normal', by: 'remote' })
    expect([gone, clock.pending, asterisk.owners.size]).toEqual([1, 0, 0])
  })

  it('is told without the last message too, a moment later', async () => {
    await answered('a')
    asterisk.says('a', left('a'))
    expect(types()).toEqual(['call.answered'])
    clock.advance(500)
    expect(told.at(-1)).toMatchObject({ type: 'call.ended', cause: 'normal', by: 'remote' })
  })

  it('is the far end’s where it hung up first, though we command it meanwhile', async () => {
    const made = await answered('a')
    asterisk.says('a', { type: 'hangup', channel: 'a', cause: undefined, status: undefined }, left('a'))
    made.hangUp()
    asterisk.says('a', destroyed('a'))
    expect(told.at(-1)).toMatchObject({ cause: 'normal', by: 'remote' })
  })

  it('is ours at once where Asterisk cannot be reached, and after a while where it does not confirm', async () => {
    const one = await answered('a')
    asterisk.failures.set('hangUp', new AriError('unreachable', 'no connection'))
    one.hangUp()
    await one.idle()
    expect(told.at(-1)).toMatchObject({ type: 'call.ended', call: 'a', cause: 'normal', by: 'local' })
    asterisk.failures.clear()
    const other = await answered('b')
    other.hangUp()
    await other.idle()
    expect(told.at(-1)).toMatchObject({ type: 'call.answered' })
    clock.advance(5_000)
    expect(told.at(-1)).toMatchObject({ type: 'call.ended', call: 'b', by: 'local' })
  })

  it('says why audio stopped where Asterisk gave the call up', async () => {
    await answered('a')
    asterisk.says('a', left('a'), destroyed('a', 44))
    expect(told.at(-1)).toMatchObject({ cause: 'media-lost', by: 'network' })
  })

  it('ends what was asked for: no digit, no ending of a play comes after it', async () => {
    const made = await answered('a')
    made.player.play('play', [{ silenceMs: 1 }], true)
    await made.idle()
    asterisk.says(
      'a',
      left('a'),
      { type: 'digit', channel: 'a', digit: '1', durationMs: 100 },
      destroyed('a'),
    )
    asterisk.says('play-1', { type: 'played', playback: 'play-1', failed: true })
    expect(types()).toEqual(['call.answered', 'call.ended'])
  })

  it('of a call that vanished while the connection was lost is nobody’s', async () => {
    const made = await answered('a')
    await made.reconcile(new Set(['a']), new Set(['a']))
    expect(types()).toEqual(['call.answered'])
    await made.reconcile(new Set(), new Set())
    expect(told.at(-1)).toMatchObject({ type: 'call.ended', cause: 'backend-lost', by: 'network' })
  })
})

describe('a leg of ours', () => {
  function dialled(endpoints: readonly string[] = ['PJSIP/alice'], more = {}): Leg {
    const made = leg('out', 'outbound')
    const attempt = { endpoints, callerId: '', variables: {} }
    new Outbound(made, { command: 'dial', ringMs: 10_000, isDevice: true, attempts: [attempt], ...more })
    return made
  }
  const entered = (channel: string): AriEvent => ({
    type: 'entered',
    channel,
    name: 'PJSIP/alice-1',
    sipCallId: '',
    args: ['dialled'],
  })

  it('that is answered as we withdraw it connects nobody: 200 after CANCEL', () => {
    const made = dialled()
    asterisk.says('call-1', { type: 'ringing', channel: 'call-1', sipCallId: '' })
    made.hangUp()
    asterisk.says('call-1', { type: 'answered', channel: 'call-1' }, entered('call-1'))
    expect(asterisk.asked.filter((each) => each === 'hangUp call-1')).toHaveLength(2)
    asterisk.says('call-1', destroyed('call-1'))
    expect(types()).toEqual(['call.progress', 'call.ended'])
    expect(told.at(-1)).toMatchObject({ cause: 'cancelled', by: 'local' })
    expect([gone, clock.pending, asterisk.owners.size]).toEqual([1, 0, 0])
  })

  it('that is answered and hung up before it is ours was answered all the same', () => {
    dialled()
    asterisk.says('call-1', { type: 'answered', channel: 'call-1' }, destroyed('call-1'))
    expect(types()).toEqual(['call.answered', 'call.ended'])
    expect(told.at(-1)).toMatchObject({ cause: 'normal', by: 'remote' })
  })

  it('at two phones: the first to answer has it, the other is let go, also when both do', () => {
    dialled(['PJSIP/alice/sip:1', 'PJSIP/alice/sip:2'])
    asterisk.says('call-1', entered('call-1'))
    asterisk.says('call-2', entered('call-2'), destroyed('call-2'))
    expect(types()).toEqual(['call.answered'])
    expect(asterisk.asked).toContain('hangUp call-2')
    expect(asterisk.asked).not.toContain('hangUp call-1')
  })

  it('refused at two phones ends with what says most', () => {
    dialled(['PJSIP/alice/sip:1', 'PJSIP/alice/sip:2'])
    asterisk.says('call-1', destroyed('call-1', 17, 486))
    expect(types()).toEqual([])
    asterisk.says('call-2', destroyed('call-2', 19, 480))
    expect(told).toEqual([{ type: 'call.ended', call: 'out', cause: 'busy', by: 'remote', status: 486 }])
  })

  it('goes on to the next trunk only where one could not carry it, and nobody’s phone rang', () => {
    const attempts = ['one', 'two', 'three'].map((trunk) => ({
      endpoints: [`PJSIP/${trunk}`],
      callerId: '',
      variables: {},
      trunk,
    }))
    dialled([], { isDevice: false, attempts })
    asterisk.says('call-1', destroyed('call-1', 34, 503))
    asterisk.says('call-2', { type: 'ringing', channel: 'call-2', sipCallId: '' })
    asterisk.says('call-2', destroyed('call-2', 38, 500))
    expect(asterisk.asked.filter((each) => each.startsWith('originate'))).toHaveLength(2)
    expect(told.at(-1)).toMatchObject({ type: 'call.ended', status: 500 })
  })

  it('goes on to the next trunk also where one refuses our credentials', () => {
    const attempts = ['one', 'two', 'three'].map((trunk) => ({
      endpoints: [`PJSIP/${trunk}`],
      callerId: '',
      variables: {},
      trunk,
    }))
    dialled([], { isDevice: false, attempts })
    asterisk.says('call-1', destroyed('call-1', 21, 401))
    asterisk.says('call-2', destroyed('call-2', 21, 407))
    asterisk.says('call-3', destroyed('call-3', 21, 403))
    expect(asterisk.asked.filter((each) => each.startsWith('originate'))).toHaveLength(3)
    expect(told).toMatchObject([{ type: 'call.ended', cause: 'rejected', status: 403 }])
  })

  it('of which nobody said whether it was made is hung up, and rings nobody else', async () => {
    const attempts = ['one', 'two'].map((trunk) => ({
      endpoints: [`PJSIP/${trunk}/1`, `PJSIP/${trunk}/2`],
      callerId: '',
      variables: {},
      trunk,
    }))
    asterisk.failures.set('originate', new AriError('unreachable', 'no answer in 5000 ms'))
    const made = dialled([], { isDevice: false, attempts })
    await until('it to end', async () => told.find(({ type }) => type === 'call.ended'), 1_000)
    expect(told).toEqual([{ type: 'call.ended', call: 'out', cause: 'backend-lost', by: 'network' }])
    expect(asterisk.asked.filter((each) => each.startsWith('originate'))).toHaveLength(2)
    expect(asterisk.asked).toEqual(expect.arrayContaining(['hangUp call-1', 'hangUp call-2']))
    // Asterisk may do it late: then it belongs to nobody, and is ended as such.
    expect([made.state, gone, clock.pending, asterisk.owners.size]).toEqual(['over', 1, 0, 0])
  })

  it('that never rang is a phone that is not there, one that rang is one that nobody picked up', async () => {
    dialled()
    clock.advance(10_000)
    asterisk.says('call-1', destroyed('call-1'))
    expect(told.at(-1)).toMatchObject({ cause: 'unreachable', by: 'network' })
    dialled()
    asterisk.says('call-2', { type: 'ringing', channel: 'call-2', sipCallId: '' })
    clock.advance(10_000)
    asterisk.says('call-2', destroyed('call-2'))
    expect(told.at(-1)).toMatchObject({ cause: 'no-answer', by: 'network' })
  })
})

describe('a bridge', () => {
  const joined = (channel: string): AriEvent => ({ type: 'joined', channel, bridge: 'bridge-1' })
  const parted = (channel: string): AriEvent => ({ type: 'parted', channel, bridge: 'bridge-1' })

  async function pair(): Promise<[Leg, Leg]> {
    const legs: [Leg, Leg] = [await answered('a'), await answered('b')]
    new Pair(...legs, 'bridge')
    await legs[0].idle()
    told.length = 0
    return legs
  }

  it('stands when both are in it, in whatever order, and not by what is said of another one', async () => {
    const [one] = await pair()
    asterisk.says('b', joined('b'), { ...joined('b'), bridge: 'bridge-9' } as AriEvent, joined('b'))
    expect(types()).toEqual([])
    asterisk.says('a', joined('a'))
    expect(told).toEqual([{ type: 'call.bridged', calls: ['a', 'b'], command: 'bridge' }])
    expect(one.pair?.isJoined).toBe(true)
  })

  it('that one leaves before it stands fails for the other', async () => {
    const [one] = await pair()
    asterisk.says('a', joined('a'))
    asterisk.says('b', left('b'), destroyed('b'), joined('b'))
    expect(types()).toEqual(['command.failed', 'call.ended'])
    expect(told[0]).toMatchObject({ call: 'a', command: 'bridge', reason: 'no-such-call' })
    expect(one.pair).toBeUndefined()
  })

  it('that was being made or ended while the connection was lost is settled when it is back', async () => {
    const [one, other] = await pair()
    const there = new Set(['a', 'b'])
    await one.reconcile(there, there)
    await other.reconcile(there, there)
    expect(told).toMatchObject([{ type: 'command.failed', call: 'a', command: 'bridge', reason: 'failed' }])
    new Pair(one, other, 'again')
    await one.idle()
    for (const channel of ['a', 'b']) asterisk.says(channel, { type: 'joined', channel, bridge: 'bridge-2' })
    one.pair?.part(one, 'part')
    await one.idle()
    asterisk.says('a', { type: 'parted', channel: 'a', bridge: 'bridge-2' })
    await other.reconcile(there, there)
    expect(told.slice(1)).toMatchObject([
      { type: 'call.bridged', command: 'again' },
      { type: 'call.unbridged', command: 'part' },
    ])
  })

  it('parts once, before the end of the one who goes', async () => {
    await pair()
    asterisk.says('a', joined('a'))
    asterisk.says('b', joined('b'), parted('b'), left('b'), parted('b'), destroyed('b'))
    expect(types()).toEqual(['call.bridged', 'call.unbridged', 'call.ended'])
  })
})
