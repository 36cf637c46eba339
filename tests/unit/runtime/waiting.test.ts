import { describe, expect, test } from 'vitest'
import { ANYONE } from '../../../src/acd/requirement.ts'
import type { PromptPart } from '../../../src/flow/effects.ts'
import type { Prompts } from '../../../src/runtime/parts.ts'
import { answersAfter } from '../../../src/telephony/simulated/behaviours.ts'
import { Stage, type StageOptions, segmentsOf } from './stage.ts'

/** Every play lasts two seconds. */
const announcing = `line:
  type: queue
  queue: billing
  announce:
    first: 10s
    every: 20s
    position: { prompt: { number: "\${queue.position}" } }
    wait: { prompt: { duration: "\${queue.wait}" }, longer: { audio: longer } }
  overflowed: told
  callback: { key: "2", confirm: { digits: "\${queue.callback}" }, ask: { audio: ask }, refused: { audio: sorry } }
  next: bye
told: { type: play, prompt: { say: "\${queue.reason}" }, next: bye }
bye: { type: hangup }`

/** A stage on which every prompt that is looked for is written down. @param found lets it be found */
async function open(options: StageOptions, found: Promise<void> = Promise.resolve()) {
  const prompts: (readonly PromptPart[])[] = []
  const resolve: Prompts['resolve'] = async (parts) => {
    if (parts.length > 0) prompts.push(parts)
    await found
    return [{ silenceMs: 2000 }]
  }
  return { prompts, stage: await Stage.open({ flow: announcing, resolve, ...options }) }
}

describe('a caller in a queue', () => {
  test('whom the last step lets go goes on at the exit for that, with the reason', async () => {
    const { stage, prompts } = await open({
      rules: { steps: [{ who: ANYONE, forMs: 60_000 }], afterwards: { do: 'leave', to: 'exit' } },
    })
    await stage.call()
    await stage.pass(61_000)
    expect(prompts.at(-1)).toEqual([{ say: 'overflowed' }])
    await stage.pass(3000)
    expect(stage.last.path.map(({ node }) => node)).toEqual(['line', 'told', 'bye'])
    expect(segmentsOf(stage.last)).toEqual(['ivr queued', 'queue overflowed', 'ivr hung-up'])
  })

  test('is told the place only, until enough is known of the wait', async () => {
    const { stage, prompts } = await open({ wrapUpMs: 0 })
    await stage.agent('ana', answersAfter(10))
    for (let call = 0; call < 5; call++) {
      const caller = await stage.call()
      await stage.pass(30_000)
      caller.hangup()
      await stage.pass(10)
    }
    await stage.call()
    await stage.pass(100)
    await stage.call()
    await stage.pass(11_000)
    expect(prompts.at(-1)).toEqual([{ number: 1 }, { duration: 120 }])
    expect(prompts).toHaveLength(1)
  })

  test('who asks for a call back is refused, and waits on', async () => {
    const { stage, prompts } = await open({})
    const caller = await stage.call()
    await stage.pass(1000)
    caller.press('21')
    await stage.pass(100)
    expect(prompts).toEqual([[{ digits: '12025550123' }], [{ audio: 'sorry' }]])
    expect(stage.center.floor.contact(stage.contact)).toMatchObject({ state: 'waiting', position: 1 })
  })

  test('hears nothing of a prompt that is found when an agent has answered already', async () => {
    const found = Promise.withResolvers<void>()
    const { stage, prompts } = await open({}, found.promise)
    await stage.call()
    await stage.pass(11_000)
    expect(prompts).toHaveLength(1)
    await stage.agent('ana', answersAfter(10))
    await stage.pass(1000)
    expect(stage.commands.some(({ type }) => type === 'bridge')).toBe(true)
    found.resolve()
    await stage.pass(60_000)
    expect(stage.commands.some(({ type }) => type === 'play')).toBe(false)
    expect(stage.center.floor.contact(stage.contact)?.state).toBe('talking')
  })
})
