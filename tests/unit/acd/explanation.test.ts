import { describe, expect, test } from 'vitest'
import { allSkills } from '../../../src/acd/requirement.ts'
import { FloorTalk, members, namedFirst, offerIn, rules } from './floor.ts'

/** Agent -> verdict and reason, in the words that people read. */
function words({ why }: ReturnType<typeof offerIn>): Record<string, string> {
  return Object.fromEntries(
    why.candidates.map(({ agent, verdict, because }) => [agent, `${verdict}: ${because}`]),
  )
}

describe('the named agent', () => {
  test('is first while free, whoever has idled longer', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('ana', { billing: 5 })
    floor.pass(60_000)
    floor.ready('ben', { billing: 1 })
    const offer = offerIn(floor.queue('c1', 'billing', { named: 'ben' }))
    expect(offer.agent).toBe('ben')
    expect(offer.why).toMatchObject({ step: { number: 1, who: 'named agent' }, chosen: 'ben' })
    expect(words(offer)).toEqual({
      ben: 'chosen: the named agent, and free',
      ana: 'ranked-lower: free, but ben is the named agent',
    })
  })

  test('is passed over when busy: a peer with the same skills, never an idle agent without them', () => {
    const floor = new FloorTalk(rules('billing', { members: members({ billing: 2 }) }))
    floor.ready('idle-without', { billing: 1, es: 9 })
    floor.ready('no-language', { billing: 9 })
    floor.pass(60_000)
    floor.ready('owner', { billing: 5, es: 3 })
    floor.ready('peer', { billing: 2, es: 2 })
    floor.connect('c0', 'billing', { named: 'owner' })
    const offer = offerIn(floor.queue('c1', 'billing', { named: 'owner', requirement: allSkills({ es: 2 }) }))
    expect(offer.agent).toBe('peer')
    expect(offer.why).toMatchObject({
      step: { number: 2, who: 'peers with the required skills' },
      required: 'billing:2 and es:2',
      strategy: 'longest-idle',
    })
    expect(words(offer)).toEqual({
      peer: 'chosen: idle 0 s, the longest of those who are free',
      owner: 'rejected: talking',
      'idle-without': 'rejected: billing 1 is below 2',
      'no-language': 'rejected: no es',
    })
  })

  test('does not get what needs skills that they lack', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('owner', { billing: 5 })
    floor.ready('peer', { billing: 5, es: 1 })
    const offer = offerIn(floor.queue('c1', 'billing', { named: 'owner', requirement: allSkills({ es: 1 }) }))
    expect(words(offer)).toMatchObject({ owner: 'rejected: no es' })
    expect(offer.agent).toBe('peer')
  })

  test('who has refused is one of the peers from then on', () => {
    const floor = new FloorTalk(rules('billing', { backOffMs: { rejected: 0, noAnswer: 0, busy: 0 } }))
    floor.ready('owner', { billing: 5 })
    floor.ready('peer', { billing: 1 })
    const first = offerIn(floor.queue('c1', 'billing', { named: 'owner' }))
    const second = offerIn(floor.say({ type: 'offer.refused', offer: first.offer, cause: 'rejected' }))
    expect(second.agent).toBe('peer')
    expect(words(second)).toMatchObject({ owner: 'rejected: refused this contact' })
  })

  test('has no preference after the step’s time, which runs on while others are rung', () => {
    const floor = new FloorTalk(rules('billing', { steps: namedFirst(30_000), offerMs: 40_000 }))
    floor.ready('peer', { billing: 1 })
    floor.ready('other', { billing: 1 })
    floor.pass(60_000)
    floor.ready('owner', { billing: 5 })
    floor.connect('c0', 'billing', { named: 'owner' })
    const first = offerIn(floor.queue('c1', 'billing', { named: 'owner' }))
    expect(first.agent).toBe('peer')
    floor.pass(31_000)
    floor.say({ type: 'contact.ended', contact: 'c0' })
    floor.say({ type: 'wrap-up.finished', agent: 'owner', contact: 'c0' })
    const second = offerIn(floor.say({ type: 'offer.refused', offer: first.offer, cause: 'busy' }))
    expect(second).toMatchObject({ agent: 'other', why: { step: { number: 2 } } })
  })

  test('who comes free within the step’s time is first again', () => {
    const floor = new FloorTalk(rules('billing'))
    floor.ready('peer', { billing: 1 })
    floor.ready('other', { billing: 1 })
    floor.pass(60_000)
    floor.ready('owner', { billing: 5 })
    floor.connect('c0', 'billing', { named: 'owner' })
    const first = offerIn(floor.queue('c1', 'billing', { named: 'owner' }))
    floor.say({ type: 'contact.ended', contact: 'c0' })
    floor.say({ type: 'wrap-up.finished', agent: 'owner', contact: 'c0' })
    const second = offerIn(floor.say({ type: 'offer.refused', offer: first.offer, cause: 'busy' }))
    expect(second).toMatchObject({ agent: 'owner', why: { step: { number: 1 } } })
  })
})

describe('an explanation', () => {
  test('says of everybody why they did not get the contact', () => {
    const floor = new FloorTalk(rules('billing'))
    const everybody = ['ana', 'ben', 'cleo', 'dan', 'eva', 'finn', 'gus', 'hal']
    for (const agent of everybody) floor.ready(agent, { billing: 3 })
    floor.connect('talk', 'billing', { named: 'ana' })
    floor.queue('ring', 'billing', { named: 'ben' })
    floor.say({ type: 'agent.paused', agent: 'cleo', reason: 'lunch' })
    floor.say({ type: 'agent.signed-out', agent: 'dan' })
    floor.say({ type: 'device.unregistered', agent: 'eva' })
    const failed = offerIn(floor.queue('fault', 'billing', { named: 'finn' }))
    floor.say({ type: 'offer.refused', offer: failed.offer, cause: 'device-failed' })
    floor.say({ type: 'contact.left', contact: 'fault', reason: 'abandoned' })
    const refused = offerIn(floor.queue('refused', 'billing', { named: 'gus' }))
    floor.say({ type: 'contact.left', contact: 'refused', reason: 'abandoned' })
    const again = offerIn(floor.queue('again', 'billing', { named: 'gus' }))
    expect(refused.agent).toBe(again.agent)
    floor.pass(4_500)
    const offer = offerIn(floor.say({ type: 'offer.refused', offer: again.offer, cause: 'rejected' }))
    expect(words(offer)).toEqual({
      hal: 'chosen: idle 4 s, the longest of those who are free',
      ana: 'rejected: talking',
      ben: 'rejected: being offered another contact',
      cleo: 'rejected: paused: lunch',
      dan: 'rejected: logged out',
      eva: 'rejected: the phone is not registered',
      finn: 'rejected: the phone failed when it was last rung',
      gus: 'rejected: left alone for another 30 s after not taking an offer',
    })
    expect(offer.why).toMatchObject({ waitedMs: 4_500, headStartMs: 0, others: [] })
  })

  test('says when somebody is asked again because nobody else is free', () => {
    const floor = new FloorTalk(rules('billing', { backOffMs: { rejected: 0, noAnswer: 0, busy: 0 } }))
    floor.ready('ana', { billing: 3 })
    const first = offerIn(floor.queue('c1', 'billing'))
    const second = offerIn(floor.say({ type: 'offer.refused', offer: first.offer, cause: 'rejected' }))
    expect(words(second)['ana']).toContain('refused this contact, but nobody else is free')
  })

  test('of a large floor names the closest and counts the others', () => {
    const floor = new FloorTalk(rules('billing'))
    for (let number = 0; number < 300; number++) {
      floor.ready(`a${number}`, number % 3 === 0 ? { sales: 5 } : { billing: 1 + (number % 9) })
      floor.pass(10)
    }
    for (const agent of ['a1', 'a2', 'a4']) floor.say({ type: 'agent.paused', agent, reason: 'lunch' })
    const { why } = offerIn(floor.queue('c1', 'billing', { named: 'a4' }))
    expect(why.chosen).toBe('a5')
    const named = why.candidates.map((candidate) => candidate.agent)
    expect(named.join(' ')).toBe('a5 a7 a8 a10 a11 a13 a14 a16 a17 a19 a20 a4')
    expect(why.others).toEqual([
      { reason: 'ranked-lower', agents: 200 - 3 - 11 },
      { reason: 'paused', agents: 2 },
      { reason: 'lacks-skills', agents: 100 },
    ])
  })
})
