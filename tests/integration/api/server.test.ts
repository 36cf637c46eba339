import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { listen } from '../../../src/api/listen.ts'
import type { Database } from '../../../src/database/open-database.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { finishedInteraction } from './samples.ts'
import { openPeopledDatabase, startApi } from './start-api.ts'

let database: Database
beforeAll(async () => {
  const opened = await openPeopledDatabase()
  database = opened.database
  return () => opened.close()
})

test('the OpenAPI document names every route and schema, and all its references lead somewhere', async () => {
  await using api = await startApi(database)
  const spec = (await api.app.inject('/docs/openapi.json')).json()
  expect(spec.openapi).toBe('3.1.0')
  const operations = Object.values<Record<string, { operationId: string; tags: string[] }>>(
    spec.paths,
  ).flatMap((methods) => Object.values(methods))
  const ids = operations.map(({ operationId }) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toContain('events')
  const tags = new Set(spec.tags.map(({ name }: { name: string }) => name))
  expect(operations.filter((operation) => !operation.tags.every((tag) => tags.has(tag)))).toEqual([])

  const references = [...JSON.stringify(spec).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, reference]) => reference,
  )
  const known = Object.keys(spec.components.schemas).map((name) => `#/components/schemas/${name}`)
  expect(references.length).toBeGreaterThan(50)
  expect(references.filter((reference) => !known.includes(reference ?? ''))).toEqual([])
  expect(known).toEqual(
    expect.arrayContaining(['LiveMessage', 'ClientMessage'].map((name) => `#/components/schemas/${name}`)),
  )
  expect(spec.paths['/v1/customers/{id}'].patch).toMatchObject({
    security: [{ token: [] }],
    requestBody: { content: { 'application/json': { schema: { required: ['version'] } } } },
    responses: {
      200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Customer' } } } },
      default: {
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  })
  expect(spec.paths['/v1/session'].post).not.toHaveProperty('security')
})

test('the page of the API shows each operation, schema and error, and loads nothing', async () => {
  await using api = await startApi(database)
  const spec = (await api.app.inject('/docs/openapi.json')).json()
  const answer = await api.app.inject('/docs')
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/)
  const ids = [...answer.body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  const places = new Set(ids)
  expect(places.size).toBe(ids.length)
  const links = [...answer.body.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
  expect(links.filter((link) => !places.has(link))).toEqual([])
  for (const name of Object.keys(spec.components.schemas)) expect(places).toContain(name)
  expect(places).toContain('CONFLICT')
  expect(answer.body).toContain('<span class="method">PATCH</span> /v1/customers/{id}')
  expect(answer.body).not.toMatch(/src=|https?:\/\//)
})

test('health, readiness and figures', async () => {
  let ready = true
  await using api = await startApi(database, {
    readiness: async () => ({ ready, checks: [] }),
    metrics: () => [{ name: 'switchroom_legs', type: 'gauge', help: 'Legs.', samples: [{ value: 7 }] }],
  })
  expect((await api.app.inject('/healthz')).json()).toEqual({ status: 'alive' })
  expect((await api.app.inject('/readyz')).statusCode).toBe(200)
  ready = false
  const answer = await api.app.inject('/readyz')
  expect(answer.statusCode).toBe(503)
  expect(answer.json()).toEqual({ ready: false, checks: {} })

  api.floor.emit({ type: 'contact.ended', interaction: finishedInteraction('one', 'nobody', 1) })
  const agents = { free: 0, busy: 0, paused: 0, unreachable: 0 }
  api.floor.liveQueues = [{ queue: 'billing', name: 'Billing', waiting: 2, longestWaitMs: 1500, agents }]
  const figures = (await api.app.inject('/metrics')).body.split('\n')
  expect(figures).toEqual(
    expect.arrayContaining([
      '# TYPE switchroom_contacts_ended_total counter',
      'switchroom_contacts_ended_total{outcome="handled"} 1',
      'switchroom_agents{presence="logged-out",slot="free"} 2',
      'switchroom_queue_waiting{queue="billing"} 2',
      'switchroom_queue_longest_wait_seconds{queue="billing"} 1.5',
      'switchroom_legs 7',
      expect.stringMatching(/^process_resident_memory_bytes \d{7,}$/),
    ]),
  )
})

test('strangers hear what is down; why, only those who look after the server', async () => {
  const check = (name: string, fault?: string, publicName = name) => ({ name, publicName, fault })
  await using api = await startApi(database, {
    operatorToken: () => 'operator-token',
    readiness: async () => ({
      ready: false,
      checks: [
        check('database', 'connect ECONNREFUSED 10.0.0.5:5432'),
        check('backend asterisk 10.0.0.7:8088', 'does not answer', 'backend asterisk'),
        check('backend asterisk 10.0.0.8:8088', undefined, 'backend asterisk'),
        check('trunk main', 'unregistered: sip:far.test does not accept account (403)'),
        check('trunk spare'),
      ],
    }),
  })
  const ask = async (token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const answer = await api.app.inject({ url: '/readyz', headers })
    expect(answer.statusCode).toBe(503)
    return answer.json().checks
  }
  for (const token of [undefined, 'no-token', await api.signIn('alice')]) {
    expect(await ask(token)).toEqual({
      database: 'down',
      'backend asterisk': 'down',
      'trunk main': 'down',
      'trunk spare': 'ok',
    })
  }
  for (const token of ['operator-token', await api.signIn('sam'), await api.signIn('ada')]) {
    expect(await ask(token)).toEqual({
      database: 'connect ECONNREFUSED 10.0.0.5:5432',
      'backend asterisk 10.0.0.7:8088': 'does not answer',
      'backend asterisk 10.0.0.8:8088': 'ok',
      'trunk main': 'unregistered: sip:far.test does not accept account (403)',
      'trunk spare': 'ok',
    })
  }
})

test('the desk: its page at every address of its own, its files, nothing from outside', async () => {
  await using folder = await tempFolder('desk')
  writeFileSync(join(folder.path, 'secret.txt'), 'classified')
  const desk = join(folder.path, 'desk')
  mkdirSync(join(desk, 'assets'), { recursive: true })
  writeFileSync(join(desk, 'index.html'), '<!doctype html>the desk')
  writeFileSync(join(desk, 'assets/app-1234.js'), 'run()')
  await using api = await startApi(database, { deskFolder: desk })
  for (const url of ['/', '/desk']) {
    expect((await api.app.inject(url)).headers).toMatchObject({ location: '/desk/' })
  }
  for (const url of ['/desk/', '/desk/customers/42?x=a.js']) {
    const page = await api.app.inject(url)
    expect(page.body).toContain('the desk')
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': expect.stringContaining("default-src 'self'"),
      'x-content-type-options': 'nosniff',
    })
  }
  const script = await api.app.inject('/desk/assets/app-1234.js')
  expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect(script.headers['content-type']).toContain('javascript')
  for (const url of [
    '/desk/none.js',
    '/desk/..%2fsecret.txt',
    '/desk/%2e%2e/secret.txt',
    '/desk/a%00.js',
    '/desk/%ff.js',
  ]) {
    const answer = await api.app.inject(url)
    expect(answer.body, url).not.toContain('classified')
    expect(answer.statusCode, url).toBeGreaterThanOrEqual(400)
    expect(answer.statusCode, url).toBeLessThan(500)
  }
})

test('a desk that has not been built says so', async () => {
  await using api = await startApi(database)
  expect((await api.app.inject('/desk/')).json()).toMatchObject({
    code: 'NOT_FOUND',
    remedy: expect.stringContaining('npm run build:desk'),
  })
})

test('an unknown address is a problem like any other', async () => {
  await using api = await startApi(database)
  const answer = await api.app.inject({ method: 'POST', url: '/v1/queues?secret=1' })
  expect(answer.headers['content-type']).toBe('application/problem+json')
  expect(answer.json()).toMatchObject({
    status: 404,
    code: 'NOT_FOUND',
    detail: 'There is no POST /v1/queues.',
  })
})

test('what breaks inside is not told to the outside', async () => {
  await using api = await startApi(database)
  api.floor.queues = () => {
    throw new Error('a secret of the inside')
  }
  const answer = await api.as(await api.signIn('alice'))('GET', '/v1/queues')
  expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL' } })
  expect(JSON.stringify(answer.body)).not.toContain('secret')
})

test('a port that is in use is named', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await using api = await startApi(database)
  await expect(listen(api.app, { host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: `http.port is ${port}, which another program uses on 127.0.0.1.`,
    remedy: expect.stringContaining('--set http.port='),
  })
  await new Promise((resolve) => other.close(resolve))
})

test('an address of another machine is named', async () => {
  await using api = await startApi(database)
  await expect(listen(api.app, { host: '203.0.113.1', port: 0 })).rejects.toMatchObject({
    code: 'ADDRESS_UNAVAILABLE',
    message: expect.stringContaining('http.host is 203.0.113.1'),
  })
})
