/**
 * The same life as plain transactions: state in hashes and a sorted set, each transition one MULTI/EXEC with its event
 * logged. It is not fenced: MULTI/EXEC cannot look before it writes.
 */
import { Redis } from 'ioredis'
import { type Counted, countLives } from './contender.ts'

const KEEP = ['MAXLEN', '~', 50_000] as const

export async function transactionLives(url: string, seconds: number): Promise<Counted> {
  const redis = new Redis(url)
  let contacts = 0
  const event = (contact: string, type: string) => ['*', 'contact', contact, 'type', type] as const
  const live = async (contact: string): Promise<void> => {
    const key = `{bench}:contact:${contact}`
    await redis
      .multi()
      .zadd('{bench}:waiting', contacts, contact)
      .hset(key, 'state', 'waiting')
      .xadd('{bench}:events', ...KEEP, ...event(contact, 'contact.queued'))
      .exec()
    await redis
      .multi()
      .zrem('{bench}:waiting', contact)
      .hset(key, 'state', 'offered', 'agent', 'agent-17')
      .xadd('{bench}:events', ...KEEP, ...event(contact, 'offer.ringing'))
      .exec()
    await redis
      .multi()
      .hset(key, 'state', 'connected')
      .xadd('{bench}:events', ...KEEP, ...event(contact, 'offer.accepted'))
      .exec()
    await redis
      .multi()
      .del(key)
      .xadd('{bench}:events', ...KEEP, ...event(contact, 'contact.ended'))
      .exec()
  }
  const counted = await countLives(seconds, (ended) => {
    live(`contact-${++contacts}`).then(ended, fail)
  })
  redis.disconnect()
  return counted
}

function fail(error: unknown): void {
  if (String(error).includes('Connection is closed')) return
  console.error(error)
  process.exit(1)
}
