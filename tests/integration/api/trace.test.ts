import { beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../src/database/open-database.ts'
import { addPerson } from '../../../src/database/people.ts'
import { CALLER, Stage } from '../../unit/trace/stage.ts'
import { openPeopledDatabase, password, startApi } from './start-api.ts'

let database: Database
beforeAll(async () => {
  const opened = await openPeopledDatabase()
  database = opened.database
  const robot = { username: 'robot', name: 'Robot', role: 'integration', password } as const
  await addPerson(database, robot, 'switchroom', { who: 'test', at: 1 })
  return () => opened.close()
})

function stage(): Stage {
  const made = new Stage()
  for (const name of ['one', 'two']) made.caller(name)
  return made
}

test('a trace is all of it, as JSON and as a capture file', async () => {
  const { traces } = stage()
  await using api = await startApi(database, { traces })
  const sam = await api.signIn('sam')
  const answer = await api.as(sam)('GET', '/v1/contacts/contact-one/trace')
  const found = traces.find('contact-one')
  expect(answer.status).toBe(200)
  expect({ type: 'found', trace: answer.body }).toEqual(found)
  const file = await api.app.inject({
    url: '/v1/contacts/one%40far/trace.pcap',
    headers: { authorization: `Bearer ${sam}` },
  })
  expect(file.headers).toMatchObject({
    'content-type': 'application/vnd.tcpdump.pcap',
    'content-disposition': 'attachment; filename="trace.pcap"',
    'cache-control': 'no-store',
  })
  expect(found.type === 'found' && traces.capture(found.trace)).toEqual(file.rawPayload)
})

test('it is for supervisors and admins, not for agents and programs', async () => {
  await using api = await startApi(database, { traces: stage().traces })
  for (const path of ['/v1/contacts/contact-one/trace', '/v1/contacts/contact-one/trace.pcap']) {
    for (const user of ['alice', 'robot']) {
      expect(await api.as(await api.signIn(user))('GET', path)).toMatchObject({
        status: 403,
        body: { code: 'NOT_ALLOWED', remedy: 'Sign in as supervisor or admin.' },
      })
    }
    expect((await api.app.inject(path)).statusCode).toBe(401)
  }
})

test('a part that fits several calls is refused by naming them, one that fits none says how long traces live', async () => {
  await using api = await startApi(database, { traces: stage().traces })
  const sam = api.as(await api.signIn('sam'))
  expect(await sam('GET', '/v1/contacts/contact-/trace')).toMatchObject({
    status: 400,
    body: { detail: '"contact-" fits several calls: contact-two, contact-one.' },
  })
  expect(await sam('GET', '/v1/contacts/nobody/trace')).toMatchObject({
    status: 404,
    body: { code: 'NOT_FOUND', remedy: expect.stringContaining('trace.hours') },
  })
})

test('where nothing is traced the refusal says how to change that', async () => {
  await using api = await startApi(database)
  const sam = api.as(await api.signIn('sam'))
  expect(await sam('GET', '/v1/contacts/contact-one/trace')).toMatchObject({
    status: 404,
    body: { remedy: 'Nothing is traced: set trace.memory to more than 0.' },
  })
})

test('what was said between the call and the question is in it', async () => {
  const made = stage()
  await using api = await startApi(database, { traces: made.traces })
  const sam = api.as(await api.signIn('sam'))
  const count = async (): Promise<number> =>
    (await sam('GET', '/v1/contacts/contact-one/trace')).body.messages.length
  expect(await count()).toBe(2)
  made.received('one@far', CALLER, 'BYE sip:192.0.2.1 SIP/2.0', '2 BYE')
  expect(await count()).toBe(3)
})
