import { describe, expect, test } from 'vitest'
import { levelOf } from '../../../src/audio/loudness.ts'
import type { Sound } from '../../../src/audio/sound.ts'
import { polish } from '../../../src/speech/polish.ts'
import { resample } from '../../../src/speech/resample.ts'

function tone(hertz: number, rate: number, ms = 500, amplitude = 16_384): Sound {
  const samples = Int16Array.from({ length: (rate * ms) / 1000 }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hertz * i) / rate)),
  )
  return { rate, samples }
}

describe.each([16_000, 22_050])('from %i Hz to 8 kHz', (rate) => {
  const change = (hertz: number): number => {
    const from = tone(hertz, rate)
    const to = resample(from, 8000)
    expect(to.samples.length).toBe(4000)
    return levelOf(to.samples.subarray(400, 3600)) - levelOf(from.samples)
  }

  test.each([100, 1000, 3000, 3400])('%i Hz passes', (hertz) => {
    expect(Math.abs(change(hertz))).toBeLessThan(0.5)
  })

  test.each([4300, 5000, 7000])('%i Hz is gone', (hertz) => {
    expect(change(hertz)).toBeLessThan(-55)
  })
})

describe('polish', () => {
  test('cuts silence, keeping 20 ms before and 60 ms after', () => {
    const speech = tone(500, 8000, 400)
    const samples = new Int16Array(8000 + speech.samples.length + 8000)
    samples.set(speech.samples, 8000)
    expect(polish({ rate: 8000, samples }).samples.length / 8).toBeCloseTo(480, 0)
  })

  test.each([200, 2000, 30_000])('brings an amplitude of %i to -20 dBov', (amplitude) => {
    const { samples } = polish(tone(500, 8000, 400, amplitude))
    expect(levelOf(samples)).toBeCloseTo(-20, 0)
  })

  test('never goes above -1 dBov, however quiet the rest is', () => {
    const quiet = tone(500, 8000, 1000, 1000)
    quiet.samples.fill(32_000, 4000, 4010)
    const peak = Math.max(...polish(quiet).samples.map(Math.abs))
    expect(20 * Math.log10(peak / 32_768)).toBeLessThanOrEqual(-0.99)
  })

  test('silence stays silence', () => {
    const silence = { rate: 8000, samples: new Int16Array(800) }
    expect(polish(silence)).toEqual(silence)
  })
})
