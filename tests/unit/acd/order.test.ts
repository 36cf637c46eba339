import { describe, expect, test } from 'vitest'
import { allSkills } from '../../../src/acd/requirement.ts'
import { ONE_CALL } from '../../../src/acd/rules.ts'
import { FloorTalk, members, offerIn, ofType, rules } from './floor.ts'

describe('the order of service', () => {
  test('is joined time minus head start, then arrival', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 3 } })
    floor.queue('first', 'billing')
    floor.queue('same-moment', 'billing')
    floor.pass(30_000)
    floor.queue('head-start', 'billing', { priority: 2 })
    floor.pass(31_000)
    floor.queue('too-late', 'billing', { priority: 2 })
    floor.pass(1_000)
    floor.queue('key-customer', 'billing', { priority: 1 })
    expect(floor.line('billing')).toEqual(['key-customer', 'head-start', 'first', 'same-moment', 'too-late'])
    expect(floor.engine.contact('first')).toMatchObject({ position: 3 })
  })

  test('is the same over all queues that a free agent serves', () => {
    const floor = new FloorTalk(rules('billing'), rules('support'), rules('sales'))
    floor.say({ type: 'agent.known', agent: 'ben', skills: { billing: 3, support: 3, sales: 3 } })
    floor.queue('s1', 'support')
    floor.pass(1_000)
    floor.queue('x1', 'sales')
    floor.pass(1_000)
    floor.queue('b1', 'billing', { priority: 2 })
    expect(offerIn(floor.ready('ana', { billing: 1, support: 1 }))).toMatchObject({ contact: 'b1' })
    expect(offerIn(floor.ready('cleo', { sales: 1, support: 1 }))).toMatchObject({ contact: 's1' })
  })

  test('a contact that cannot be served yet does not hold up the one behind it', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.say({ type: 'agent.known', agent: 'es', skills: { billing: 3, es: 3 } })
    floor.queue('spanish', 'billing', { requirement: allSkills({ es: 2 }) })
    floor.queue('english', 'billing')
    expect(offerIn(floor.ready('ana', { billing: 3 }))).toMatchObject({ contact: 'english' })
  })

  test('a place survives new rules; who may serve follows them', () => {
    const floor = new FloorTalk(rules('billing', { members: members({ billing: 5 }) }))
    floor.say({ type: 'agent.known', agent: 'expert', skills: { billing: 9 } })
    floor.ready('ana', { billing: 3 })
    floor.queue('c1', 'billing', { priority: 2 })
    floor.pass(1_000)
    floor.queue('c2', 'billing')
    expect(floor.offers()).toEqual({})
    const effects = floor.configure(rules('billing', { headStartMs: {} }))
    expect(offerIn(effects)).toMatchObject({ contact: 'c1', agent: 'ana' })
    expect(floor.line('billing')).toEqual(['c1', 'c2'])
  })

  test('the contacts of a queue that is gone are still served; nobody new gets in', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 3 } })
    floor.queue('c1', 'billing')
    floor.configure(rules('sales'))
    expect(floor.queue('c2', 'billing')).toEqual([
      { type: 'contact.unserved', contact: 'c2', queue: 'billing', reason: 'unknown-queue' },
    ])
    expect(floor.engine.queues(floor.now).map((queue) => queue.queue)).toEqual(['billing', 'sales'])
    expect(offerIn(floor.ready('ana', { billing: 3 }))).toMatchObject({ contact: 'c1' })
  })
})

describe('a contact that nobody who is known could ever serve', () => {
  test('is told so when it joins', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 3 })
    expect(floor.queue('c1', 'billing', { requirement: allSkills({ fr: 1 }) })).toEqual([
      { type: 'contact.unserved', contact: 'c1', queue: 'billing', reason: 'nobody-qualified' },
    ])
    expect(floor.engine.contacts()).toEqual([])
  })

  test('waits for somebody who is merely signed out', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 3 } })
    expect(floor.queue('c1', 'billing')).toEqual([])
    expect(floor.engine.contact('c1')).toMatchObject({ state: 'waiting', position: 1 })
  })

  test.each([
    { type: 'agent.forgotten', agent: 'ana' },
    { type: 'agent.known', agent: 'ana', skills: { sales: 3 } },
    {
      type: 'rules.configured',
      rules: {
        queues: [rules('billing', { members: members({ billing: 9 }) })],
        teams: [],
        capacity: ONE_CALL,
      },
    },
  ] as const)('is told so when the last who could is lost: $type', (input) => {
    const floor = new FloorTalk(rules('billing'))
    floor.say({ type: 'agent.known', agent: 'ana', skills: { billing: 3 } })
    floor.queue('c1', 'billing')
    expect(ofType(floor.say(input), 'contact.unserved')).toMatchObject([{ contact: 'c1' }])
  })
})

describe('the figures of a queue', () => {
  test('count waiting and offered contacts, and members by what they do', () => {
    const floor = new FloorTalk(rules('billing'), rules('sales'))
    for (const agent of ['ana', 'ben', 'cleo', 'dan']) floor.ready(agent, { billing: 3 })
    floor.say({ type: 'agent.known', agent: 'eva', skills: { billing: 3 } })
    floor.ready('outsider', { sales: 3 })
    floor.connect('c1', 'billing')
    floor.say({ type: 'agent.paused', agent: 'cleo', reason: 'lunch' })
    floor.say({ type: 'device.unregistered', agent: 'dan' })
    floor.queue('c2', 'billing')
    floor.pass(5_000)
    floor.queue('c3', 'billing')
    const [billing, sales] = floor.engine.queues(floor.now)
    expect(billing).toEqual({
      queue: 'billing',
      waiting: 2,
      longestWaitMs: 5_000,
      agents: { free: 0, busy: 2, paused: 1, unreachable: 1 },
    })
    expect(sales).toMatchObject({ waiting: 0, longestWaitMs: 0, agents: { free: 1 } })
  })
})
