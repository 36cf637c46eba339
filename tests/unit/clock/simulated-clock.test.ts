import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'

test('timers run in order of time, then of creation, and may set others', () => {
  const clock = new SimulatedClock(0)
  const seen: string[] = []
  clock.after(20, () => seen.push('b'))
  clock.after(20, () => seen.push('c'))
  clock.after(10, () => {
    seen.push('a')
    clock.after(15, () => seen.push('d'))
  })
  clock.after(30, () => seen.push('never'))()
  clock.advance(40)
  expect(seen).toEqual(['a', 'b', 'c', 'd'])
  expect(clock.now()).toBe(40)
  expect(clock.pending).toBe(0)
})
