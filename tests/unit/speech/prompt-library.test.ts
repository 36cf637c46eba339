import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SwitchroomError } from '../../../src/errors.ts'
import { PromptLibrary } from '../../../src/speech/prompt-library.ts'

const media = mkdtempSync(join(tmpdir(), 'switchroom-media-'))
const secret = join(dirname(media), 'secret.wav')
const file = (...path: string[]) => ({ file: join(media, ...path) })

beforeAll(() => {
  const present = ['prompts/en/welcome.wav', 'prompts/es/welcome.wav', 'prompts/en/only-english.wav']
  for (const digit of '0123456789') present.push(`prompts/en/digits/${digit}.wav`)
  for (const piece of ['21', 'veintiun', 'mil', '30', 'y', 'un'])
    present.push(`prompts/es/numbers/${piece}.wav`)
  for (const piece of ['una', 'hour', 'minutes']) present.push(`prompts/es/durations/${piece}.wav`)
  for (const path of [...present, 'music/hold.wav']) {
    mkdirSync(dirname(join(media, path)), { recursive: true })
    writeFileSync(join(media, path), '')
  }
})
afterAll(() => rmSync(media, { recursive: true }))

function library(log: object[] = []) {
  const spoken: string[] = []
  const speech = {
    say: async (text: string, language: string) => {
      if (language === 'tlh') throw new SwitchroomError('SPEECH_FAILED', 'nobody speaks it')
      spoken.push(`${language}: ${text}`)
      return `/speech/${spoken.length}.wav`
    },
  }
  const logger = pino({ level: 'warn' }, { write: (line) => void log.push(JSON.parse(line)) })
  return {
    prompts: new PromptLibrary({ mediaFolder: media, speech, logger, fallbackLanguage: 'en' }),
    spoken,
  }
}

describe('resolve', () => {
  test('audio in the language of the caller, of its base, or of the part itself', async () => {
    const { prompts } = library()
    expect(await prompts.resolve([{ audio: 'welcome' }], 'es')).toEqual([file('prompts/es/welcome.wav')])
    expect(await prompts.resolve([{ audio: 'welcome' }], 'es-MX')).toEqual([file('prompts/es/welcome.wav')])
    expect(await prompts.resolve([{ audio: 'welcome', language: 'es' }], 'en')).toEqual([
      file('prompts/es/welcome.wav'),
    ])
  })

  test('audio that is missing in the language comes in the fallback language, with one warning', async () => {
    const log: object[] = []
    const { prompts } = library(log)
    for (let i = 0; i < 3; i++) {
      expect(await prompts.resolve([{ audio: 'only-english' }], 'es')).toEqual([
        file('prompts/en/only-english.wav'),
      ])
    }
    expect(log).toMatchObject([{ audio: 'only-english', language: 'es', played: 'en' }])
  })

  test('audio that is missing everywhere is an error that names the places', async () => {
    await expect(library().prompts.resolve([{ audio: 'absent' }], 'es')).rejects.toMatchObject({
      code: 'PROMPT_MISSING',
      message: expect.stringMatching(/"absent" in es.*prompts\/es\/absent\.wav.*prompts\/en\/absent\.wav/),
    })
  })

  test('a name cannot lead out of the media folder', async () => {
    writeFileSync(secret, '')
    await expect(library().prompts.resolve([{ audio: '../../../secret' }], 'en')).rejects.toMatchObject({
      code: 'PROMPT_MISSING',
    })
    expect(() => library().prompts.musicFile('../../secret')).toThrow('outside of the media folder')
    rmSync(secret)
  })

  test('parts keep their order', async () => {
    const { prompts, spoken } = library()
    const items = await prompts.resolve([{ say: 'Hello.' }, { audio: 'welcome' }, { say: 'Bye.' }], 'en')
    expect(items).toEqual([
      { file: '/speech/1.wav' },
      file('prompts/en/welcome.wav'),
      { file: '/speech/2.wav' },
    ])
    expect(spoken).toEqual(['en: Hello.', 'en: Bye.'])
  })

  test('an empty text is nothing', async () => {
    expect(await library().prompts.resolve([{ say: ' ' }], 'en')).toEqual([])
  })

  test('digits one by one with a gap between; what is not a key is passed over', async () => {
    expect(await library().prompts.resolve([{ digits: '40-7' }], 'en')).toEqual([
      file('prompts/en/digits/4.wav'),
      { silenceMs: 80 },
      file('prompts/en/digits/0.wav'),
      { silenceMs: 80 },
      file('prompts/en/digits/7.wav'),
    ])
  })

  test('a number from its pieces', async () => {
    expect(await library().prompts.resolve([{ number: 31_021 }], 'es')).toEqual(
      ['30', 'y', 'un', 'mil', '21'].map((piece) => file(`prompts/es/numbers/${piece}.wav`)),
    )
  })

  test('a length of time from its pieces', async () => {
    expect(await library().prompts.resolve([{ duration: 3600 + 21 * 60 }], 'es')).toEqual(
      ['durations/una', 'durations/hour', 'numbers/y', 'numbers/veintiun', 'durations/minutes'].map((piece) =>
        file(`prompts/es/${piece}.wav`),
      ),
    )
  })

  test('what has no pieces is spoken', async () => {
    const { prompts, spoken } = library()
    await prompts.resolve([{ number: 1_000_000 }, { duration: 360_000 }], 'en')
    await prompts.resolve([{ number: 7 }, { digits: '12' }, { duration: 3900 }], 'de')
    expect(spoken).toEqual(['en: 1000000', 'en: 360000 s', 'de: 7', 'de: 1 2', 'de: 1 Stunde, 5 Minuten'])
  })
})

test('music by name', () => {
  const { prompts } = library()
  expect(prompts.musicFile('hold')).toBe(join(media, 'music/hold.wav'))
  expect(() => prompts.musicFile('absent')).toThrow('there is no file for the music "absent"')
})

test('prerender speaks everything and returns what failed', async () => {
  const { prompts, spoken } = library()
  const failures = await prompts.prerender([
    { text: 'one', language: 'en' },
    { text: 'two', language: 'tlh' },
    { text: 'three', language: 'en' },
  ])
  expect(spoken).toEqual(['en: one', 'en: three'])
  expect(failures).toMatchObject([{ text: 'two', language: 'tlh', error: { code: 'SPEECH_FAILED' } }])
})
