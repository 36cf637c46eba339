import { beforeAll, expect, test } from 'vitest'
import type { Parts } from '../../../src/api/api.ts'
import type { Database } from '../../../src/database/open-database.ts'
import { listenByWebSocket } from './event-reader.ts'
import { openPeopledDatabase, password, type StartedApi, startApi } from './start-api.ts'

let database: Database
beforeAll(async () => {
  const opened = await openPeopledDatabase()
  database = opened.database
  return () => opened.close()
})

const open = (secondSignIn: Parts['secondSignIn']) => startApi(database, { secondSignIn })

async function signIn({ app }: StartedApi, username: string, program?: 'desk' | 'phone') {
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/session',
    payload: { username, password, ...(program && { program }) },
  })
  return { status: answer.statusCode, body: answer.json() }
}

/** A desk of this person that is open. */
async function openDesk(api: StartedApi, http: string, username: string, program?: 'desk' | 'phone') {
  const { token } = (await signIn(api, username, program)).body
  const desk = listenByWebSocket(http, { token })
  await desk.inbox.next('snapshot')
  return { ...desk, token }
}

test('the earlier desk is told where the work goes on, and its session is over', async () => {
  await using api = await open('take-over')
  const http = await api.listen()
  const first = await openDesk(api, http, 'alice')
  const second = await openDesk(api, http, 'alice')
  expect(await first.inbox.next('session.taken-over')).toMatchObject({ place: '127.0.0.1' })
  expect(await first.closed).toMatch(/^4401/)
  expect((await api.as(first.token)('GET', '/v1/session')).status).toBe(401)
  expect((await api.as(second.token)('GET', '/v1/session')).status).toBe(200)
  // What goes on for the agent is not touched: nobody is signed off the floor, no call is ended.
  expect(api.floor.asked).toEqual([])
  expect(second.inbox.types()).not.toContain('session.taken-over')
  second.socket.close()
})

test('a second sign-in is refused with the place of the first, which stays, until that is closed', async () => {
  await using api = await open('refuse')
  const http = await api.listen()
  const first = await openDesk(api, http, 'alice')
  const refused = await signIn(api, 'alice')
  expect(refused).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  expect(refused.body.detail).toMatch(/^ALICE is signed in at 127\.0\.0\.1 since \d{4}-.*Z\.$/)
  expect((await api.as(first.token)('GET', '/v1/session')).status).toBe(200)
  expect((await signIn(api, 'bob')).status).toBe(201)
  first.socket.close()
  await first.closed
  await expect.poll(async () => (await signIn(api, 'alice')).status).toBe(201)
})

test('a desk and a program that is the phone stand side by side', async () => {
  await using api = await open('take-over')
  const http = await api.listen()
  const desk = await openDesk(api, http, 'alice')
  const phone = await openDesk(api, http, 'alice', 'phone')
  const nextPhone = await openDesk(api, http, 'alice', 'phone')
  await phone.inbox.next('session.taken-over')
  expect(desk.inbox.types()).not.toContain('session.taken-over')
  desk.socket.close()
  nextPhone.socket.close()
})

test('people who take no contacts may have several desks, and so may all where that is allowed', async () => {
  await using api = await open('take-over')
  const http = await api.listen()
  const sam = await openDesk(api, http, 'sam')
  expect((await signIn(api, 'sam')).status).toBe(201)
  expect((await api.as(sam.token)('GET', '/v1/session')).status).toBe(200)
  sam.socket.close()

  await using free = await open('allow')
  const alice = await openDesk(free, await free.listen(), 'alice')
  expect((await signIn(free, 'alice')).status).toBe(201)
  expect((await free.as(alice.token)('GET', '/v1/session')).status).toBe(200)
  alice.socket.close()
})
