import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Clock } from '../../clock/clock.ts'
import { DOMAIN_NAME, type State } from '../state.ts'
import { parseRedisUrl } from './address.ts'
import { RedisBus } from './bus.ts'
import { Connection } from './connection.ts'
import { RedisDomain } from './domain.ts'
import { RedisJournal } from './journal.ts'
import { Keys } from './keys.ts'
import { RedisLeadership } from './leadership.ts'

export interface RedisStateOptions {
  /** @see parseRedisUrl */
  readonly url: string
  readonly domain: string
  readonly clock: Clock
  readonly logger: Logger
  /** How long after the last sign of life of the writer another one takes over. */
  readonly leaseMs: number
  /** How long Redis may take to answer before it counts as away (default: half a lease, at most 1 s). */
  readonly answerMs?: number
  /** How long to wait for Redis at the start (default 10 s). */
  readonly patienceMs?: number
}

const LONGEST_ANSWER_MS = 1_000
const PATIENCE_MS = 10_000

/**
 * Opens the state of a domain in Redis or Valkey.
 * @throws SwitchroomError SETTING_INVALID for the address, STATE_UNREACHABLE
 */
export async function openRedisState(options: RedisStateOptions): Promise<State> {
  const { clock, logger, leaseMs } = options
  if (!DOMAIN_NAME.test(options.domain)) throw new RangeError(`a domain cannot be called ${options.domain}`)
  const keys = new Keys(options.domain)
  const connection = new Connection({
    address: parseRedisUrl(options.url),
    clock,
    logger,
    answerMs: options.answerMs ?? Math.min(leaseMs / 2, LONGEST_ANSWER_MS),
    probe: keys.probe,
  })
  await connection.open(options.patienceMs ?? PATIENCE_MS)
  const domain = new RedisDomain({ keys, connection, clock, logger, leaseMs })
  const leadership = new RedisLeadership(domain, randomUUID())
  const bus = new RedisBus(domain)
  return {
    journal: new RedisJournal(domain),
    leadership,
    bus,
    get reachable() {
      return connection.reachable
    },
    onReach: (listener) => connection.onReach(listener),
    close: async () => {
      leadership.close()
      bus.close()
      await domain.close()
    },
  }
}
