import type { Logger } from 'pino'
import type { Cancel, Clock } from '../../clock/clock.ts'
import { messageOf, SwitchroomError } from '../../errors.ts'
import type { Reach } from '../state.ts'
import { placeOf, type RedisAddress } from './address.ts'
import { type Client, createClient } from './client.ts'

/** Between two tries whether Redis takes writes again, while connected. */
const PROBE_MS = 200

export interface ConnectionOptions {
  readonly address: RedisAddress
  readonly clock: Clock
  readonly logger: Logger
  /** How long Redis may take to answer a command before it counts as away. */
  readonly answerMs: number
  /** A key that may be written to see whether writing is possible. */
  readonly probe: string
}

export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string }

/**
 * The connection that commands go over. It is `away` from the first command that fails for whatever reason (a lost
 * connection, no answer in time, a replica, a full or failing disk) until a write has succeeded again.
 */
export class Connection {
  readonly client: Client
  readonly #options: ConnectionOptions
  readonly #place: string
  readonly #listeners = new Set<(reach: Reach) => void>()
  #reachable = false
  #reason = 'it was not asked yet'
  #closed = false
  #cancelProbe: Cancel = () => undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#place = placeOf(options.address)
    this.client = this.#clientFor('commands', false)
    this.client.on('ready', () => void this.#probe())
    // While it is away, the reason why is worth more than that another try has failed.
    this.client.on('close', () => this.#lost(this.#reachable ? 'the connection was closed' : this.#reason))
  }

  get reachable(): boolean {
    return this.#reachable
  }

  /** @throws SwitchroomError STATE_UNREACHABLE after `patienceMs` */
  async open(patienceMs: number): Promise<void> {
    const reached = new Promise<boolean>((resolve) => {
      const giveUp = this.#options.clock.after(patienceMs, () => resolve(false))
      const forget = this.onReach(() => {
        forget()
        giveUp()
        resolve(true)
      })
    })
    // A first try that fails is followed by others, and the last reason is told.
    this.client.connect().catch((error: unknown) => this.#failed(error))
    if (await reached) return
    const error = this.#unreachable()
    await this.close()
    throw error
  }

  onReach(listener: (reach: Reach) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Sends a command.
   * @param step what it is for: names the moment in the log
   */
  async run(step: string, command: (client: Client) => Promise<unknown>): Promise<Answer> {
    try {
      return { ok: true, value: await command(this.client) }
    } catch (thrown) {
      const reason = messageOf(thrown)
      this.#options.logger.debug({ step, reason }, 'Redis failed')
      this.#lost(reason)
      return { ok: false, reason: `${this.#place}: ${reason}` }
    }
  }

  /** @throws SwitchroomError STATE_UNREACHABLE */
  async ask(step: string, command: (client: Client) => Promise<unknown>): Promise<unknown> {
    const answer = await this.run(step, command)
    if (answer.ok) return answer.value
    throw this.#unreachable()
  }

  /** Another connection, for commands that wait for what comes. */
  waiting(name: string): Client {
    return this.#clientFor(name, true)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#cancelProbe()
    this.#listeners.clear()
    this.client.disconnect()
  }

  #clientFor(name: string, waits: boolean): Client {
    const { address, answerMs } = this.#options
    const client = createClient(address, { name: `switchroom-${name}`, answerMs, waits })
    client.on('error', (error: unknown) => this.#failed(error))
    client.on('node error', (error: unknown) => this.#failed(error))
    return client
  }

  #failed(error: unknown): void {
    this.#reason = messageOf(error)
  }

  #lost(reason: string): void {
    this.#reason = reason
    if (this.#closed) return
    if (this.#reachable) {
      this.#reachable = false
      this.#options.logger.warn({ reason }, `${this.#place} is away`)
      for (const listener of this.#listeners) listener('away')
    }
    // A connection that is dead without being closed must be replaced; one that is closed is, by itself.
    if (/timed out/i.test(reason) && this.client.status === 'ready') this.client.disconnect(true)
    this.#probeLater()
  }

  #probeLater(): void {
    this.#cancelProbe()
    this.#cancelProbe = this.#options.clock.after(PROBE_MS, () => void this.#probe())
  }

  async #probe(): Promise<void> {
    if (this.#closed || this.#reachable || this.client.status !== 'ready') return
    const { ok } = await this.run('connection.probe', (client) => client.set(this.#options.probe, ''))
    if (!ok || this.#closed || this.#reachable) return
    this.#reachable = true
    this.#options.logger.info(`${this.#place} is reached`)
    for (const listener of this.#listeners) listener('back')
  }

  #unreachable(): SwitchroomError {
    return new SwitchroomError('STATE_UNREACHABLE', `${this.#place} cannot be used: ${this.#reason}.`, {
      remedy: 'Start it, or correct the address and password in the settings.',
    })
  }
}
