import { beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../src/database/open-database.ts'
import { openPeopledDatabase, password, startApi } from './start-api.ts'

let database: Database
beforeAll(async () => {
  const opened = await openPeopledDatabase()
  database = opened.database
  return () => opened.close()
})

test('a token opens the API until it is given back', async () => {
  await using api = await startApi(database)
  const answer = await api.app.inject({
    method: 'POST',
    url: '/v1/session',
    payload: { username: 'alice', password },
  })
  expect(answer.statusCode).toBe(201)
  expect(answer.headers['cache-control']).toBe('no-store')
  const { token, expiresAt, user } = answer.json()
  expect(user).toEqual({ id: 'alice', username: 'alice', name: 'ALICE', role: 'agent' })
  expect(expiresAt).toBe(api.clock.now() + 60 * 60_000)

  const alice = api.as(token)
  expect((await alice('GET', '/v1/session')).body.user.id).toBe('alice')
  expect((await alice('DELETE', '/v1/session')).status).toBe(204)
  expect(await alice('GET', '/v1/session')).toMatchObject({
    status: 401,
    headers: { 'www-authenticate': 'Bearer', 'content-type': 'application/problem+json' },
    body: { code: 'NOT_SIGNED_IN', status: 401, remedy: 'Sign in again.' },
  })
})

test('use moves the end of a session on, idleness lets it come', async () => {
  await using api = await startApi(database)
  const alice = api.as(await api.signIn('alice'))
  api.clock.advance(59 * 60_000)
  expect((await alice('GET', '/v1/session')).body.expiresAt).toBe(api.clock.now() + 60 * 60_000)
  api.clock.advance(59 * 60_000)
  expect((await alice('GET', '/v1/session')).status).toBe(200)
  api.clock.advance(60 * 60_000)
  expect((await alice('GET', '/v1/session')).status).toBe(401)
})

test('a session outlives the server', async () => {
  const first = await startApi(database)
  const token = await first.signIn('alice')
  await first.app.close()
  await using second = await startApi(database)
  expect((await second.as(token)('GET', '/v1/session')).status).toBe(200)
})

test('a wrong password and a wrong name are refused alike, and slowed down', async () => {
  await using api = await startApi(database)
  const attempt = async (username: string, given: string) => {
    const answer = await api.app.inject({
      method: 'POST',
      url: '/v1/session',
      payload: { username, password: given },
    })
    return { status: answer.statusCode, retryAfter: answer.headers['retry-after'], ...answer.json() }
  }
  const wrong = await attempt('alice', 'wrong horse')
  expect(wrong).toEqual(await attempt('nobody', 'wrong horse'))
  expect(wrong).toMatchObject({ status: 401, code: 'NOT_SIGNED_IN' })
  for (let count = 2; count <= 5; count += 1) expect((await attempt('alice', 'wrong horse')).status).toBe(401)
  expect(await attempt('alice', password)).toMatchObject({
    status: 429,
    code: 'TOO_MANY_ATTEMPTS',
    retryAfter: '5',
    retryAfterSeconds: 5,
  })
  expect((await attempt('bob', password)).status).toBe(201)
  api.clock.advance(5_000)
  expect((await attempt('alice', password)).status).toBe(201)
})

test('the token of the operator acts as an administrator, from when there is one', async () => {
  let operatorToken: string | undefined
  await using api = await startApi(database, { operatorToken: () => operatorToken })
  const operator = api.as('operator-token')
  expect((await operator('GET', '/v1/users')).status).toBe(401)
  operatorToken = 'operator-token'
  expect((await operator('GET', '/v1/users')).status).toBe(200)
})

test.each([
  ['alice', 'GET', '/v1/agents', 403],
  ['sam', 'GET', '/v1/agents', 200],
  ['sam', 'GET', '/v1/users', 403],
  ['ada', 'GET', '/v1/users', 200],
  ['sam', 'PUT', '/v1/agents/alice/skills', 403],
] as const)('%s may %s %s: %i', async (username, method, url, status) => {
  await using api = await startApi(database)
  const answer = await api.as(await api.signIn(username))(
    method,
    url,
    method === 'PUT' ? { skills: {} } : undefined,
  )
  expect(answer.status).toBe(status)
  if (status === 403)
    expect(answer.body).toMatchObject({ code: 'NOT_ALLOWED', remedy: expect.stringMatching(/^Sign in as /) })
})

test('what does not fit is refused by field', async () => {
  await using api = await startApi(database)
  const post = async (payload: string, type = 'application/json') => {
    const headers = { 'content-type': type }
    const answer = await api.app.inject({ method: 'POST', url: '/v1/session', payload, headers })
    return { status: answer.statusCode, ...answer.json() }
  }
  expect(await post('{"username":"alice"}')).toMatchObject({
    status: 400,
    code: 'INPUT_INVALID',
    faults: [{ field: 'body.password' }],
  })
  expect(await post('{"username":"alice","password":"x","admin":true}')).toMatchObject({
    faults: [{ field: 'body.admin', message: 'must NOT have additional properties' }],
  })
  expect(await post('{"username":1,"password":"x"}')).toMatchObject({
    faults: [{ field: 'body.username', message: 'must be string' }],
  })
  expect(await post('{"user')).toMatchObject({ status: 400, code: 'INPUT_INVALID' })
  expect(await post('<user/>', 'text/xml')).toMatchObject({ status: 415, code: 'INPUT_INVALID' })
  expect(await post(JSON.stringify({ username: 'x'.repeat(300_000) }))).toMatchObject({ status: 413 })
})
