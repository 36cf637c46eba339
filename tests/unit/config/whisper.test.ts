import { expect, test } from 'vitest'
import { queuesSchema } from '../../../src/config/queue-schema.ts'
import { parseYaml } from '../../../src/config/yaml-file.ts'
import { whisperFor } from '../../../src/runtime/whisper.ts'

const read = (whisper: string) =>
  parseYaml(
    `queues: { billing: { name: Billing, members: { billing: 1 }, whisper: ${whisper} } }`,
    'queues.yaml',
    queuesSchema,
    'CENTER_INVALID',
  ).queues['billing']?.whisper

test('a queue says what its agents are told, by language', () => {
  const whisper = read(
    "{ en: [{ say: '{queue}, waited {minutes} minutes' }], es-MX: [{ audio: cobros }, { number: minutes }] }",
  )
  const facts = { queueName: 'Billing', waitedMs: 240_000 }
  expect(whisper && whisperFor(whisper, { ...facts, skills: { es: 5, en: 2 } })).toEqual({
    language: 'es-MX',
    parts: [{ audio: 'cobros' }, { number: 4 }],
  })
  expect(whisper && whisperFor(whisper, { ...facts, skills: {} })).toEqual({
    language: 'en',
    parts: [{ say: 'Billing, waited 4 minutes' }],
  })
})

test.each([
  ['a language that is none', '{ english: [{ say: hello }] }'],
  ['nothing to say', '{ en: [] }'],
  ['a part that nobody knows', '{ en: [{ shout: hello }] }'],
  ['a number that there is not', '{ en: [{ number: days }] }'],
])('%s is a fault', (_, whisper) => {
  expect(() => read(whisper)).toThrow(/whisper/)
})
