import { messageOf } from '../../errors.ts'
import type { MediaEndpoint } from './media-endpoint.ts'
import { MediaServer, type MediaServerSurroundings } from './media-server.ts'
import type { MediaServerOptions } from './options.ts'

/** An endpoint, and the server that it is on. */
export interface Placed {
  readonly endpoint: MediaEndpoint
  readonly server: MediaServer
}

/** All media servers: a leg gets the one that stands and is the least full. */
export class MediaServers {
  readonly #servers: readonly MediaServer[]
  readonly #around: MediaServerSurroundings

  constructor(options: readonly MediaServerOptions[], around: MediaServerSurroundings) {
    this.#around = around
    this.#servers = options.map((each) => new MediaServer(each, around))
  }

  /** Can any take a leg? */
  get serving(): boolean {
    return this.#servers.some((server) => server.ready)
  }

  get endpoints(): number {
    return this.#servers.reduce((sum, server) => sum + server.endpoints, 0)
  }

  /** Tries each once; resolves with why each that failed did. Those are tried again and again. */
  async start(): Promise<readonly string[]> {
    const answers = await Promise.all(
      this.#servers.map(async (server) => ({ server, why: await server.start() })),
    )
    return answers.flatMap(({ server, why }) => (why === undefined ? [] : `${server.name}: ${why}`))
  }

  /**
   * An endpoint for a leg, on the least full server that has one; where one fails, on the next.
   * @param on the only server that will do, for legs that are to hear each other
   * @throws when none has one
   */
  async endpoint(remoteSdp: string | undefined, on?: MediaServer): Promise<Placed> {
    const able = (on ? [on] : this.#servers)
      .filter((server) => server.serves)
      .toSorted((a, b) => a.fullness - b.fullness)
    let why = 'none is connected and has room'
    for (const server of able) {
      try {
        return { endpoint: await server.endpoint(remoteSdp), server }
      } catch (error) {
        why = messageOf(error)
        this.#around.logger.warn({ server: server.name, why }, 'media server gave no endpoint')
      }
    }
    throw new Error(`no media server took the call: ${why}`)
  }

  stop(): void {
    for (const server of this.#servers) server.stop()
  }
}
