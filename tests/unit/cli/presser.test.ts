import { beforeEach, describe, expect, it } from 'vitest'
import { Presser } from '../../../src/cli/phone/presser.ts'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'

let clock: SimulatedClock
let pressed: string[]
beforeEach(() => {
  clock = new SimulatedClock()
  pressed = []
})

describe('keys pressed by the phone', () => {
  it('wait for a pause of a prompt each', () => {
    const presser = new Presser(['1', '4471#'], 'prompt', clock, (keys) => pressed.push(keys))
    presser.answered()
    presser.heard({ what: 'began' })
    expect(pressed).toEqual([])
    presser.heard({ what: 'paused' })
    expect(pressed).toEqual(['1'])
    presser.heard({ what: 'paused' })
    presser.heard({ what: 'paused' })
    expect(pressed).toEqual(['1', '4471#'])
    expect(clock.pending).toBe(0)
  })

  it('do not wait for ever for a pause that music never makes', () => {
    new Presser(['1'], 'prompt', clock, (keys) => pressed.push(keys)).answered()
    clock.advance(10_000)
    expect(pressed).toEqual(['1'])
  })

  it('or are pressed at their time, whatever is heard, and not after the call', () => {
    const presser = new Presser(['1', '2', '3'], 500, clock, (keys) => pressed.push(keys))
    presser.answered()
    presser.heard({ what: 'paused' })
    clock.advance(1000)
    expect(pressed).toEqual(['1', '2'])
    presser.stop()
    clock.advance(1000)
    expect(pressed).toEqual(['1', '2'])
    expect(clock.pending).toBe(0)
  })
})
