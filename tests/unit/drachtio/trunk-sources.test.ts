import type { LookupAddress } from 'node:dns'
import { expect, test, vi } from 'vitest'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { TrunkLine, type TrunkSurroundings } from '../../../src/telephony/drachtio/trunk-line.ts'
import { trunkTo } from '../sip/support.ts'

type Found = (error: Error | null, found: LookupAddress[]) => void

/** Look-ups that wait for their answer. */
const asked = vi.hoisted(() => [] as Found[])

vi.mock('node:dns', () => ({ lookup: (_: string, __: object, done: Found) => asked.push(done) }))

test('a trunk sends from every address of a name, and from the last known ones while they cannot be looked up', () => {
  const clock = new SimulatedClock()
  const around = { clock, emit: () => undefined } as unknown as TrunkSurroundings
  const line = new TrunkLine(trunkTo('a', { port: 1 }, { hosts: ['192.0.2.1', 'sip.example.com'] }), around)
  line.start()
  const isSource = (host: string): boolean => line.isSource({ host, port: 5060, transport: 'udp' })
  const found = (...addresses: string[]): LookupAddress[] =>
    addresses.map((address) => ({ address, family: 4 }))
  expect(isSource('192.0.2.8')).toBe(false)
  asked.shift()?.(null, found('192.0.2.7', '192.0.2.8'))
  expect(isSource('192.0.2.8')).toBe(true)
  clock.advance(60_000)
  asked.shift()?.(new Error('EAI_AGAIN'), [])
  expect(isSource('192.0.2.8')).toBe(true)
  clock.advance(60_000)
  asked.shift()?.(null, found('192.0.2.7'))
  expect([isSource('192.0.2.7'), isSource('192.0.2.8'), isSource('192.0.2.1')]).toEqual([true, false, true])
  line.stop()
})
