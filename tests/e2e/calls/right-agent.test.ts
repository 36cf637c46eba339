/** Who gets the call: the agent that the customer's record names, then a peer with the same skills, nobody else. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Explanation, QueueList } from '../../../src/api/contract/index.ts'
import { describeBackends } from '../../support/backends.ts'
import { type AgentAtDesk, CallCenter } from '../../support/call-center.ts'
import { type QuickCenter, quickCenter } from '../../support/quick-center.ts'
import { until } from '../../support/until.ts'

/** Harbour Dental's calls are Alice's (billing 8, en 9). Bob (billing 5, en 10) is a peer, Dave has no billing. */
const HARBOUR_DENTAL = '+12025550142'
const JUNE_PARKER = '+12025550117'

describeBackends((backend) => {
  let files: QuickCenter
  let center: CallCenter
  beforeAll(async () => {
    files = await quickCenter()
    center = await CallCenter.open({ backend, center: files.path })
  })
  afterAll(async () => {
    await center.close()
    await files.remove()
  })
  afterEach(() => center.clear())

  async function callBilling(from: string): Promise<void> {
    const call = await center.call(from, '100')
    await call.press('1')
  }

  async function explained(agent: AgentAtDesk, offer: string): Promise<Explanation> {
    return agent.desk.ask<Explanation>('GET', `offers/${offer}/why`)
  }

  const freeInBilling = async (): Promise<number | undefined> => {
    const { queues } = await (await center.watcher()).ask<QueueList>('GET', 'queues')
    return queues.find(({ id }) => id === 'billing')?.agents.free
  }

  describe('a caller whose record names an agent', () => {
    it('gets that agent, though a peer with the same skills has been idle for longer', async () => {
      const [bob, dave, alice] = [
        await center.agent('bob'),
        await center.agent('dave'),
        await center.agent('alice'),
      ]
      for (const agent of [bob, dave, alice]) await agent.available()
      await callBilling(HARBOUR_DENTAL)
      const phone = await alice.answers()
      const { pop } = await alice.events.next('offer.made')
      expect(pop).toMatchObject({ namedAgent: { id: 'alice' }, customerId: 'harbour-dental', priority: 1 })
      expect(phone.headers['x-switchroom-contact']).toBe(pop.contact)
      const why = await explained(alice, pop.offer)
      expect(why).toMatchObject({ chosen: 'alice', step: { number: 1, who: 'named agent' } })
      expect(why.candidates.map(({ agent, verdict }) => `${agent} ${verdict}`)).toEqual([
        'alice chosen',
        'bob ranked-lower',
        'carol rejected',
        'dave rejected',
      ])
      expect(why.candidates).toContainEqual(
        expect.objectContaining({ agent: 'dave', reason: 'lacks-skills' }),
      )
    })

    it('gets a peer while that agent talks, and waits rather than be given to somebody idle without the skills', async () => {
      const [alice, dave, bob] = [
        await center.agent('alice'),
        await center.agent('dave'),
        await center.agent('bob'),
      ]
      await alice.available()
      await callBilling(JUNE_PARKER)
      await alice.answers()
      await dave.available()
      await callBilling(HARBOUR_DENTAL)
      await until('the caller to wait', async () =>
        (await center.contacts()).some(({ state, queue }) => state === 'waiting' && queue === 'billing'),
      )
      expect(await freeInBilling()).toBe(0)
      expect(await dave.state()).toMatchObject({ presence: 'available', slot: 'free', device: 'ok' })

      await bob.available()
      await bob.answers()
      const { pop } = await bob.events.next('offer.made')
      expect(pop).toMatchObject({ customerId: 'harbour-dental', namedAgent: { id: 'alice' } })
      const why = await explained(bob, pop.offer)
      expect(why).toMatchObject({
        chosen: 'bob',
        step: { number: 2, who: 'peers with the required skills' },
        required: 'billing and en',
      })
      expect(why.candidates[0]).toMatchObject({ agent: 'bob', verdict: 'chosen' })
      expect(why.candidates).toContainEqual(
        expect.objectContaining({ agent: 'alice', verdict: 'rejected', reason: 'talking' }),
      )
      expect(why.candidates).toContainEqual(
        expect.objectContaining({ agent: 'dave', verdict: 'rejected', reason: 'lacks-skills' }),
      )
      expect(dave.events.all.filter(({ type }) => type === 'offer.made')).toEqual([])
      expect(await dave.state()).toMatchObject({ slot: 'free' })
    })
  })
})
