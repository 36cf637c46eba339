import { beforeAll, expect, test } from 'vitest'
import { ActiveCenter, loadFromFiles } from '../../../src/active-center.ts'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { readTexts, ruleTexts } from '../../../src/config/center-texts.ts'
import { demoCenter } from '../../../src/config/load-settings.ts'
import type { Database } from '../../../src/database/open-database.ts'
import { listenByWebSocket } from './event-reader.ts'
import { openPeopledDatabase, startApi } from './start-api.ts'

let database: Database
let files: Readonly<Record<string, string>>
beforeAll(async () => {
  const opened = await openPeopledDatabase()
  database = opened.database
  files = ruleTexts(await readTexts(demoCenter))
  return () => opened.close()
})

async function start() {
  const clock = new SimulatedClock()
  const rules = await ActiveCenter.open(demoCenter, await loadFromFiles(demoCenter), database, clock)
  return startApi(database, { rules })
}

test('supervisors read the rules, administrators publish them, agents do neither', async () => {
  await using api = await start()
  const [alice, sam, ada] = await Promise.all(
    ['alice', 'sam', 'ada'].map(async (user) => api.as(await api.signIn(user))),
  )
  for (const [who, status] of [
    [alice, 403],
    [sam, 200],
    [ada, 200],
  ] as const) {
    expect((await who?.('GET', '/v1/center/rules'))?.status).toBe(status)
    expect((await who?.('GET', '/v1/center/rules/history'))?.status).toBe(status)
  }
  expect((await sam?.('POST', '/v1/center/rules', { files }))?.status).toBe(403)
  const published = await ada?.('POST', '/v1/center/rules', { files })
  expect(published).toMatchObject({ status: 200, body: { source: 'published', by: 'ada', unchanged: false } })
  const { hash } = published?.body ?? {}
  expect((await ada?.('POST', '/v1/center/rules', { files }))?.body).toEqual({
    ...published?.body,
    unchanged: true,
  })
  expect((await ada?.('GET', '/v1/center/rules/history'))?.body.activations).toHaveLength(1)
  expect((await ada?.('GET', '/v1/center/rules'))?.body).toMatchObject({
    hash,
    drift: [],
    queues: expect.arrayContaining([
      expect.objectContaining({
        id: 'billing',
        members: [{ agent: { id: 'alice', name: 'ALICE' }, preference: 1, delayMs: 0 }],
        bounds: expect.arrayContaining([{ priority: 5, laterMs: 300_000 }]),
      }),
    ]),
  })
})

test('who publishes is told of every fault, by its place in the version; nothing has changed', async () => {
  await using api = await start()
  const ada = api.as(await api.signIn('ada'))
  const before = (await ada('GET', '/v1/center/rules/history')).body
  const draft = {
    ...files,
    'queues.yaml': 'queues:\n  help:\n    name: Help\n    members: "en and and es"\n',
  }
  expect(await ada('POST', '/v1/center/rules', { files: draft })).toMatchObject({
    status: 422,
    body: {
      code: 'CENTER_INVALID',
      detail: expect.stringMatching(/^queues\.yaml@[0-9a-f]{8}:4:22 found "and"/),
    },
  })
  const { 'skills.yaml': _, ...incomplete } = files
  expect(await ada('POST', '/v1/center/rules', { files: incomplete })).toMatchObject({
    status: 422,
    body: { code: 'CENTER_MISSING', detail: expect.stringContaining('skills.yaml') },
  })
  expect(await ada('POST', '/v1/center/rules', { files: { 'numbers.yaml': '' } })).toMatchObject({
    status: 400,
    body: { code: 'INPUT_INVALID' },
  })
  expect(await ada('POST', '/v1/center/rules/abcdef12/activate')).toMatchObject({
    status: 404,
    body: { code: 'NOT_FOUND' },
  })
  expect((await ada('GET', '/v1/center/rules/history')).body).toEqual(before)
})

test('whoever watches begins anew with the queues that they may see now', async () => {
  await using api = await start()
  const figures = { waiting: 1, longestWaitMs: 0, agents: { free: 0, busy: 0, paused: 0, unreachable: 0 } }
  api.floor.liveQueues = [{ queue: 'billing', name: 'Billing', ...figures }]
  const sam = listenByWebSocket(await api.listen(), { token: await api.signIn('sam') })
  await sam.inbox.next('snapshot')
  api.floor.liveQueues = [{ queue: 'claims', name: 'Claims', ...figures }]
  const ada = api.as(await api.signIn('ada'))
  const renamed = {
    ...files,
    'queues.yaml': `${files['queues.yaml']}  claims: { name: Claims, members: anyone }\n`,
  }
  expect((await ada('POST', '/v1/center/rules', { files: renamed })).status).toBe(200)
  expect((await sam.inbox.next('snapshot', 1)).queues).toMatchObject([{ id: 'claims' }])
})
