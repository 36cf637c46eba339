import { beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../src/database/open-database.ts'
import { openPeopledDatabase, startApi } from './start-api.ts'

let database: Database
beforeAll(async () => {
  const opened = await openPeopledDatabase()
  database = opened.database
  return () => opened.close()
})

test('supervisors move, assign, pull and prioritise contacts and force agents, and the audit log says who', async () => {
  await using api = await startApi(database)
  const [sam, alice] = [api.as(await api.signIn('sam')), api.as(await api.signIn('alice'))]
  const posts = [
    ['/v1/contacts/c1/move', { queue: 'billing' }],
    ['/v1/contacts/c1/assign', { agent: 'alice' }],
    ['/v1/contacts/c1/pull', undefined],
    ['/v1/contacts/c1/priority', { priority: 1, headStartSeconds: 60 }],
    ['/v1/agents/alice/state', { presence: 'available' }],
  ] as const
  for (const [path, body] of posts) {
    expect((await alice('POST', path, body)).body.code, path).toBe('NOT_ALLOWED')
    expect((await sam('POST', path, body)).status, path).toBe(204)
  }
  const by = 'sam'
  expect(api.floor.asked.map((act) => JSON.parse(act))).toEqual([
    { type: 'supervisor.moved', contact: 'c1', queue: 'billing', by },
    { type: 'supervisor.assigned', contact: 'c1', agent: 'alice', by },
    { type: 'supervisor.assigned', contact: 'c1', agent: by, by },
    { type: 'supervisor.reprioritised', contact: 'c1', by, priority: 1, adjustmentMs: 60_000 },
    { type: 'supervisor.forced', agent: 'alice', to: 'available', by },
  ])
  const rows = await database
    .selectFrom('auditLog')
    .selectAll()
    .where('action', 'like', 'supervisor.%')
    .execute()
  expect(rows.map(({ actor, action, entity, entityId }) => [actor, action, entity, entityId])).toEqual([
    [by, 'supervisor.moved', 'contact', 'c1'],
    [by, 'supervisor.assigned', 'contact', 'c1'],
    [by, 'supervisor.assigned', 'contact', 'c1'],
    [by, 'supervisor.reprioritised', 'contact', 'c1'],
    [by, 'supervisor.forced', 'agent', 'alice'],
  ])
  expect((await sam('POST', '/v1/contacts/c1/move', { queue: 'nowhere' })).status).toBe(404)
  expect((await sam('POST', '/v1/contacts/c1/priority', {})).status).toBe(400)
})

test('an agent takes more time for a wrap-up', async () => {
  await using api = await startApi(database)
  const alice = api.as(await api.signIn('alice'))
  expect((await alice('POST', '/v1/contacts/c1/wrap-up/extend', { seconds: 60 })).status).toBe(204)
  expect(api.floor.asked).toEqual(['extendWrapUp c1 alice 60000'])
})
