import { once } from 'node:events'
import { beforeAll, expect, test } from 'vitest'
import { insertInteractions } from '../../../src/database/interactions.ts'
import type { Database } from '../../../src/database/open-database.ts'
import { until } from '../../support/until.ts'
import { listenBySse, listenByWebSocket } from './event-reader.ts'
import { finishedInteraction, popFor, waitingContact } from './samples.ts'
import { openPeopledDatabase, type StartedApi, startApi } from './start-api.ts'

let database: Database
beforeAll(async () => {
  const opened = await openPeopledDatabase()
  database = opened.database
  return () => opened.close()
})

const figures = { longestWaitMs: 0, agents: { free: 0, busy: 0, paused: 0, unreachable: 0 } }
const tellQueue = (api: StartedApi, queue: string, waiting: number) =>
  api.floor.emit({ type: 'queue.changed', queue: { queue, name: queue, waiting, ...figures } })

test('a stream begins with everything as it is, for an agent and for a supervisor', async () => {
  await using api = await startApi(database)
  api.floor.liveContacts = [waitingContact('in-billing'), waitingContact('in-support', { queue: 'support' })]
  api.floor.liveQueues = ['billing', 'support'].map((queue) => ({
    queue,
    name: queue,
    waiting: 1,
    ...figures,
  }))
  api.floor.offers = [popFor('alice')]
  const http = await api.listen()
  const alice = listenByWebSocket(http, { token: await api.signIn('alice') })
  const sam = listenByWebSocket(http, { token: await api.signIn('sam') })
  expect(await alice.inbox.next('snapshot')).toMatchObject({
    me: { agent: { id: 'alice' }, offer: { offer: 'offer-1' }, wrapUps: [] },
    agents: [{ id: 'alice' }],
    queues: [{ id: 'billing' }],
    contacts: [{ id: 'in-billing' }],
  })
  const everything = await sam.inbox.next('snapshot')
  expect(everything).toMatchObject({
    agents: [{ id: 'alice' }, { id: 'bob' }],
    queues: [{ id: 'billing' }, { id: 'support' }],
    contacts: [{ id: 'in-billing' }, { id: 'in-support' }],
  })
  expect(everything).not.toHaveProperty('me')
  expect(api.floor.desks).toEqual(['alice'])
  alice.socket.close()
  await alice.closed
  await until('the desk is gone', () => api.floor.desks.length === 0)
})

test('agents get what concerns them, supervisors get all', async () => {
  await using api = await startApi(database)
  const http = await api.listen()
  const streams = {
    alice: listenByWebSocket(http, { token: await api.signIn('alice') }),
    bob: listenByWebSocket(http, { token: await api.signIn('bob') }),
    sam: listenByWebSocket(http, { token: await api.signIn('sam') }),
  }
  for (const { inbox } of Object.values(streams)) await inbox.next('snapshot')
  const interaction = finishedInteraction('contact-1', 'nobody', 1_000)
  api.floor.emit({ type: 'agent.changed', agent: api.floor.addAgent('bob', { support: 5 }) })
  api.floor.emit({ type: 'contact.changed', contact: waitingContact('contact-1') })
  api.floor.emit({ type: 'offer.made', pop: popFor('alice') })
  api.floor.emit({ type: 'contact.ended', interaction })
  for (const queue of ['billing', 'support']) tellQueue(api, queue, 1)
  for (const { inbox } of Object.values(streams)) await inbox.next('queue.changed')
  expect(streams.bob.inbox.types()).toEqual(['snapshot', 'agent.changed', 'queue.changed'])
  expect(streams.alice.inbox.types()).toEqual([
    'snapshot',
    'contact.changed',
    'offer.made',
    'contact.ended',
    'interaction.completed',
    'queue.changed',
  ])
  await streams.sam.inbox.next('queue.changed', streams.sam.inbox.types().indexOf('queue.changed') + 1)
  expect(streams.sam.inbox.types()).toEqual([
    'snapshot',
    'agent.changed',
    'contact.changed',
    'offer.made',
    'contact.ended',
    'interaction.completed',
    'queue.changed',
    'queue.changed',
  ])
})

test('an agent whose skills change gets the queues that are theirs now', async () => {
  await using api = await startApi(database)
  api.floor.liveQueues = ['billing', 'support'].map((queue) => ({
    queue,
    name: queue,
    waiting: 1,
    ...figures,
  }))
  const alice = listenByWebSocket(await api.listen(), { token: await api.signIn('alice') })
  await alice.inbox.next('snapshot')
  api.floor.emit({ type: 'agent.changed', agent: api.floor.addAgent('alice', { support: 1 }) })
  expect((await alice.inbox.next('snapshot', 1)).queues).toMatchObject([{ id: 'support' }])
  tellQueue(api, 'billing', 5)
  tellQueue(api, 'support', 6)
  expect((await alice.inbox.next('queue.changed')).queue).toMatchObject({ id: 'support', waiting: 6 })
})

test.each(['websocket', 'sse'] as const)(
  '%s: whoever comes back gets what was missed, once and in order',
  async (way) => {
    await using api = await startApi(database)
    const http = await api.listen()
    const token = await api.signIn('sam')
    const first = listenByWebSocket(http, { token })
    await first.inbox.next('snapshot')
    api.floor.emit({ type: 'wrap-up.ended', contact: 'c1', agent: 'alice' })
    const { cursor } = await first.inbox.next('wrap-up.ended')
    first.socket.terminate()
    for (const contact of ['c2', 'c3']) api.floor.emit({ type: 'wrap-up.ended', contact, agent: 'alice' })

    const second =
      way === 'websocket'
        ? listenByWebSocket(http, { token, cursor })
        : await listenBySse(http, token, { 'last-event-id': cursor })
    const resumed = await second.inbox.next('resumed')
    expect(resumed.cursor).toBe(cursor)
    api.floor.emit({ type: 'wrap-up.ended', contact: 'c4', agent: 'alice' })
    await second.inbox.next('wrap-up.ended', 3)
    expect(
      second.inbox.all.map((message) => ('contact' in message ? message.contact : message.type)),
    ).toEqual(['resumed', 'c2', 'c3', 'c4'])
    const sequences = second.inbox.all.map((message) => Number(message.cursor.split(':')[1]))
    expect(sequences).toEqual([0, 1, 2, 3].map((step) => step + (sequences[0] ?? Number.NaN)))
  },
)

test('a cursor of another start of the server gets everything as it is', async () => {
  const before = await startApi(database)
  const token = await before.signIn('alice')
  const first = listenByWebSocket(await before.listen(), { token })
  const { cursor } = await first.inbox.next('snapshot')
  await before.app.close()
  expect(await first.closed).toBe('1001 The server is stopping. Connect again soon.')

  await using after = await startApi(database)
  const second = listenByWebSocket(await after.listen(), { token, cursor })
  expect((await second.inbox.next('snapshot')).cursor).not.toBe(cursor)
  expect(second.inbox.types()).toEqual(['snapshot'])
})

test('the screen pop has the record and the history when they were read in time', async () => {
  await using api = await startApi(database)
  const token = await api.signIn('alice')
  const { id: customer } = (await api.as(token)('POST', '/v1/customers', { name: 'Dana' })).body
  const interaction = finishedInteraction('earlier', customer, 1_000)
  await insertInteractions(database, JSON.stringify([{ interaction, explanations: [] }]))
  const alice = listenByWebSocket(await api.listen(), { token })
  await alice.inbox.next('snapshot')

  const pop = popFor('alice', { customer, candidates: [customer], namedAgent: 'bob' })
  api.floor.liveContacts = [waitingContact('contact-1', { customer })]
  api.floor.emit({ type: 'offer.made', pop })
  const late = await alice.inbox.next('offer.made')
  expect(late.pop).toMatchObject({
    customerId: customer,
    customers: [],
    namedAgent: { id: 'bob', name: 'BOB' },
  })
  expect(late.pop).not.toHaveProperty('history')
  expect(await alice.inbox.next('offer.context')).toMatchObject({
    offer: 'offer-1',
    customers: [{ id: customer, name: 'Dana' }],
    history: [{ id: 'earlier', disposition: 'resolved' }],
  })

  const seen = alice.inbox.all.length
  api.floor.emit({ type: 'offer.made', pop: { ...pop, offer: 'offer-2' } })
  expect((await alice.inbox.next('offer.made', seen)).pop).toMatchObject({
    offer: 'offer-2',
    customers: [{ name: 'Dana' }],
    history: [{ id: 'earlier' }],
  })
})

test('the record is read while the caller is still in the flow', async () => {
  await using api = await startApi(database)
  const token = await api.signIn('alice')
  const { id: customer } = (await api.as(token)('POST', '/v1/customers', { name: 'Mei' })).body
  const alice = listenByWebSocket(await api.listen(), { token })
  await alice.inbox.next('snapshot')
  const contact = waitingContact('contact-1', { customer })
  api.floor.liveContacts = [contact]
  api.floor.emit({ type: 'contact.changed', contact })
  // One connection answers in order, so that this answer comes after the record was read.
  await api.as(token)('GET', `/v1/customers/${customer}/timeline`)
  api.floor.emit({ type: 'offer.made', pop: popFor('alice', { customer, candidates: [customer] }) })
  expect((await alice.inbox.next('offer.made')).pop).toMatchObject({
    customers: [{ name: 'Mei' }],
    history: [],
  })
})

test('a changed record is told to everybody', async () => {
  await using api = await startApi(database)
  const token = await api.signIn('alice')
  const bob = listenByWebSocket(await api.listen(), { token: await api.signIn('bob') })
  await bob.inbox.next('snapshot')
  const { body } = await api.as(token)('POST', '/v1/customers', { name: 'Rosa' })
  expect((await bob.inbox.next('customer.changed')).customer).toEqual(body)
})

test('a desk acknowledges over the stream, and hears when it was too late', async () => {
  await using api = await startApi(database)
  api.floor.offers = [popFor('alice')]
  const alice = listenByWebSocket(await api.listen(), { token: await api.signIn('alice') })
  await alice.inbox.next('snapshot')
  alice.say({ type: 'acknowledge', offer: 'offer-1' })
  alice.say({ type: 'acknowledge', offer: 'offer-2' })
  expect(await alice.inbox.next('problem')).toMatchObject({ code: 'NOT_FOUND' })
  expect(api.floor.asked).toEqual(['acknowledge offer-1 alice'])
})

test('figures of a queue are told at once, then gathered', async () => {
  await using api = await startApi(database)
  const alice = listenByWebSocket(await api.listen(), { token: await api.signIn('alice') })
  await alice.inbox.next('snapshot')
  for (const waiting of [1, 2, 3]) tellQueue(api, 'billing', waiting)
  api.clock.advance(200)
  await alice.inbox.next('queue.changed', 2)
  expect(alice.inbox.all.flatMap((one) => (one.type === 'queue.changed' ? one.queue.waiting : []))).toEqual([
    1, 3,
  ])
})

test('the heart beats, and a session that has ended ends its streams', async () => {
  await using api = await startApi(database)
  const http = await api.listen()
  const [kept, ended] = [await api.signIn('alice'), await api.signIn('alice')]
  const [first, second] = [
    listenByWebSocket(http, { token: kept }),
    listenByWebSocket(http, { token: ended }),
  ]
  for (const { inbox } of [first, second]) await inbox.next('snapshot')
  api.clock.advance(15_000)
  await first.inbox.next('heartbeat')
  await api.as(ended)('DELETE', '/v1/session')
  expect(await second.closed).toBe('4401 The session has ended. Sign in again.')
  await database.deleteFrom('sessions').execute()
  api.clock.advance(60_000)
  expect(await first.closed).toBe('4401 The session has ended. Sign in again.')
})

test.each([
  ['a wrong token', { type: 'authenticate', token: 'wrong' }, /^4401 The token is unknown/],
  ['no token', { type: 'acknowledge', offer: 'x' }, /^4401 Authenticate first/],
  ['nonsense', { type: 'dance' }, /^4400 /],
])('a WebSocket with %s is closed with the reason', async (_name, message, reason) => {
  await using api = await startApi(database)
  const stranger = listenByWebSocket(await api.listen())
  await once(stranger.socket, 'open')
  stranger.say(message)
  expect(await stranger.closed).toMatch(reason)
})

test('a WebSocket that does not say who it is, is closed', async () => {
  await using api = await startApi(database)
  const stranger = listenByWebSocket(await api.listen())
  await once(stranger.socket, 'open')
  api.clock.advance(10_000)
  expect(await stranger.closed).toBe('4401 You did not say who you are.')
})

test('a page of another origin may not listen, one of ours may', async () => {
  await using api = await startApi(database)
  const http = await api.listen()
  const token = await api.signIn('alice')
  const foreign = listenByWebSocket(http, { token, headers: { origin: 'http://elsewhere.example' } })
  await expect(foreign.closed).rejects.toThrow('403')
  const ours = listenByWebSocket(http, { headers: { origin: http, authorization: `Bearer ${token}` } })
  await ours.inbox.next('snapshot')
})

test('a reader that does not keep up is told so and closed', async () => {
  await using api = await startApi(database)
  const sam = listenByWebSocket(await api.listen(), { token: await api.signIn('sam') })
  await sam.inbox.next('snapshot')
  sam.socket.pause()
  const interaction = { ...finishedInteraction('long', 'nobody', 1_000), notes: 'x'.repeat(100_000) }
  const events = 400
  for (let count = 0; count < events; count += 1) api.floor.emit({ type: 'contact.ended', interaction })
  sam.socket.resume()
  expect(await sam.closed).toBe('4408 You read too slowly. Connect again with your last cursor.')
  expect(sam.inbox.all.length).toBeLessThan(events)
})

test('server-sent events carry the cursor, and end with the session and the server', async () => {
  const api = await startApi(database)
  const http = await api.listen()
  const token = await api.signIn('alice')
  const alice = await listenBySse(http, token)
  expect(alice.answer.headers.get('content-type')).toBe('text/event-stream')
  expect(alice.answer.headers.get('content-security-policy')).toContain("default-src 'self'")
  const { cursor } = await alice.inbox.next('snapshot')
  expect(alice.ids).toEqual([cursor])
  expect(api.floor.desks).toEqual(['alice'])
  await api.as(token)('DELETE', '/v1/session')
  await alice.ended

  const sam = await listenBySse(http, await api.signIn('sam'))
  await sam.inbox.next('snapshot')
  await api.app.close()
  await sam.ended
  expect(api.floor.listeners).toBe(0)
  expect(api.clock.pending).toBe(0)

  await using other = await startApi(database)
  const refused = await listenBySse(await other.listen(), 'wrong')
  expect(refused.answer.status).toBe(401)
})
