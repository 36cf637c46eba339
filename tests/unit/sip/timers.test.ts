import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { Timers } from '../../../src/telephony/embedded/sip/timers.ts'

function setUp(failed: (error: unknown) => void = () => undefined) {
  const clock = new SimulatedClock()
  return { clock, timers: new Timers(clock, failed), start: clock.now() }
}

describe('timers', () => {
  test('run when due, at most 10 ms late, long ones 100 ms, in order of their time, over one clock timer', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 3, 10, 200, 500, 505, 1_000, 4_000, 32_000), { maxLength: 50 }),
        (delays) => {
          const { clock, timers, start } = setUp()
          const ran: number[] = []
          for (const delay of delays) {
            timers.after(delay, () => {
              const late = clock.now() - start - delay
              expect(late).toBeGreaterThanOrEqual(0)
              expect(late).toBeLessThan(delay < 2_000 ? 10 : 100)
              ran.push(delay)
            })
          }
          expect(clock.pending).toBeLessThanOrEqual(1)
          clock.advance(40_000)
          expect(ran).toEqual(delays.toSorted((a, b) => a - b))
          expect(timers.size).toBe(0)
        },
      ),
    )
  })

  test('cancelled ones do not run, also when one cancels another of the same moment', () => {
    const { clock, timers } = setUp()
    const ran: string[] = []
    const second = { timer: timers.after(600, () => ran.push('never')) }
    timers.after(500, () => {
      ran.push('first')
      second.timer.cancel()
    })
    const third = timers.after(500, () => ran.push('third'))
    third.cancel()
    third.cancel()
    clock.advance(1_000)
    expect(ran).toEqual(['first'])
    expect(timers.size).toBe(0)
  })

  test('one that throws is reported, and the others run', () => {
    const errors: unknown[] = []
    const { clock, timers } = setUp((error) => errors.push(error))
    let ran = 0
    timers.after(10, () => {
      throw new Error('x')
    })
    timers.after(10, () => ran++)
    clock.advance(10)
    expect([errors.length, ran]).toEqual([1, 1])
  })

  test('ten thousand of them wake the process at most a hundred times a second', () => {
    const { clock, timers } = setUp()
    let wakes = 0
    const counting = {
      now: () => clock.now(),
      after: clock.after.bind(clock),
      at: (time: number, run: () => void) => clock.at(time, () => (wakes++, run())),
    }
    const busy = new Timers(counting, () => undefined)
    for (let ms = 0; ms < 1_000; ms++) {
      for (let each = 0; each < 10; each++) busy.after(500, () => undefined)
      clock.advance(1)
    }
    clock.advance(1_000)
    expect(busy.size).toBe(0)
    expect(wakes).toBeLessThanOrEqual(101)
    timers.clear()
  })
})
