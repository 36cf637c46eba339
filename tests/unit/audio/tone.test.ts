import { describe, expect, it } from 'vitest'
import { faded, tone } from '../../../src/audio/tone.ts'

describe('a tone', () => {
  it('has the pitch, length and peak that are asked for', () => {
    const samples = tone(1000, 300, 10_000)
    expect(samples).toHaveLength(2400)
    expect([...samples.subarray(0, 8)]).toEqual([0, 7071, 10_000, 7071, 0, -7071, -10_000, -7071])
    expect([...samples.subarray(-8)]).toEqual([...samples.subarray(0, 8)])
  })
})

describe('a fade', () => {
  it('ramps both ends evenly and leaves the middle', () => {
    const samples = faded(new Int16Array(40).fill(1000), 8000, 1)
    expect([...samples.subarray(0, 9)]).toEqual([125, 250, 375, 500, 625, 750, 875, 1000, 1000])
    expect([...samples.subarray(-9)]).toEqual([1000, 1000, 875, 750, 625, 500, 375, 250, 125])
  })

  it('of something shorter than its ramps never reaches the whole', () => {
    expect([...faded(new Int16Array(4).fill(1000), 8000, 1)]).toEqual([125, 250, 250, 125])
  })
})
