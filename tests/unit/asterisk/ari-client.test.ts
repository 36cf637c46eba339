/** `ari-client` as it is mended, at a server that describes itself and answers like ARI. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AriError, ariErrorOf } from '../../../src/telephony/asterisk/ari-error.ts'
import { type Client, connect } from '../../../src/telephony/asterisk/mended-ari-client.ts'

const channelId = { name: 'channelId', paramType: 'path', required: true, dataType: 'string' }
const operation = (httpMethod: string, nickname: string, responseClass: string) => ({
  httpMethod,
  nickname,
  responseClass,
  parameters: [channelId],
})

let server: Server
let base: string
let connections: number
let requests: string[]
let answer: (request: IncomingMessage, response: ServerResponse) => void

beforeEach(async () => {
  connections = 0
  requests = []
  answer = (_request, response) => void response.end(JSON.stringify({ id: 'c1', name: 'PJSIP/alice-1' }))
  server = createServer((request, response) => {
    const { url = '', method, headers } = request
    if (headers.authorization !== `Basic ${btoa('user:secret')}`) {
      response.statusCode = 401
      return void response.end('{"message":"Authentication required"}')
    }
    if (url === '/ari/api-docs/resources.json') {
      const apis = [{ path: '/api-docs/channels.{format}', description: '' }]
      return void response.end(JSON.stringify({ swaggerVersion: '1.1', basePath: `${base}/ari`, apis }))
    }
    if (url === '/ari/api-docs/channels.json') {
      const operations = [operation('GET', 'get', 'Channel'), operation('POST', 'answer', 'void')]
      const apis = operations.map((each) => ({
        path: each.nickname === 'get' ? '/channels/{channelId}' : '/channels/{channelId}/answer',
        description: '',
        operations: [each],
      }))
      const description = { swaggerVersion: '1.1', resourcePath: '/channels', basePath: `${base}/ari` }
      return void response.end(JSON.stringify({ ...description, apis, models: {} }))
    }
    requests.push(`${method} ${url}`)
    answer(request, response)
  })
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const client = (): Promise<Client> => Promise.resolve(connect(base, 'user', 'secret'))
const failureOf = async (work: Promise<unknown>): Promise<AriError> => {
  return work.then(
    () => new AriError('refused', 'it did not fail'),
    (thrown: unknown) => ariErrorOf(thrown),
  )
}

it('requests that follow each other share one connection, and what comes back is what was written', async () => {
  const { channels } = await client()
  const before = connections
  for (let times = 0; times < 20; times++) await channels.answer({ channelId: 'c 1' })
  const found = await channels.get({ channelId: 'c1' })
  expect(connections - before).toBeLessThanOrEqual(1)
  expect(requests).toHaveLength(21)
  expect(requests[0]).toBe('POST /ari/channels/c%201/answer')
  expect(Object.entries(found)).toEqual([
    ['id', 'c1'],
    ['name', 'PJSIP/alice-1'],
  ])
})

it('a refusal is told by its text, a connection that ends and an answer that is none are told too', async () => {
  const { channels } = await client()
  answer = (_request, response) => {
    response.statusCode = 404
    response.end('{"message":"Channel not found"}')
  }
  expect(await failureOf(channels.answer({ channelId: 'c1' }))).toMatchObject({ kind: 'gone' })
  answer = (_request, response) => void response.end('<html>')
  expect(await failureOf(channels.get({ channelId: 'c1' }))).toMatchObject({ kind: 'refused' })
  answer = (request) => void request.socket.destroy()
  expect(await failureOf(channels.answer({ channelId: 'c1' }))).toMatchObject({ kind: 'unreachable' })
})

it('a wrong password fails the connection', async () => {
  await expect(connect(base, 'user', 'wrong')).rejects.toThrow(/^401/)
})
