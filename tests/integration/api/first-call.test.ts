import { expect, onTestFinished, test } from 'vitest'
import type { LiveMessage } from '../../../src/api/contract/index.ts'
import { SimulatedCenter } from '../../support/simulated-center.ts'
import { listenByWebSocket } from './event-reader.ts'

test('a desk takes its agent through a call: pop, ring, talk, wrap-up, history', async () => {
  // The phone waits for the desk for so long that it is the acknowledgement that makes it ring.
  const center = await SimulatedCenter.open(['desk.popLead=5000'])
  onTestFinished(() => center.close())
  const { http } = center.app
  const request = async (method: string, path: string, token?: string, body?: object) => {
    const answer = await fetch(http + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
  }
  const { token } = (
    await request('POST', '/v1/session', undefined, { username: 'alice', password: 'fernhill' })
  ).body
  const desk = listenByWebSocket(http, { token })
  await desk.inbox.next('snapshot')
  let rung = 0
  center.telephony.register('alice', (party) => {
    rung += 1
    party.answer()
  })
  const available = await request('POST', '/v1/agents/me/available', token)
  expect(available.body.agent).toMatchObject({ presence: 'available', slot: 'free' })
  await center.until('the phone', () => center.app.center.floor.agent('alice')?.device === 'ok')

  const caller = center.call('100', '+12025550142')
  await center.until('the menu', () => center.app.center.floor.contacts().at(-1)?.node === 'menu')
  // The record has been asked for since the caller was known; the database answers in order.
  await request('GET', '/v1/customers/harbour-dental/timeline', token)
  caller.press('1')
  const said = <Type extends LiveMessage['type']>(type: Type) =>
    center.until(type, () =>
      desk.inbox.all.find((one): one is Extract<LiveMessage, { type: Type }> => one.type === type),
    )
  const { pop } = await said('offer.made')
  expect(pop).toMatchObject({
    agent: 'alice',
    queue: { id: 'billing', name: 'Billing' },
    from: { number: '+12025550142' },
    to: { number: '100' },
    customerId: 'harbour-dental',
    customers: [{ id: 'harbour-dental', name: 'Harbour Dental Group', tier: 'key', owner: 'alice' }],
    history: [
      { outcome: 'handled', agent: { id: 'alice', name: 'Alice Moreno' }, disposition: 'follow-up' },
      { outcome: 'handled', agent: { id: 'carol' } },
    ],
  })
  expect(rung).toBe(0)
  expect((await request('GET', '/v1/agents/me', token)).body.offer).toEqual(pop)

  desk.say({ type: 'acknowledge', offer: pop.offer })
  await said('contact.connected')
  expect(rung).toBe(1)
  const why = (await request('GET', `/v1/offers/${pop.offer}/why`, token)).body
  expect(why.step.who).toBe('named agent')
  expect(why.candidates[0]).toMatchObject({ agent: 'alice', name: 'Alice Moreno', verdict: 'chosen' })

  expect((await request('POST', `/v1/contacts/${pop.contact}/hangup`, token)).status).toBe(204)
  expect(await said('talk.ended')).toMatchObject({ contact: pop.contact, by: 'agent' })
  expect((await said('wrap-up.started')).wrapUp.contact).toBe(pop.contact)
  const wrapUp = { disposition: 'resolved', notes: 'Credit is on its way.' }
  expect((await request('POST', `/v1/contacts/${pop.contact}/wrap-up`, token, wrapUp)).status).toBe(204)
  expect((await said('interaction.completed')).interaction).toMatchObject({ outcome: 'handled', ...wrapUp })

  await center.interaction(pop.contact)
  const { entries } = (await request('GET', '/v1/customers/harbour-dental/timeline', token)).body
  expect(entries[0]).toMatchObject({ id: pop.contact, ...wrapUp })
  expect((await request('GET', `/v1/offers/${pop.offer}/why`, token)).body.chosen).toBe('alice')
})
