import { describe, expect, test } from 'vitest'
import type { CapacityRules, RoutingRules } from '../../../src/acd/contract.ts'
import { Engine } from '../../../src/acd/engine.ts'
import { ANYONE } from '../../../src/acd/requirement.ts'
import { ONE_CALL } from '../../../src/acd/rules.ts'
import { FloorTalk, members, offerIn, ofType, rules } from './floor.ts'

function floorWith(changes: Partial<RoutingRules>): FloorTalk {
  const floor = new FloorTalk()
  const queues = [rules('billing', { members: members({}), steps: [] })]
  floor.say({ type: 'rules.configured', rules: { queues, teams: [], capacity: ONE_CALL, ...changes } })
  return floor
}

describe('a team', () => {
  const desk = { id: 'vip-desk', agents: ['ana'], who: { skill: 'billing', atLeast: 5 } }

  test('has those who are listed and those who can do what it asks', () => {
    const floor = floorWith({ teams: [desk] })
    for (const [agent, skills] of [
      ['other', {}],
      ['ana', {}],
      ['expert', { billing: 5 }],
    ] as const) {
      floor.ready(agent, skills)
    }
    const requirement = { team: 'vip-desk' }
    const asked = ['c1', 'c2'].map(
      (contact) => offerIn(floor.queue(contact, 'billing', { requirement })).agent,
    )
    expect(asked).toEqual(['ana', 'expert'])
    floor.queue('c3', 'billing', { requirement })
    expect(floor.engine.whyWaiting('c3', floor.now)?.candidates).toContainEqual({
      agent: 'other',
      verdict: 'rejected',
      reason: 'lacks-skills',
      because: 'not in team vip-desk',
    })
  })

  test('follows the rules and the skills of its people', () => {
    const floor = floorWith({ teams: [] })
    floor.ready('ana', {})
    floor.say({ type: 'agent.known', agent: 'hope', skills: { billing: 9 } })
    const requirement = { any: [{ team: 'vip-desk' }, { skill: 'billing', atLeast: 9 }] }
    expect(ofType(floor.queue('c1', 'billing', { requirement }), 'offer.made')).toEqual([])
    const queues = [rules('billing', { members: members({}), steps: [] })]
    const effects = floor.say({
      type: 'rules.configured',
      hash: 'abc',
      rules: { queues, teams: [desk], capacity: ONE_CALL },
    })
    expect(offerIn(effects)).toMatchObject({ contact: 'c1', agent: 'ana' })
    expect(floor.engine.rulesHash()).toBe('abc')
  })
})

describe('capacity', () => {
  const capacity: CapacityRules = { slots: { voice: 1, chat: 2 }, while: { voice: { chat: 1 } } }
  const chat = { channel: 'chat', requirement: ANYONE }

  test('is per channel: two chats and a call at a time, and no third chat', () => {
    const floor = floorWith({ capacity: { ...capacity, while: {} } })
    floor.ready('ana', {})
    for (const contact of ['m1', 'm2']) floor.connect(contact, 'billing', chat)
    expect(ofType(floor.queue('m3', 'billing', chat), 'offer.made')).toEqual([])
    expect(floor.connect('c1', 'billing')).toBe('ana')
    expect(floor.view('ana')).toMatchObject({
      slot: 'connected',
      work: [
        { contact: 'm1', channel: 'chat', slot: 'connected' },
        { contact: 'm2', channel: 'chat', slot: 'connected' },
        { contact: 'c1', channel: 'voice', slot: 'connected' },
      ],
    })
    floor.say({ type: 'contact.ended', contact: 'm1' })
    const effects = floor.say({ type: 'wrap-up.finished', agent: 'ana', contact: 'm1' })
    expect(offerIn(effects)).toMatchObject({ contact: 'm3', agent: 'ana' })
  })

  test('of one channel may depend on another', () => {
    const floor = floorWith({ capacity })
    floor.ready('ana', {})
    floor.connect('c1', 'billing')
    floor.connect('m1', 'billing', chat)
    expect(ofType(floor.queue('m2', 'billing', chat), 'offer.made')).toEqual([])
    const [candidate] = floor.engine.whyWaiting('m2', floor.now)?.candidates ?? []
    expect(candidate).toMatchObject({ agent: 'ana', reason: 'at-capacity' })
    floor.say({ type: 'contact.ended', contact: 'c1' })
    const effects = floor.say({ type: 'wrap-up.finished', agent: 'ana', contact: 'c1' })
    expect(offerIn(effects)).toMatchObject({ contact: 'm2' })
  })

  test('may be a person’s own; somebody without any of a channel can never have it', () => {
    const floor = floorWith({ capacity })
    floor.ready('ana', {})
    floor.say({ type: 'agent.known', agent: 'ana', skills: {}, capacity: { slots: { voice: 1 }, while: {} } })
    expect(ofType(floor.queue('m1', 'billing', chat), 'contact.unserved')).toMatchObject([{ contact: 'm1' }])
    expect(floor.connect('c1', 'billing')).toBe('ana')
  })

  test('gives the next to whoever has less in hand', () => {
    const floor = floorWith({ capacity })
    floor.ready('ana', {})
    floor.pass(60_000)
    floor.ready('ben', {})
    const given = ['m1', 'm2', 'm3', 'm4'].map((contact) => floor.connect(contact, 'billing', chat))
    expect(given).toEqual(['ana', 'ben', 'ana', 'ben'])
  })

  test('no phone is needed for what does not ring one', () => {
    const floor = floorWith({ capacity })
    floor.ready('ana', {})
    floor.say({ type: 'device.unregistered', agent: 'ana' })
    expect(offerIn(floor.queue('m1', 'billing', chat))).toMatchObject({ agent: 'ana' })
    floor.say({ type: 'device.ok', agent: 'ana' })
    const { offer } = offerIn(floor.queue('c1', 'billing'))
    floor.say({ type: 'device.unregistered', agent: 'ana' })
    expect(floor.engine.contact('m1'), 'the chat goes on').toMatchObject({ state: 'offered' })
    expect(floor.say({ type: 'offer.accepted', offer })).toEqual([])
  })

  test('the same contact talked with twice is wrapped up once', () => {
    const floor = floorWith({ capacity: { slots: { voice: 2 }, while: {} } })
    floor.ready('ana', {})
    floor.connect('c1', 'billing')
    floor.say({ type: 'contact.ended', contact: 'c1' })
    floor.connect('c1', 'billing')
    const effects = floor.say({ type: 'contact.ended', contact: 'c1' })
    expect(ofType(effects, 'wrap-up.ended')).toHaveLength(1)
    expect(ofType(effects, 'wrap-up.started')).toHaveLength(1)
    floor.say({ type: 'wrap-up.finished', agent: 'ana', contact: 'c1' })
    expect(floor.view('ana')).toMatchObject({ slot: 'free' })
    expect(floor.engine.timers()).toEqual([])
  })

  test('a pause waits for the last of several contacts, and nothing new comes meanwhile', () => {
    const floor = floorWith({ capacity: { ...capacity, while: {} } })
    floor.ready('ana', {})
    for (const contact of ['m1', 'c1']) {
      floor.connect(contact, 'billing', contact === 'm1' ? chat : {})
    }
    floor.say({ type: 'agent.paused', agent: 'ana', reason: 'lunch' })
    expect(ofType(floor.queue('m2', 'billing', chat), 'offer.made')).toEqual([])
    for (const contact of ['m1', 'c1']) {
      floor.say({ type: 'contact.ended', contact })
      floor.say({ type: 'wrap-up.finished', agent: 'ana', contact })
    }
    expect(floor.view('ana')).toMatchObject({ presence: 'paused', reason: 'lunch', slot: 'free' })
  })
})

test('an engine restored in the middle of steps, rings and chats goes on as the other', () => {
  const queues = [
    rules('billing', {
      members: [
        { who: { skill: 'billing', atLeast: 5 }, preference: 1, delayMs: 0 },
        { who: ANYONE, preference: 2, delayMs: 15_000 },
      ],
      strategy: 'ring-all',
      steps: [
        { who: { skill: 'billing', atLeast: 9 }, forMs: 10_000, boostMs: 1_000 },
        { who: ANYONE, forMs: 20_000, boostMs: 5_000 },
      ],
      afterwards: { do: 'overflow', queue: 'sales' },
    }),
    rules('sales', { strategy: 'round-robin' }),
  ]
  const floor = new FloorTalk(...queues)
  for (const [agent, level] of [
    ['ana', 9],
    ['ben', 5],
    ['cleo', 1],
  ] as const) {
    floor.ready(agent, { billing: level, sales: 1 })
  }
  for (const contact of ['c1', 'c2', 'c3']) {
    floor.queue(contact, 'billing', { named: 'ben' })
    floor.pass(4_000)
  }
  const twin = Engine.restore(JSON.parse(JSON.stringify(floor.engine.snapshot())))
  expect(twin.contacts()).toEqual(floor.engine.contacts())
  for (let round = 0; round < 40; round++) {
    floor.now += 2_000
    const [timer] = floor.engine.timers().sort((one, other) => one.at - other.at)
    if (!timer || timer.at > floor.now) continue
    const input = { type: 'timer', timer: timer.timer } as const
    expect(twin.handle(input, floor.now)).toEqual(floor.engine.handle(input, floor.now))
  }
  expect(twin.snapshot()).toEqual(floor.engine.snapshot())
})
