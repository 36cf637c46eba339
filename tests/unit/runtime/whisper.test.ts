import { describe, expect, test } from 'vitest'
import type { CallCommand } from '../../../src/call/commands.ts'
import type { PromptPart } from '../../../src/flow/effects.ts'
import { whisperFor } from '../../../src/runtime/whisper.ts'
import { answersAfter, ringsOn } from '../../../src/telephony/simulated/behaviours.ts'
import { Stage } from './stage.ts'

const WHISPER = {
  en: [{ say: '{queue}, waited {minutes} minutes' }],
  es: [{ audio: 'facturas' }, { number: 'seconds' }],
} as const

function whispers({ commands }: Stage): Extract<CallCommand, { type: 'whisper' }>[] {
  return commands.filter((command) => command.type === 'whisper')
}

describe('what is whispered', () => {
  const facts = { queueName: 'Billing', waitedMs: 229_000 }

  test('is said in the language that the agent holds best, else in its first', () => {
    expect(whisperFor(WHISPER, { ...facts, skills: { en: 10, es: 3 } })).toEqual({
      language: 'en',
      parts: [{ say: 'Billing, waited 4 minutes' }],
    })
    expect(whisperFor(WHISPER, { ...facts, skills: { billing: 9, es: 1 } })).toEqual({
      language: 'es',
      parts: [{ audio: 'facturas' }, { number: 229 }],
    })
    expect(whisperFor(WHISPER, { ...facts, skills: {} }).language).toBe('en')
    expect(whisperFor({}, { ...facts, skills: {} }).parts).toEqual([])
  })
})

describe('a whisper', () => {
  const resolve = async (parts: readonly PromptPart[]) => parts.map((_part, at) => ({ silenceMs: 500 + at }))

  test('comes over the bridge, which does not wait for it', async () => {
    const said = Promise.withResolvers<readonly { silenceMs: number }[]>()
    const stage = await Stage.open({ whisper: WHISPER, resolve: () => said.promise })
    await stage.agent('ana', answersAfter(1000))
    const caller = await stage.call()
    await stage.pass(1100)
    const phone = stage.dialled()
    expect(caller.heard.at(-1)).toMatchObject({ what: 'party', call: phone.call })
    expect(whispers(stage)).toEqual([])
    said.resolve([{ silenceMs: 700 }])
    await stage.pass(10)
    expect(whispers(stage)).toMatchObject([
      { call: phone.call, items: [{ silenceMs: 700 }, { silenceMs: 700 }] },
    ])
    expect(phone.whispered).not.toEqual([])
    expect(caller.whispered).toEqual([])
    expect(phone.heard.at(-1)).toMatchObject({ what: 'party', call: caller.call })
  })

  test('is nothing where the queue says nothing and the phone has rung', async () => {
    const stage = await Stage.open({ resolve })
    await stage.agent('ana', answersAfter(1000))
    await stage.call()
    await stage.pass(2000)
    expect(whispers(stage)).toEqual([])
  })

  test('begins with a tone for whom no phone has rung, also where the words cannot be said', async () => {
    const stage = await Stage.open({
      whisper: WHISPER,
      phones: { ana: { autoAnswer: true } },
      resolve: async (parts) => {
        if (parts.some((part) => 'say' in part)) throw new Error('no voice')
        return resolve(parts)
      },
    })
    await stage.agent('ana', answersAfter(0))
    await stage.call()
    await stage.pass(1000)
    expect(whispers(stage)).toMatchObject([{ items: [{ silenceMs: 500 }] }])
  })

  test('is not said to an agent who did not take the contact', async () => {
    const stage = await Stage.open({ whisper: WHISPER, resolve })
    await stage.agent('ana', ringsOn)
    const caller = await stage.call()
    await stage.pass(1000)
    caller.hangup()
    await stage.pass(1000)
    expect(whispers(stage)).toEqual([])
  })
})

describe('auto-answer', () => {
  test('asks the phone to answer at once, and only where it is on', async () => {
    const stage = await Stage.open({ phones: { ana: { autoAnswer: true } }, agents: ['ana'] })
    await stage.agent('ana', ringsOn)
    await stage.call()
    await stage.pass(10)
    expect(stage.dialled().headers).toMatchObject({
      'Answer-Mode': 'Auto',
      'Call-Info': expect.stringContaining(';answer-after=0'),
      'Alert-Info': expect.stringContaining('info=alert-autoanswer'),
      'x-switchroom-queue': 'billing',
    })
    const other = await Stage.open({ agents: ['ana'] })
    await other.agent('ana', ringsOn)
    await other.call()
    expect(Object.keys(other.dialled().headers)).toEqual(['x-switchroom-contact', 'x-switchroom-queue'])
  })
})

describe('the gap from answer to audio', () => {
  test('is in the record of the talk and told with the connection', async () => {
    const stage = await Stage.open({ wrapUpMs: 0 })
    await stage.agent('ana', answersAfter(500))
    const caller = await stage.call()
    await stage.pass(1000)
    caller.hangup()
    await stage.pass(10)
    const talk = stage.last.segments.find(({ kind }) => kind === 'talk')
    expect(talk?.gapMs).toBeGreaterThanOrEqual(0)
    expect(stage.events.find(({ type }) => type === 'contact.connected')).toMatchObject({
      gapMs: talk?.gapMs,
    })
    expect(stage.last.segments.filter(({ gapMs }) => gapMs !== undefined)).toHaveLength(1)
  })
})
