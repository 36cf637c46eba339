import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { RedisAddress } from './address.ts'

export type Client = Redis | Cluster

/** Longest wait of a blocking read; a connection that is silent for longer is dead. */
export const BLOCK_MS = 2_000

/** How long to wait for the end of a connection that we have ended. */
const END_MS = 100

/** A Cluster that says twice where a key is moves it just now; more is a node that is gone. */
const REDIRECTIONS = 4

/** Longest pause between two tries to connect. */
const LONGEST_PAUSE_MS = 200

export interface ClientOptions {
  /** For people who look at Redis's list of clients. */
  readonly name: string
  /** How long Redis may take to answer. */
  readonly answerMs: number
  /** It waits for what comes (`XREAD BLOCK`, `SUBSCRIBE`), through losses of the connection. */
  readonly waits: boolean
}

/**
 * A client that does not connect yet. What was sent when the connection broke fails, and is never sent again
 * behind our back: only the journal knows what may be repeated.
 */
export function createClient(address: RedisAddress, { name, answerMs, waits }: ClientOptions): Client {
  const pause = (times: number): number => Math.min(25 * times, LONGEST_PAUSE_MS)
  const shared = {
    ...(address.username !== undefined && { username: address.username }),
    ...(address.password !== undefined && { password: address.password }),
    ...(address.tls && { tls: {} }),
    connectionName: name,
    connectTimeout: answerMs,
    autoResendUnfulfilledCommands: false,
    // Without it, what is not sent again is forgotten without an answer.
    maxRetriesPerRequest: 0,
    keepAlive: 5_000,
    ...(!waits && { commandTimeout: answerMs }),
    socketTimeout: waits ? BLOCK_MS + answerMs : 2 * answerMs,
    disconnectTimeout: END_MS,
    // A replica that we took for the master: look again where the master is.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  } satisfies RedisOptions
  if (address.kind === 'cluster') {
    return new Cluster([...address.hosts], {
      lazyConnect: true,
      enableOfflineQueue: waits,
      clusterRetryStrategy: pause,
      maxRedirections: REDIRECTIONS,
      redisOptions: shared,
    })
  }
  const single = {
    ...shared,
    lazyConnect: true,
    enableOfflineQueue: waits,
    retryStrategy: pause,
    db: address.db,
  }
  if (address.kind === 'sentinel') {
    return new Redis({
      ...single,
      sentinels: [...address.hosts],
      name: address.master,
      sentinelRetryStrategy: pause,
      sentinelCommandTimeout: answerMs,
      ...(address.tls && { enableTLSForSentinelMode: true }),
    })
  }
  const [{ host, port } = { host: 'localhost', port: 6379 }] = address.hosts
  return new Redis({ ...single, host, port })
}
