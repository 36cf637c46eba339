import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RealClock } from '../../../src/clock/real-clock.ts'
import type { PromptTexts } from '../../../src/config/center-schema.ts'
import { type RenderResult, renderMedia } from '../../../src/speech/render-media.ts'
import { Speech } from '../../../src/speech/speech.ts'

let folder: string
let speech: Speech

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchroom-render-'))
  speech = new Speech({
    cacheFolder: join(folder, 'cache'),
    logger: pino({ level: 'silent' }),
    clock: new RealClock(),
  })
  await speech.start()
  // Somebody's own music: composing ours for every test would take seconds.
  mkdirSync(join(folder, 'media/music'), { recursive: true })
  writeFileSync(file('music/hold.wav'), 'own music')
})
afterEach(async () => {
  await speech.stop()
  rmSync(folder, { recursive: true })
})

const file = (name: string) => join(folder, 'media', name)

/** What happened to each file but the music. */
async function render(texts: PromptTexts): Promise<Record<string, RenderResult['what']>> {
  const results: RenderResult[] = []
  await renderMedia(join(folder, 'media'), texts, speech, (result) => results.push(result))
  return Object.fromEntries(
    results.filter(({ file: name }) => !name.startsWith('music')).map(({ file: name, what }) => [name, what]),
  )
}

const hello = 'prompts/de/hello.wav'
const bye = 'prompts/de/bye.wav'
// A language without pieces, and with a voice that is always there.
const texts = (prompts: PromptTexts['prompts']): PromptTexts => ({ voices: { de: 'kal' }, prompts })
const say = (text: string) => ({ de: { text, voice: 'slt' } })

test('renders what is missing or has changed, and nothing else', async () => {
  const first = await render(texts({ hello: say('Hello.'), bye: say('Goodbye.') }))
  expect(first).toEqual({ [hello]: 'rendered', [bye]: 'rendered', 'prompts/de/beep.wav': 'rendered' })

  const made = statSync(file(hello)).mtimeMs
  const second = await render(texts({ hello: say('Hello.'), bye: say('See you.') }))
  expect(second).toEqual({ [hello]: 'unchanged', [bye]: 'rendered', 'prompts/de/beep.wav': 'unchanged' })
  expect(statSync(file(hello)).mtimeMs).toBe(made)

  rmSync(file(hello))
  expect(await render(texts({ hello: say('Hello.'), bye: say('See you.') }))).toMatchObject({
    [hello]: 'rendered',
    [bye]: 'unchanged',
  })
})

test('another voice is a change', async () => {
  await render(texts({ hello: say('Hello.') }))
  expect(await render(texts({ hello: { de: 'Hello.' } }))).toMatchObject({ [hello]: 'rendered' })
})

test('keeps what a person has recorded, also when the text changes', async () => {
  await render(texts({ hello: say('Hello.'), bye: say('Goodbye.') }))
  writeFileSync(file(hello), 'recorded by a person')
  for (const text of ['Hello.', 'Good morning.']) {
    expect(await render(texts({ hello: say(text), bye: say('Goodbye.') }))).toMatchObject({ [hello]: 'kept' })
  }
  expect(readFileSync(file(hello), 'utf8')).toBe('recorded by a person')
})

test('removes its own file whose text is gone, never one that a person has recorded', async () => {
  await render(texts({ hello: say('Hello.'), bye: say('Goodbye.') }))
  writeFileSync(file(hello), 'recorded by a person')
  expect(await render(texts({}))).toMatchObject({ [bye]: 'removed' })
  expect(readFileSync(file(hello), 'utf8')).toBe('recorded by a person')
})

test('a text that cannot be rendered fails alone', async () => {
  const results = await render(texts({ hello: { de: { text: 'Hallo.', voice: 'xx' } }, bye: say('Bye.') }))
  expect(results).toMatchObject({ [hello]: 'failed', [bye]: 'rendered' })
})
