/** The scripts of leadership. A term begins in the same step that takes the lease: from then on `head` refuses others. */
import { Script } from './script.ts'

/**
 * KEYS: lease, head. ARGV: owner, lease in milliseconds.
 * Answers [epoch, 0] of the term that has begun, or [0, milliseconds until somebody else's lease ends].
 */
export const acquire = new Script(`
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return {0, redis.call('PTTL', KEYS[1])}
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local epoch = redis.call('HINCRBY', KEYS[2], 'epoch', 1)
redis.call('HSET', KEYS[2], 'owner', ARGV[1])
return {epoch, 0}
`)

/**
 * KEYS: lease, head. ARGV: owner, lease in milliseconds, epoch. Answers the epoch of the term in force: the own one, or
 * 0 when another owner has it. A Redis that only knows of earlier terms has lost its latest writes, and is told.
 */
export const renew = new Script(`
local head = redis.call('HMGET', KEYS[2], 'epoch', 'owner')
local epoch = tonumber(head[1] or '0')
if epoch > tonumber(ARGV[3]) or (epoch == tonumber(ARGV[3]) and head[2] ~= ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('HSET', KEYS[2], 'epoch', ARGV[3], 'owner', ARGV[1])
return tonumber(ARGV[3])
`)

/** KEYS: lease. ARGV: owner. */
export const resign = new Script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`)
