import { expect, test } from 'vitest'
import { PortPairs } from '../../../src/telephony/embedded/media/port-pairs.ts'
import type { PortEvent } from '../../../src/telephony/embedded/media/protocol.ts'
import { RestedPorts } from '../../../src/telephony/embedded/media/rested-ports.ts'

const HOST = '127.0.0.1'

test('a pair rests, is lent, is asked for when nobody has needed it for long, and is closed', async () => {
  let now = 0
  const events: PortEvent[] = []
  const pairs = new PortPairs(
    { min: 0, max: 0 },
    () => now,
    (event) => events.push(event),
  )
  const pair = await pairs.take(HOST)
  const { port } = pair
  const tendAt = (ms: number): PortEvent[] => {
    now = ms
    pairs.tend(now)
    return events.splice(0)
  }
  pairs.release(pair)
  expect(tendAt(1_999)).toEqual([])
  expect(pairs.claim(port)).toBeUndefined()
  expect(tendAt(2_000)).toEqual([{ type: 'rested', host: HOST, port }])
  expect(pairs.claim(port)).toBe(pair)
  expect(pairs.claim(port)).toBeUndefined()
  pairs.release(pair)
  expect(tendAt(4_000)).toEqual([{ type: 'rested', host: HOST, port }])
  expect(tendAt(32_000)).toEqual([])
  expect(tendAt(32_001)).toEqual([{ type: 'recall', port }])
  expect(tendAt(40_000)).toEqual([])
  expect(pairs.open).toBe(1)
  pairs.discard(port)
  expect(pairs.open).toBe(0)
})

test('lent ports are taken in the order of their lending, each once, for their own address', () => {
  const rested = new RestedPorts()
  rested.add(HOST, 4_000)
  rested.add('127.0.0.2', 4_002)
  rested.add(HOST, 4_004)
  expect([rested.take(HOST), rested.take(HOST), rested.take(HOST)]).toEqual([4_000, 4_004, undefined])
  expect([rested.giveBack(4_000), rested.giveBack(4_002), rested.take('127.0.0.2')]).toEqual([
    false,
    true,
    undefined,
  ])
})
