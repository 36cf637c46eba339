import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { levelOf } from '../../../src/audio/loudness.ts'
import type { Sound } from '../../../src/audio/sound.ts'
import { readWav, soundOf } from '../../../src/audio/wav.ts'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { espeak } from '../../../src/speech/espeak.ts'
import { Speech } from '../../../src/speech/speech.ts'
import { describeWith } from '../../support/describe-with.ts'

const DAY = 24 * 3_600_000

let folder: string
let clock: SimulatedClock
let speech: Speech

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchroom-speech-'))
  clock = new SimulatedClock(Date.now())
  speech = new Speech({ cacheFolder: folder, logger: pino({ level: 'silent' }), clock })
  await speech.start()
})
afterEach(async () => {
  await speech.stop()
  rmSync(folder, { recursive: true })
})

const soundIn = (file: string): Sound => soundOf(readWav(readFileSync(file)))
const secondsOf = (file: string): number => soundIn(file).samples.length / 8000

describe('English', () => {
  test('is 8 kHz mono 16 bit, as long as the text takes, and loud as speech on a line', async () => {
    const file = await speech.say('Thank you for calling. Please hold the line.', 'en')
    const { rate, samples } = soundIn(file)
    expect(readWav(readFileSync(file)).encoding).toBe('pcm16')
    expect(rate).toBe(8000)
    expect(samples.length / rate).toBeGreaterThan(2)
    expect(samples.length / rate).toBeLessThan(5)
    expect(levelOf(samples)).toBeGreaterThan(-25)
    expect(levelOf(samples)).toBeLessThan(-17)
  })

  test('begins and ends without silence to wait for, and without a click', async () => {
    const { samples } = soundIn(await speech.say('Hello.', 'en-US'))
    expect(levelOf(samples.subarray(0, 800))).toBeGreaterThan(-50)
    expect(Math.abs(samples[0] ?? 0)).toBeLessThan(100)
    expect(Math.abs(samples.at(-1) ?? 0)).toBeLessThan(100)
  })

  test('is rendered once: the same text again is the same file, untouched', async () => {
    const first = await speech.say('One two three.', 'en')
    const made = statSync(first).mtimeMs
    expect(await speech.say('  One two\n three. ', 'en')).toBe(first)
    expect(statSync(first).mtimeMs).toBe(made)
    expect(await speech.say('One two four.', 'en')).not.toBe(first)
    expect(readdirSync(folder)).toHaveLength(2)
  })

  test('asked for twice at the same time is rendered once', async () => {
    const [a, b] = await Promise.all([speech.say('Same.', 'en'), speech.say('Same.', 'en')])
    expect(a).toBe(b)
    expect(readdirSync(folder)).toHaveLength(1)
  })

  test('texts asked for together are all rendered, beyond what one worker renders', async () => {
    const texts = Array.from({ length: 20 }, (_, i) => `Number ${i}.`)
    const files = await Promise.all(texts.map((text) => speech.say(text, 'en')))
    expect(new Set(files).size).toBe(20)
    for (const file of files) expect(secondsOf(file)).toBeGreaterThan(0.3)
  })
})

test('the worker leaves when it has had nothing to do, and comes back', async () => {
  await speech.say('Hello.', 'en')
  expect(speech.running).toBe(true)
  clock.advance(60_000)
  expect(speech.running).toBe(false)
  expect(secondsOf(await speech.say('Hello again.', 'en'))).toBeGreaterThan(0.5)
})

test('letters with accents are read as letters', async () => {
  expect(secondsOf(await speech.say('José Peña', 'en'))).toBeCloseTo(
    secondsOf(await speech.say('Jose Pena', 'en')),
    1,
  )
})

test('what is asked for while it stops fails, and nothing half-made is left', async () => {
  const rendering = speech.say('This sentence will not be finished.', 'en')
  const refused = expect(rendering).rejects.toMatchObject({ code: 'SPEECH_FAILED' })
  await speech.stop()
  await refused
  expect(readdirSync(folder).filter((name) => name.endsWith('.wav'))).toEqual([])
})

test.each(['', '  ', 'a'.repeat(2001)])('a text without a sane length is refused', async (text) => {
  await expect(speech.say(text, 'en')).rejects.toMatchObject({ code: 'SPEECH_FAILED' })
})

test('start deletes what nobody has used for a month, and use keeps it', async () => {
  const used = await speech.say('Used.', 'en')
  const old = join(folder, 'old.wav')
  writeFileSync(old, '')
  for (const file of [used, old]) utimesSync(file, Date.now() / 1000, (clock.now() - 31 * DAY) / 1000)
  await speech.say('Used.', 'en')
  await speech.start()
  expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([used])
})

test('a folder that cannot be made is named', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const other = new Speech({ cacheFolder: join(file, 'x'), logger: pino({ level: 'silent' }), clock })
  await expect(other.start()).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' })
})

describeWith(['espeak'], 'other languages', () => {
  test('are spoken by espeak-ng', async () => {
    const { rate, samples } = soundIn(await speech.say('Gracias por llamar.', 'es'))
    expect(rate).toBe(8000)
    expect(samples.length / rate).toBeGreaterThan(0.7)
    expect(levelOf(samples)).toBeGreaterThan(-25)
  })

  test('that espeak-ng does not know fail with its reason', async () => {
    await expect(speech.say('Hello.', 'xx')).rejects.toMatchObject({
      code: 'SPEECH_FAILED',
      message: expect.stringContaining('voice does not exist'),
    })
  })
})

test('without espeak-ng other languages fail with the line that installs it', async () => {
  await expect(espeak('es', 'Hola.', 'no-such-program')).rejects.toMatchObject({
    code: 'SPEECH_FAILED',
    remedy: expect.stringContaining('apt-get install espeak-ng'),
  })
})
