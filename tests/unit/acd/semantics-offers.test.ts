import { describe, expect, test } from 'vitest'
import { ANYONE } from '../../../src/acd/requirement.ts'
import { FloorTalk, members, offerIn, ofType, rules, START } from './floor.ts'

/** Traps of other systems in offering, of which docs/semantics.md says that they are none here. */

describe('offers', () => {
  test('are made to several agents for several callers at the same time: nobody waits for the first to be done', () => {
    const floor = new FloorTalk(rules('billing'))
    for (const agent of ['ana', 'ben', 'cleo'])
      floor.say({ type: 'agent.known', agent, skills: { billing: 1 } })
    for (const contact of ['c1', 'c2', 'c3']) floor.queue(contact, 'billing')
    for (const agent of ['ana', 'ben', 'cleo']) floor.ready(agent, { billing: 1 })
    expect(floor.offers()).toEqual({ ana: 'c1', ben: 'c2', cleo: 'c3' })
  })

  test('last from when they are made: a phone that rings late, or says again that it rings, has no more time', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 1 })
    const { offer, expiresAt } = offerIn(floor.queue('c1', 'billing'))
    expect(expiresAt).toBe(START + 20_000)
    floor.now += 15_000
    floor.say({ type: 'offer.ringing', offer })
    floor.say({ type: 'offer.ringing', offer })
    expect(ofType(floor.pass(4_999), 'offer.ended')).toEqual([])
    expect(ofType(floor.pass(1), 'offer.ended')).toMatchObject([{ offer, outcome: 'no-answer' }])
  })

  test('of every kind that failed go on to the next agent at once, without a pause between tries', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 1 })
    floor.now += 1
    floor.ready('ben', { billing: 1 })
    const { offer } = offerIn(floor.queue('c1', 'billing'))
    expect(offerIn(floor.say({ type: 'offer.refused', offer, cause: 'rejected' }))).toMatchObject({
      agent: 'ben',
      contact: 'c1',
    })
  })

  test('that failed name each cause by its own word, and count one of them only as missed', () => {
    const causes = ['rejected', 'busy', 'no-answer', 'device-failed', 'backend-failed'] as const
    const told = causes.map((cause) => {
      const floor = new FloorTalk(rules('billing', { noAnswerLimit: 1 }))
      floor.ready('ana', { billing: 1 })
      const { offer } = offerIn(floor.queue('c1', 'billing'))
      const [ended] = ofType(floor.say({ type: 'offer.refused', offer, cause }), 'offer.ended')
      return [ended?.outcome, floor.view('ana').presence]
    })
    expect(told).toEqual([
      ['rejected', 'available'],
      ['busy', 'available'],
      ['no-answer', 'paused'],
      ['device-failed', 'available'],
      ['backend-failed', 'available'],
    ])
  })

  test('that nobody accepts leave no agent reserved: each ends with its lease, whatever else is lost', () => {
    const floor = new FloorTalk(rules('billing', { noAnswerLimit: 0 }))
    for (const agent of ['ana', 'ben', 'cleo']) floor.ready(agent, { billing: 1 })
    for (const contact of ['c1', 'c2', 'c3']) floor.queue(contact, 'billing')
    floor.say({ type: 'offer.ringing', offer: 'c2.2' })
    const ended = ofType(floor.pass(20_000), 'offer.ended')
    expect(ended.map(({ agent, outcome }) => `${agent} ${outcome}`)).toEqual([
      'ana rescinded',
      'ben no-answer',
      'cleo rescinded',
    ])
    expect(floor.view('ben').presence).toBe('available')
  })

  test('connect one agent only, also when two answer in the same moment', () => {
    const floor = new FloorTalk(rules('billing', { strategy: 'ring-all' }))
    floor.ready('ana', { billing: 1 })
    floor.ready('ben', { billing: 1 })
    const [first, second] = ofType(floor.queue('c1', 'billing'), 'offer.made')
    const taken = floor.say({ type: 'offer.accepted', offer: String(first?.offer) })
    expect(ofType(taken, 'contact.connected')).toHaveLength(1)
    expect(floor.say({ type: 'offer.accepted', offer: String(second?.offer) })).toEqual([])
    expect(floor.view(String(second?.agent)).slot).toBe('free')
  })
})

describe('idleness', () => {
  test('is the same in every queue: who has just talked for one is not the longest idle of another', () => {
    const both = { billing: 1, sales: 1 }
    const floor = new FloorTalk(rules('billing', { wrapUpMs: 0 }), rules('sales', { wrapUpMs: 0 }))
    floor.ready('ana', both)
    floor.now += 1_000
    floor.ready('ben', both)
    expect(floor.connect('c1', 'billing')).toBe('ana')
    floor.now += 60_000
    floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(offerIn(floor.queue('c2', 'sales')).agent).toBe('ben')
  })
})

describe('wrap-up', () => {
  test('of one agent keeps nobody else from the callers who wait', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 1 })
    floor.connect('c1', 'billing')
    floor.queue('c2', 'billing')
    floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(floor.view('ana').slot).toBe('wrapping')
    expect(offerIn(floor.ready('ben', { billing: 1 }))).toMatchObject({ agent: 'ben', contact: 'c2' })
  })

  test('is as long as that of the queue the caller came by, whichever others the agent serves', () => {
    const both = { billing: 1, sales: 1 }
    const floor = new FloorTalk(rules('billing', { wrapUpMs: 45_000 }), rules('sales', { wrapUpMs: 0 }))
    floor.ready('ana', both)
    floor.connect('c1', 'billing')
    const [wrapUp] = ofType(floor.say({ type: 'contact.ended', contact: 'c1' }), 'wrap-up.started')
    expect(wrapUp?.until).toBe(START + 45_000)
    expect(ofType(floor.queue('c2', 'sales'), 'offer.made')).toEqual([])
    expect(offerIn(floor.pass(45_000))).toMatchObject({ agent: 'ana', contact: 'c2' })
  })
})

test('a chat that waits is given out the moment that one of three in hand is over', () => {
  const floor = new FloorTalk()
  const queues = [rules('help', { members: members({ help: 1 }), wrapUpMs: 0, steps: [] })]
  floor.say({
    type: 'rules.configured',
    rules: { queues, teams: [], capacity: { slots: { voice: 1, chat: 3 }, while: {} } },
  })
  floor.ready('ana', { help: 1 })
  for (const contact of ['t1', 't2', 't3']) floor.connect(contact, 'help', { channel: 'chat' })
  expect(ofType(floor.queue('t4', 'help', { channel: 'chat', requirement: ANYONE }), 'offer.made')).toEqual(
    [],
  )
  expect(offerIn(floor.say({ type: 'contact.ended', contact: 't2' }))).toMatchObject({ contact: 't4' })
})
