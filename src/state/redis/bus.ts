import { messageOf } from '../../errors.ts'
import type { Bus } from '../bus.ts'
import { isFields, parseJson } from '../sealed.ts'
import type { Client } from './client.ts'
import type { RedisDomain } from './domain.ts'

/** Hints over PUBLISH and SUBSCRIBE, on one channel per domain. */
export class RedisBus implements Bus {
  readonly #domain: RedisDomain
  readonly #receivers = new Set<(topic: string, hint: unknown) => void>()
  #subscriber: Client | undefined

  constructor(domain: RedisDomain) {
    this.#domain = domain
  }

  publish(topic: string, hint: unknown): void {
    const { connection, keys } = this.#domain
    if (!connection.reachable) return
    void connection.run('bus.publish', (client) => client.publish(keys.bus, JSON.stringify({ topic, hint })))
  }

  subscribe(receive: (topic: string, hint: unknown) => void): () => void {
    this.#receivers.add(receive)
    if (!this.#subscriber) this.#listen()
    return () => this.#receivers.delete(receive)
  }

  close(): void {
    this.#receivers.clear()
    this.#subscriber?.disconnect()
  }

  #listen(): void {
    const { connection, keys, logger } = this.#domain
    const subscriber = connection.waiting('bus')
    this.#subscriber = subscriber
    subscriber.on('message', (_channel: string, message: string) => this.#received(message))
    const failed = (error: unknown): void => {
      logger.debug({ reason: messageOf(error) }, 'not subscribed to hints')
    }
    subscriber.on('ready', () => void subscriber.subscribe(keys.bus).catch(failed))
    subscriber.connect().catch(failed)
  }

  #received(message: string): void {
    const { keys, logger } = this.#domain
    try {
      const content = parseJson(message, `a message on ${keys.bus}`)
      if (!isFields(content) || typeof content['topic'] !== 'string') return
      for (const receive of this.#receivers) receive(content['topic'], content['hint'])
    } catch (thrown) {
      logger.warn({ reason: messageOf(thrown) }, 'a hint was not taken')
    }
  }
}
