/** Several Redis that belong together: a master and its replica behind a Sentinel, or a Cluster. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis as Client } from 'ioredis'
import { program } from './peers.ts'
import { freePort } from './ports.ts'
import { start } from './process.ts'
import { type Redis, startRedis } from './redis.ts'
import { tempFolder } from './temp-folder.ts'
import { until } from './until.ts'

export interface SentinelGroup extends AsyncDisposable {
  readonly url: string
  readonly master: Redis
  readonly replica: Redis
  stop(): Promise<void>
}

const MASTER_NAME = 'routing'

/** A Sentinel that takes a master for dead after 300 ms, with one master and one replica. */
export async function startSentinelGroup(): Promise<SentinelGroup> {
  const master = await startRedis()
  const replica = await startRedis({ settings: { replicaof: `127.0.0.1 ${master.port}` } })
  const folder = await tempFolder('sentinel')
  const port = await freePort()
  const file = join(folder.path, 'sentinel.conf')
  await writeFile(
    file,
    [
      'bind 127.0.0.1',
      `port ${port}`,
      `dir ${folder.path}`,
      `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${master.port} 1`,
      `sentinel down-after-milliseconds ${MASTER_NAME} 300`,
      `sentinel failover-timeout ${MASTER_NAME} 3000`,
      '',
    ].join('\n'),
  )
  const sentinel = start(program('redis'), [file, '--sentinel'])
  const stop = async (): Promise<void> => {
    await sentinel.stop()
    await Promise.all([master.stop(), replica.stop()])
    await folder.remove()
  }
  try {
    await sentinel.line(/\+slave slave/)
    await untilReplicated(replica)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: `redis+sentinel://127.0.0.1:${port}/${MASTER_NAME}`,
    master,
    replica,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** A Cluster of one node that has all the slots: what spans slots is refused as by any other. */
export async function startClusterNode(
  settings: Readonly<Record<string, string | number>> = {},
): Promise<Redis> {
  const redis = await startRedis({
    settings: { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1', ...settings },
  })
  await send(redis, 'CLUSTER', ['ADDSLOTSRANGE', '0', '16383'])
  await until('the cluster is complete', async () =>
    String(await send(redis, 'CLUSTER', ['INFO'])).includes('cluster_state:ok'),
  )
  return Object.assign(redis, { url: `redis+cluster://127.0.0.1:${redis.port}` })
}

/** Sends one command over a connection of its own. */
export async function send(redis: Redis, command: string, args: readonly string[]): Promise<unknown> {
  const client = new Client(redis.port, '127.0.0.1')
  try {
    return await client.call(command, ...args)
  } finally {
    client.disconnect()
  }
}

async function untilReplicated(replica: Redis): Promise<void> {
  await until('the replica follows its master', async () =>
    String(await send(replica, 'INFO', ['replication'])).includes('master_link_status:up'),
  )
}
