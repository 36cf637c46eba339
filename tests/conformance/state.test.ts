import { afterAll, beforeAll, describe } from 'vitest'
import { RealClock } from '../../src/clock/real-clock.ts'
import { openMemoryState } from '../../src/state/memory/state.ts'
import { openRedisState } from '../../src/state/redis/state.ts'
import { silent } from '../support/database.ts'
import { describeWith } from '../support/describe-with.ts'
import { startRedis } from '../support/redis.ts'
import { startClusterNode, startSentinelGroup } from '../support/redis-groups.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'
import { type OpenState, stateConformance } from './state.ts'
import { stateBetweenNodes } from './state-nodes.ts'

const clock = new RealClock()
const LEASE_MS = 300

describe('state: in memory and on disk', () => {
  let folder: TempFolder
  beforeAll(async () => {
    folder = await tempFolder('state')
  })
  afterAll(() => folder.remove())
  stateConformance((domain) => openMemoryState({ folder, domain, clock, logger: silent }))
})

const inRedis = (redis: () => { readonly url: string }): OpenState => {
  return (domain) =>
    openRedisState({ url: redis().url, domain, clock, logger: silent, leaseMs: LEASE_MS, answerMs: 1_000 })
}

const servers = [
  { title: 'state: Redis', needs: 'redis', start: () => startRedis() },
  { title: 'state: Redis Cluster', needs: 'redis', start: () => startClusterNode() },
  { title: 'state: Redis behind a Sentinel', needs: 'redis', start: startSentinelGroup },
  { title: 'state: Valkey', needs: 'valkey', start: () => startRedis({ peer: 'valkey' }) },
] as const

for (const { title, needs, start } of servers) {
  describeWith([needs], title, () => {
    let redis: { readonly url: string; stop(): Promise<void> }
    beforeAll(async () => {
      redis = await start()
    })
    afterAll(() => redis.stop())
    const open = inRedis(() => redis)
    stateConformance(open)
    stateBetweenNodes(open, LEASE_MS)
  })
}
