import { describe, expect, test } from 'vitest'
import type { CallbackRules } from '../../../src/acd/contract.ts'
import { answersAfter, refusesAfter } from '../../../src/telephony/simulated/behaviours.ts'
import { CALLER, Stage, type StageOptions, segmentsOf } from './stage.ts'

const flowWith = (mode: string): string => `line:
  type: queue
  queue: billing
  music: hold
  callback: { key: "2", mode: ${mode}, confirm: { digits: "\${queue.callback}" }, ask: { audio: ask }, refused: { audio: sorry } }
  next: bye
bye: { type: hangup }`

const callback: CallbackRules = { attempts: 2, retryMs: 60_000, keepMs: 3_600_000, ringMs: 20_000, atOnce: 1 }

/** A caller who has asked to be called back, and is gone. */
async function asked(mode: 'agent-first' | 'customer-first', options: StageOptions = {}): Promise<Stage> {
  const stage = await Stage.open({ flow: flowWith(mode), rules: { callback }, ...options })
  stage.telephony.trunk('provider', 'up')
  stage.telephony.subscriber(CALLER)
  const caller = await stage.call()
  await stage.pass(1000)
  caller.press('21')
  await stage.pass(3000)
  return stage
}

describe('a caller who asks to be called back', () => {
  test('is let go, and the record says so; the callback is a contact in the old place', async () => {
    const stage = await asked('agent-first')
    expect(stage.last).toMatchObject({ outcome: 'callback', path: [{ node: 'line' }] })
    const [contact] = stage.center.floor.contacts()
    expect(contact).toMatchObject({
      state: 'waiting',
      queue: 'billing',
      position: 1,
      from: { number: CALLER },
    })
    expect(stage.last.data['callback']).toBe(contact?.id)
  })

  test('agent first: the agent answers, then the customer is called, and they talk', async () => {
    const stage = await asked('agent-first', { wrapUpMs: 0 })
    await stage.agent('ana', answersAfter(500))
    await stage.pass(1000)
    const customer = stage.dialled()
    expect(stage.commands.findLast(({ type }) => type === 'dial')).toMatchObject({
      target: { number: CALLER, trunks: ['gone', 'provider'] },
      ringMs: 20_000,
    })
    customer.answer()
    await stage.pass(100)
    expect(stage.center.floor.contact(stage.contact)).toMatchObject({ state: 'talking', agent: 'ana' })
    customer.hangup()
    await stage.pass(1000)
    expect(stage.last).toMatchObject({ outcome: 'handled' })
    expect(segmentsOf(stage.last)).toContain('talk caller-hung-up')
    expect(stage.center.sizes()).toEqual({ legs: 0, contacts: 0, offers: 0, wrapUps: 0 })
    expect(stage.center.floor.agent('ana')).toMatchObject({ slot: 'free' })
  })

  test('agent first: who is not reached is called again later, and given up after the last attempt', async () => {
    const stage = await asked('agent-first')
    await stage.agent('ana', answersAfter(500))
    await stage.pass(1000)
    stage.dialled().refuse('busy')
    await stage.pass(100)
    expect(stage.center.floor.agent('ana')).toMatchObject({ slot: 'free', presence: 'available' })
    expect(stage.center.floor.contacts()).toMatchObject([{ state: 'waiting', position: 1 }])
    await stage.pass(62_000)
    stage.dialled().refuse('busy')
    await stage.pass(1000)
    expect(stage.last).toMatchObject({ outcome: 'not-reached' })
    expect(stage.center.sizes()).toEqual({ legs: 0, contacts: 0, offers: 0, wrapUps: 0 })
  })

  test('customer first: the customer is called when an agent is free, and connected at once', async () => {
    const stage = await asked('customer-first', { wrapUpMs: 0 })
    await stage.agent('ana', answersAfter(500))
    await stage.pass(100)
    const customer = stage.dialled()
    expect(stage.center.floor.agent('ana')?.slot).toBe('free')
    customer.answer()
    await stage.pass(1500)
    expect(stage.center.floor.contact(stage.contact)).toMatchObject({ state: 'talking', agent: 'ana' })
    stage.dialled().hangup()
    await stage.pass(1000)
    expect(stage.last.outcome).toBe('handled')
    expect(stage.center.sizes()).toEqual({ legs: 0, contacts: 0, offers: 0, wrapUps: 0 })
  })

  test('and calls again has the place; the callback is over', async () => {
    const stage = await asked('agent-first')
    await stage.call()
    await stage.pass(100)
    expect(stage.last.segments.at(-1)?.result).toBe('called-again')
    expect(stage.center.floor.contacts()).toHaveLength(1)
    expect(stage.center.floor.contacts()[0]).toMatchObject({ position: 1 })
  })

  test('the agent who hangs up while the customer is called leaves it to another', async () => {
    const stage = await asked('agent-first')
    await stage.agent('ana', answersAfter(500))
    await stage.pass(600)
    const dials = stage.commands.filter(({ type }) => type === 'dial')
    const agent = stage.telephony.party(dials.at(-2)?.call ?? '')
    agent?.hangup()
    await stage.pass(100)
    expect(stage.center.floor.contacts()).toMatchObject([{ state: 'waiting' }])
    await stage.agent('ben', refusesAfter(500, 'busy'))
    expect(stage.center.floor.contacts()).toMatchObject([{ state: 'offered', agent: 'ben' }])
  })

  test('whose number nobody can call is asked for another; where the queue calls nobody back, waits on', async () => {
    const stage = await Stage.open({ flow: flowWith('agent-first') })
    const caller = await stage.call()
    await stage.pass(1000)
    caller.press('21')
    await stage.pass(3000)
    expect(stage.center.floor.contacts()).toMatchObject([{ state: 'waiting', position: 1 }])
  })

  test('does not keep a server that stops', async () => {
    const stage = await asked('agent-first')
    await stage.center.drain(5000)
    expect(stage.last.outcome).toBe('not-reached')
  })
})

test('a queue that is closed by its calendar lets nobody in, and the flow goes on', async () => {
  const stage = await Stage.open({
    flow: `line: { type: queue, queue: billing, closed: sorry, next: bye }
sorry: { type: hangup }
bye: { type: hangup }`,
    hours: { calendar: 'office', callbacks: 'office' },
    calendars: () => 'closed',
  })
  await stage.call()
  await stage.pass(1000)
  expect(stage.last.path.map(({ node }) => node)).toEqual(['line', 'sorry'])
})
