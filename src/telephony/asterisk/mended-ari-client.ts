/**
 * `ari-client` 2.2.0 with three defects of the libraries inside it mended, each of which would end or stall the whole
 * process: `swagger-client` throws into the event loop when a description cannot be read (a wrong password, an
 * Asterisk that is still starting); a request whose connection fails is told to nobody; and it writes to standard
 * output. See docs/decisions/008-ari-client.md.
 */
import { createRequire } from 'node:module'
import { messageOf } from '../../errors.ts'

export { type Client, connect } from 'ari-client'

/** The parts of swagger-client 2.0 that are mended. */
interface SwaggerClient {
  readonly SwaggerApi: { readonly prototype: SwaggerApi }
  readonly ShredHttpClient: {
    readonly prototype: { execute: (this: object, options: HttpOptions) => HttpRequest }
  }
}

interface SwaggerApi {
  fail(message: unknown): void
  /** Set by ari-client: rejects the promise of `connect`. */
  failure?(message: unknown): void
}

interface HttpOptions {
  readonly on: { readonly error: (response: { readonly status: number; readonly data: string }) => void }
}

interface HttpRequest {
  on(handlers: { readonly request_error: (error: unknown) => void }): unknown
}

declare global {
  /** Made by swagger-client, which writes with it. */
  var log: (...words: unknown[]) => void
}

const resolve = createRequire(import.meta.url)
const inside = createRequire(resolve.resolve('ari-client'))
const swagger: unknown = inside('swagger-client')
if (!isSwaggerClient(swagger)) throw new TypeError('swagger-client is not the version that is mended here')

log = () => undefined

swagger.SwaggerApi.prototype.fail = function (message) {
  this.failure?.(message)
}

const http = swagger.ShredHttpClient.prototype
const execute = http.execute
http.execute = function (options) {
  // It is replaced by `execute`.
  const { error } = options.on
  const request = execute.call(this, options)
  request.on({
    request_error: (cause) => error({ status: 0, data: JSON.stringify({ unreachable: messageOf(cause) }) }),
  })
  return request
}

function isSwaggerClient(module: unknown): module is SwaggerClient {
  if (typeof module !== 'object' || module === null) return false
  const has = (name: string, method: string): boolean => {
    const made: unknown = Reflect.get(module, name)
    return typeof made === 'function' && typeof Reflect.get(made.prototype, method) === 'function'
  }
  return has('SwaggerApi', 'fail') && has('ShredHttpClient', 'execute')
}
