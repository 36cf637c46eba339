import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { levelOf } from '../../../src/audio/loudness.ts'
import { readWav, soundOf } from '../../../src/audio/wav.ts'
import { beep, holdMusic } from '../../../src/speech/hold-music.ts'
import { spokenNumbers } from '../../../src/speech/numbers/languages.ts'

const media = join(import.meta.dirname, '../../../media')
const files = readdirSync(media, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.wav'),
)
const sounds = files.map((file) => {
  const bytes = readFileSync(join(media, file))
  const wav = readWav(bytes)
  return { file, bytes: bytes.length, encoding: wav.encoding, ...soundOf(wav) }
})

describe('the media of the demo center', () => {
  test('are 8 kHz mono 16 bit, audible, never distorted, and not in the way of a quick clone', () => {
    expect(sounds.length).toBeGreaterThan(100)
    for (const { file, encoding, rate, samples } of sounds) {
      expect(encoding, file).toBe('pcm16')
      expect(rate, file).toBe(8000)
      expect(levelOf(samples), file).toBeGreaterThan(-27)
      expect(levelOf(samples), file).toBeLessThan(-17)
      expect(
        samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0),
        file,
      ).toBeLessThan(29_500)
    }
    expect(sounds.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(6_000_000)
  })

  test('prompts begin at once and end without a long silence', () => {
    for (const { file, samples } of sounds.filter(({ file }) => file.startsWith('prompts'))) {
      expect(levelOf(samples.subarray(0, 1600)), file).toBeGreaterThan(-50)
      expect(levelOf(samples.subarray(-1600)), file).toBeGreaterThan(-50)
    }
  })

  test.each(['en', 'es'])(
    'have every digit and every piece of a number or a length of time in %s',
    (language) => {
      const { digits = {}, numbers = {}, durations = {} } = spokenNumbers(language) ?? {}
      expect(Object.keys(digits).length).toBe(13)
      for (const piece of Object.keys(digits))
        expect(files).toContain(`prompts/${language}/digits/${piece}.wav`)
      for (const piece of Object.keys(numbers))
        expect(files).toContain(`prompts/${language}/numbers/${piece}.wav`)
      for (const piece of Object.keys(durations))
        expect(files).toContain(`prompts/${language}/durations/${piece}.wav`)
    },
  )
})

describe('music on hold', () => {
  const { samples } = holdMusic()
  const steps = samples.map((sample, i) => Math.abs(sample - (samples.at(i - 1) ?? 0)))

  test('is half a minute or more, without a moment of silence', () => {
    expect(samples.length / 8000).toBeGreaterThan(30)
    for (let at = 0; at < samples.length; at += 8000) {
      expect(levelOf(samples.subarray(at, at + 8000))).toBeGreaterThan(-32)
    }
  })

  test('has no click at its seam: the step there is one like all others', () => {
    const [seam = 0, ...others] = steps
    expect(seam).toBeLessThan(others.toSorted((a, b) => a - b)[Math.floor(others.length * 0.99)] ?? 0)
  })

  test('is the same every time', () => {
    expect(holdMusic().samples).toEqual(samples)
  })
})

test('the beep is a tone of 1 kHz', () => {
  const { samples } = beep()
  let [real, imaginary] = [0, 0]
  samples.forEach((sample, i) => {
    real += sample * Math.cos((2 * Math.PI * 1000 * i) / 8000)
    imaginary += sample * Math.sin((2 * Math.PI * 1000 * i) / 8000)
  })
  const share =
    (2 * Math.hypot(real, imaginary) ** 2) / samples.length / samples.reduce((sum, s) => sum + s * s, 0)
  expect(share).toBeGreaterThan(0.98)
})
