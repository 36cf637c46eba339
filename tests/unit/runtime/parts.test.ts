import { pino } from 'pino'
import { describe, expect, test, vi } from 'vitest'
import type { CallCommand } from '../../../src/call/commands.ts'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { Devices } from '../../../src/runtime/devices.ts'
import { InteractionRecord } from '../../../src/runtime/interaction-record.ts'
import { Mailbox } from '../../../src/runtime/mailbox.ts'
import { Switchboard } from '../../../src/runtime/switchboard.ts'
import { Timers } from '../../../src/runtime/timers.ts'

describe('Mailbox', () => {
  test('what an input puts in waits for its turn', () => {
    const order: string[] = []
    const mailbox = new Mailbox<number>((input) => {
      order.push(`begin ${input}`)
      if (input < 3) mailbox.put(input + 1)
      order.push(`end ${input}`)
    }, vi.fn())
    mailbox.put(1)
    expect(order).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3'])
  })

  test('an input that fails is told, and holds nothing up', () => {
    const handled: number[] = []
    const failed: unknown[] = []
    const mailbox = new Mailbox<number>(
      (input) => {
        if (input === 1) mailbox.put(2)
        if (input === 1) throw new Error('one')
        handled.push(input)
      },
      (error, input) => failed.push([String(error), input]),
    )
    mailbox.put(1)
    mailbox.put(3)
    expect(handled).toEqual([2, 3])
    expect(failed).toEqual([['Error: one', 1]])
  })
})

describe('Timers', () => {
  test('fire once, are replaced by their name, and can be stopped', () => {
    const clock = new SimulatedClock()
    const fired: string[] = []
    const timers = new Timers(clock, (timer) => fired.push(timer))
    timers.start('a', clock.now() + 10)
    timers.start('a', clock.now() + 20)
    timers.start('b', clock.now() + 10)
    timers.stop('b')
    clock.advance(15)
    expect(fired).toEqual([])
    clock.advance(10)
    expect(fired).toEqual(['a'])
    timers.start('c', clock.now() + 5)
    timers.stopAll()
    clock.advance(10)
    expect([fired, timers.size, clock.pending]).toEqual([['a'], 0, 0])
  })
})

describe('Switchboard', () => {
  const board = () => {
    const sent: CallCommand[] = []
    return { sent, board: new Switchboard((command) => sent.push(command), pino({ level: 'silent' })) }
  }

  test('tells both owners of an event that names two legs', () => {
    const { board: legs } = board()
    const told: string[] = []
    legs.own('a', ({ type }) => told.push(`a ${type}`))
    legs.own('b', ({ type }) => told.push(`b ${type}`))
    legs.receive({ type: 'call.bridged', calls: ['a', 'b'], command: 'x' })
    expect(told).toEqual(['a call.bridged', 'b call.bridged'])
  })

  test('forgets a leg at its end, after telling its owner', () => {
    const { board: legs } = board()
    const told: string[] = []
    legs.own('a', ({ type }) => told.push(type))
    legs.receive({ type: 'call.ended', call: 'a', cause: 'normal', by: 'remote' })
    legs.receive({ type: 'call.media-back', call: 'a' })
    expect([told, legs.size]).toEqual([['call.ended'], 0])
  })

  test('gives every command an id of its own', () => {
    const { board: legs, sent } = board()
    const ids = [legs.order({ type: 'hangup', call: 'a' }), legs.order({ type: 'hangup', call: 'a' })]
    expect(new Set(ids).size).toBe(2)
    expect(sent.map(({ id }) => id)).toEqual(ids)
  })
})

describe('Devices', () => {
  test("tell of an agent's first phone and of the last one, and of every sign of life", () => {
    const told: string[] = []
    const devices = new Devices((agent, ok) => told.push(`${agent} ${ok}`))
    devices.assign([
      ['desk', 'ana'],
      ['mobile', 'ana'],
    ])
    told.length = 0
    devices.reachable('desk')
    devices.reachable('mobile')
    devices.unreachable('desk')
    expect(devices.of('ana')).toBe('mobile')
    devices.unreachable('mobile')
    devices.reachable("nobody's")
    expect(told).toEqual(['ana true', 'ana true', 'ana true', 'ana false'])
  })

  test("tell when an agent's only phone is taken from them", () => {
    const told: string[] = []
    const devices = new Devices((agent, ok) => told.push(`${agent} ${ok}`))
    devices.assign([['desk', 'ana']])
    devices.reachable('desk')
    told.length = 0
    devices.assign([['desk', 'ben']])
    expect(told.toSorted()).toEqual(['ana false', 'ben true'])
  })

  test('of 40,000 agents are assigned without a look at all of them for each', () => {
    const devices = new Devices(() => undefined)
    const pairs = Array.from({ length: 40_000 }, (_, at) => [`phone-${at}`, `agent-${at}`] as const)
    devices.assign(pairs)
    for (const [device] of pairs) devices.reachable(device)
    expect(devices.of('agent-39999')).toBe('phone-39999')
  })
})

describe('InteractionRecord', () => {
  const record = () =>
    new InteractionRecord(
      'c1',
      { type: 'call.offered', call: 'x', from: { uri: 'sip:a@b' }, to: { uri: 'sip:c@d' }, headers: {} },
      0,
      undefined,
    )

  test('stages follow each other, other stretches lie beside them', () => {
    const one = record()
    one.enter('ivr', 0, '')
    one.enter('queue', 5, 'queued', { queue: 'q' })
    const ring = one.begin('ring', 6)
    ring.end(8, 'no-answer')
    one.leave(9, 'abandoned')
    one.finish(9)
    expect(one.view().segments.map(({ kind, startedAt, endedAt }) => [kind, startedAt, endedAt])).toEqual([
      ['ivr', 0, 5],
      ['ring', 6, 8],
      ['queue', 5, 9],
    ])
  })

  test('a stretch ends once, and has its audio when that is known', () => {
    const one = record()
    const talk = one.enter('talk', 0, '')
    talk.end(5, 'agent-hung-up')
    one.enter('ivr', 5, 'done')
    const media = { packetsReceived: 1, packetsSent: 1, packetsLost: 0, jitterMs: 0, codec: 'PCMU' }
    talk.measured(media)
    expect(one.view().segments).toEqual([
      { kind: 'talk', startedAt: 0, endedAt: 5, result: 'agent-hung-up', media },
    ])
  })

  test.each([
    [['drained', 'abandoned-in-ivr'], 'drained'],
    [['completed', 'voicemail'], 'voicemail'],
    [['voicemail', 'handled', 'transferred'], 'handled'],
    [['transferred', 'abandoned-in-ivr'], 'transferred'],
  ] as const)('%j settles to %s', (outcomes, settled) => {
    const one = record()
    for (const outcome of outcomes) one.settle(outcome)
    one.finish(1)
    expect(one.view().outcome).toBe(settled)
  })

  test('has no outcome before the caller is gone', () => {
    const one = record()
    one.settle('handled')
    expect(one.soFar(1)).not.toHaveProperty('outcome')
    one.leave(2, 'caller-hung-up')
    expect(one.soFar(3).outcome).toBe('handled')
  })
})
