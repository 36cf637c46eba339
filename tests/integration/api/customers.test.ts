import { beforeAll, expect, test } from 'vitest'
import { insertInteractions } from '../../../src/database/interactions.ts'
import type { Database } from '../../../src/database/open-database.ts'
import { finishedInteraction } from './samples.ts'
import { openPeopledDatabase, startApi } from './start-api.ts'

let database: Database
beforeAll(async () => {
  const opened = await openPeopledDatabase()
  database = opened.database
  return () => opened.close()
})

test('a customer is added, found by text and by a national number, and changed', async () => {
  await using api = await startApi(database)
  const alice = api.as(await api.signIn('alice'))
  const added = await alice('POST', '/v1/customers', {
    name: 'Dana Okafor',
    owner: 'alice',
    identities: [{ kind: 'phone', value: '(202) 555-0142', label: 'mobile' }],
    accounts: [{ number: '44-71', name: 'Fiber' }],
    fields: { vip: true },
  })
  expect(added).toMatchObject({
    status: 201,
    headers: { location: `/v1/customers/${added.body.id}` },
    body: { version: 1, tier: 'standard', identities: [{ value: '+12025550142' }], fields: { vip: true } },
  })
  const { id } = added.body
  for (const query of ['q=okaf', 'q=44-71', 'number=2025550142', 'number=%2B12025550142']) {
    const found = await alice('GET', `/v1/customers?${query}`)
    expect(found.body.customers.map((customer: { id: string }) => customer.id)).toEqual([id])
  }
  expect((await alice('GET', '/v1/customers?q=somebody+else')).body.customers).toEqual([])
  const changed = await alice('PATCH', `/v1/customers/${id}`, { version: 1, tier: 'key', owner: null })
  expect(changed).toMatchObject({ status: 200, body: { version: 2, tier: 'key', name: 'Dana Okafor' } })
  expect(changed.body).not.toHaveProperty('owner')
  expect((await alice('GET', `/v1/customers/${id}`)).body).toEqual(changed.body)
})

test('of two who change the same version the second is refused, with the record that won', async () => {
  await using api = await startApi(database)
  const alice = api.as(await api.signIn('alice'))
  const { id } = (await alice('POST', '/v1/customers', { name: 'Mei' })).body
  const change = (notes: string) => alice('PATCH', `/v1/customers/${id}`, { version: 1, notes })
  const answers = await Promise.all([change('first'), change('second')])
  const [won, lost] = answers.sort((one, other) => one.status - other.status)
  expect(won?.status).toBe(200)
  expect(lost).toMatchObject({
    status: 409,
    headers: { 'content-type': 'application/problem+json' },
    body: { code: 'CONFLICT', current: won?.body },
  })
})

test('each change is in the audit log with who made it', async () => {
  await using api = await startApi(database)
  const alice = api.as(await api.signIn('alice'))
  const { id } = (await alice('POST', '/v1/customers', { name: 'Rosa' })).body
  await alice('PATCH', `/v1/customers/${id}`, { version: 1, name: 'Rosa Adler' })
  const entries = await database
    .selectFrom('auditLog')
    .selectAll()
    .where('entityId', '=', id)
    .orderBy('id')
    .execute()
  expect(entries).toMatchObject([
    { actor: 'alice', action: 'customer.create', at: api.clock.now() },
    { actor: 'alice', action: 'customer.update', before: { name: 'Rosa' }, after: { name: 'Rosa Adler' } },
  ])
})

test.each([
  ['GET', '/v1/customers/nobody', undefined, 404, 'NOT_FOUND'],
  ['PATCH', '/v1/customers/nobody', { version: 1 }, 404, 'NOT_FOUND'],
  ['PATCH', '/v1/customers/nobody', {}, 400, 'INPUT_INVALID'],
  ['PATCH', '/v1/customers/nobody', { version: '1' }, 400, 'INPUT_INVALID'],
  [
    'POST',
    '/v1/customers',
    { name: 'X', identities: [{ kind: 'phone', value: 'no' }] },
    400,
    'INPUT_INVALID',
  ],
  ['GET', '/v1/customers', undefined, 400, 'INPUT_INVALID'],
  ['GET', '/v1/customers?q=a&limit=0', undefined, 400, 'INPUT_INVALID'],
  ['GET', '/v1/customers?name=a', undefined, 400, 'INPUT_INVALID'],
] as const)('%s %s %j is refused: %i %s', async (method, url, payload, status, code) => {
  await using api = await startApi(database)
  const answer = await api.as(await api.signIn('alice'))(method, url, payload)
  expect(answer).toMatchObject({ status, body: { code, status, detail: expect.stringMatching(/\w/) } })
})

test('the timeline is read page by page, and each entry as a whole', async () => {
  await using api = await startApi(database)
  const alice = api.as(await api.signIn('alice'))
  const { id: customer } = (await alice('POST', '/v1/customers', { name: 'Theo' })).body
  const interactions = [1, 2, 3].map((hour) =>
    finishedInteraction(`timeline-${hour}`, customer, hour * 3_600_000),
  )
  const batch = interactions.map((interaction) => ({ interaction, explanations: [] }))
  await insertInteractions(database, JSON.stringify(batch))

  const first = (await alice('GET', `/v1/customers/${customer}/timeline?limit=2`)).body
  expect(first.entries).toMatchObject([
    { id: 'timeline-3', outcome: 'handled', agent: { id: 'alice', name: 'ALICE' }, talkMs: 60_000 },
    { id: 'timeline-2' },
  ])
  const rest = (await alice('GET', `/v1/customers/${customer}/timeline?limit=2&before=${first.next}`)).body
  expect(rest.entries.map(({ id }: { id: string }) => id)).toEqual(['timeline-1'])
  expect(rest).not.toHaveProperty('next')
  expect((await alice('GET', '/v1/interactions/timeline-2')).body).toEqual(interactions[1])
})
