/**
 * `ari-client` 2.2.0 with what is inside it mended: `swagger-client` throws into the event loop when a description
 * cannot be read (a wrong password, an Asterisk that is still starting) and writes to standard output; its HTTP client
 * tells nobody when a connection fails, and is made anew for every request; and every channel in an answer or an event
 * gets some forty functions of its own, which nobody here calls. See docs/decisions/008-ari-client.md.
 */
import { Agent, type IncomingMessage, request as plainRequest } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { createRequire } from 'node:module'
import { messageOf } from '../../errors.ts'

export { type Client, connect } from 'ari-client'

/** The parts of swagger-client 2.0 that are mended. */
interface SwaggerClient {
  readonly SwaggerApi: { readonly prototype: SwaggerApi }
  readonly ShredHttpClient: { readonly prototype: { execute: (options: HttpOptions) => void } }
}

interface SwaggerApi {
  fail(message: unknown): void
  /** Set by ari-client: rejects the promise of `connect`. */
  failure?(message: unknown): void
}

interface HttpOptions {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly on: Readonly<Record<'response' | 'error', (response: HttpResponse) => void>>
}

interface HttpResponse {
  readonly status: number
  readonly statusText: string
  readonly data: Buffer | string
}

/** What ari-client makes of a channel, a bridge and the like, by type. */
type Resources = { readonly knownTypes: readonly string[] } & Record<string, unknown>

declare global {
  /** Made by swagger-client, which writes with it. */
  var log: (...words: unknown[]) => void
}

/** Asterisk closes a connection that is idle for 15 s: ours must be gone before that, or a request may meet its end. */
const IDLE_MS = 10_000
/** Asterisk has a thread for each connection, and refuses the hundredth (`session_limit`). */
const CONNECTIONS = 32
const agent = new Agent({ keepAlive: true, timeout: IDLE_MS, maxSockets: CONNECTIONS })
const secureAgent = new SecureAgent({ keepAlive: true, timeout: IDLE_MS, maxSockets: CONNECTIONS })

const resolve = createRequire(import.meta.url)
const inside = createRequire(resolve.resolve('ari-client'))
const swagger: unknown = inside('swagger-client')
if (!isSwaggerClient(swagger)) throw new TypeError('swagger-client is not the version that is mended here')
const resources: unknown = inside('./resources.js')
if (!isResources(resources)) throw new TypeError('ari-client is not the version that is mended here')

log = () => undefined

swagger.SwaggerApi.prototype.fail = function (message) {
  this.failure?.(message)
}

swagger.ShredHttpClient.prototype.execute = ({ url, method, headers, body, on }) => {
  const [send, through] = url.startsWith('https:') ? [secureRequest, secureAgent] : [plainRequest, agent]
  const failed = (cause: unknown): void => {
    on.error({ status: 0, statusText: '', data: JSON.stringify({ unreachable: messageOf(cause) }) })
  }
  const sent = send(url, { method: method.toUpperCase(), headers, agent: through }, (message) =>
    receive(message, failed, (response) => {
      if (response.status >= 400) return on.error(response)
      try {
        on.response(response)
      } catch (cause) {
        on.error({ ...response, data: `not what ARI answers: ${messageOf(cause)}` })
      }
    }),
  )
  sent.on('error', failed)
  sent.end(body)
}

/** A channel, a bridge or the like, as Asterisk wrote it. */
class Plain {
  constructor(fields: object) {
    Object.assign(this, fields)
  }

  /** Listeners for one thing alone would be found by this; we have none. */
  _id(): string {
    return ''
  }
}

for (const type of resources.knownTypes) {
  resources[type] = (_client: unknown, fields: object) => new Plain(fields)
}

function receive(
  message: IncomingMessage,
  failed: (cause: unknown) => void,
  received: (response: HttpResponse) => void,
): void {
  const parts: Buffer[] = []
  message.on('data', (part: Buffer) => void parts.push(part))
  message.on('error', failed)
  message.on('end', () => {
    const { statusCode: status = 0, statusMessage: statusText = '' } = message
    received({ status, statusText, data: Buffer.concat(parts) })
  })
}

function isSwaggerClient(module: unknown): module is SwaggerClient {
  if (typeof module !== 'object' || module === null) return false
  const has = (name: string, method: string): boolean => {
    const made: unknown = Reflect.get(module, name)
    return typeof made === 'function' && typeof Reflect.get(made.prototype, method) === 'function'
  }
  return has('SwaggerApi', 'fail') && has('ShredHttpClient', 'execute')
}

function isResources(module: unknown): module is Resources {
  if (typeof module !== 'object' || module === null) return false
  const types: unknown = Reflect.get(module, 'knownTypes')
  return (
    Array.isArray(types) &&
    types.every((type) => typeof type === 'string' && typeof Reflect.get(module, type) === 'function')
  )
}
