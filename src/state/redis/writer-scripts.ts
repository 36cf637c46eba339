/**
 * The scripts of whoever writes the journal. Each compares the writer's term with the one in `head` first, and
 * answers with what was found: [outcome, epoch, sequence, at, link], where outcome is
 *
 * - `committed`: done (or, for the same group again, done already);
 * - `fenced`: a later term, or another one of the same epoch, has begun; nothing was changed;
 * - `rolled-back`: this Redis knows of less than the writer was told; nothing was changed. It is an older copy.
 */
import { Script } from './script.ts'

/** Every script begins so: KEYS[1] head, ARGV[1] epoch, ARGV[2] owner of the writer. */
const COMPARE_TERMS = `
local head = redis.call('HMGET', KEYS[1], 'epoch', 'owner', 'sequence', 'at', 'link')
local epoch, sequence, at, link = head[1] or '0', head[3] or '0', head[4] or '0', head[5] or '0'
local function found(outcome) return {outcome, epoch, sequence, at, link} end
local mine = epoch == ARGV[1] and head[2] == ARGV[2]
local older = tonumber(epoch) < tonumber(ARGV[1])
`

const REFUSE_OTHERS = `${COMPARE_TERMS}
if not mine then return found(older and 'rolled-back' or 'fenced') end
`

/**
 * KEYS: head, journal, inbox, acknowledged, then the outbox of the node that acknowledges, then those with effects.
 * ARGV: epoch, owner; sequence and link of the group's beginning; sequence, at and link of its end; its entries;
 *   the node that acknowledges ('' for none) and up to where; the sequence behind that; number of outboxes with effects,
 *   and their effects; then the inbox ids that it has taken.
 */
export const append = new Script(`${REFUSE_OTHERS}
if sequence ~= ARGV[3] or link ~= ARGV[4] then
  if sequence == ARGV[5] and link == ARGV[7] then return found('committed') end
  return found(tonumber(sequence) < tonumber(ARGV[3]) and 'rolled-back' or 'fenced')
end
redis.call('XADD', KEYS[2], ARGV[5] .. '-0', 'entries', ARGV[8])
redis.call('HSET', KEYS[1], 'sequence', ARGV[5], 'at', ARGV[6], 'link', ARGV[7])
if ARGV[9] ~= '' then
  redis.call('HSET', KEYS[4], ARGV[9], ARGV[10])
  redis.call('XTRIM', KEYS[5], 'MINID', ARGV[11])
end
local outboxes = tonumber(ARGV[12])
for i = 1, outboxes do
  redis.call('XADD', KEYS[5 + i], ARGV[5] .. '-0', 'effects', ARGV[12 + i])
end
for i = 13 + outboxes, #ARGV do redis.call('XDEL', KEYS[3], ARGV[i]) end
sequence, at, link = ARGV[5], ARGV[6], ARGV[7]
return found('committed')
`)

/**
 * Keeps a snapshot that is not behind the journal, nor before the one that is there.
 * KEYS: head, snapshot. ARGV: epoch, owner, its sequence, its text.
 */
export const saveSnapshot = new Script(`${REFUSE_OTHERS}
if tonumber(sequence) < tonumber(ARGV[3]) then return found('rolled-back') end
if tonumber(redis.call('HGET', KEYS[2], 'sequence') or '0') <= tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[2], 'sequence', ARGV[3], 'text', ARGV[4])
end
return found('committed')
`)

/**
 * Forgets entries, those behind the snapshot excepted.
 * KEYS: head, journal, snapshot. ARGV: epoch, owner; sequence, at and link up to where; the stream id behind that.
 */
export const trim = new Script(`${REFUSE_OTHERS}
if tonumber(ARGV[3]) <= tonumber(redis.call('HGET', KEYS[3], 'sequence') or '0') then
  redis.call('XTRIM', KEYS[2], 'MINID', ARGV[6])
  redis.call('HSET', KEYS[1], 'start-sequence', ARGV[3], 'start-at', ARGV[4], 'start-link', ARGV[5])
end
return found('committed')
`)

/**
 * Makes the writer's term this Redis's own where it knows only of earlier ones. KEYS: head, lease.
 * ARGV: epoch, owner, lease in milliseconds.
 */
export const claim = new Script(`${COMPARE_TERMS}
if not mine and not older then return found('fenced') end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'owner', ARGV[2])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
epoch = ARGV[1]
return found('committed')
`)

/**
 * Lets the journal go on from a snapshot, whatever it lacks before it.
 * KEYS: head, snapshot. ARGV: epoch, owner, sequence, at and link of the snapshot, its text.
 */
export const rebase = new Script(`${REFUSE_OTHERS}
if tonumber(sequence) > tonumber(ARGV[3]) then return found('fenced') end
if sequence ~= ARGV[3] then
  redis.call('HSET', KEYS[1], 'start-sequence', ARGV[3], 'start-at', ARGV[4], 'start-link', ARGV[5])
end
redis.call('HSET', KEYS[1], 'sequence', ARGV[3], 'at', ARGV[4], 'link', ARGV[5])
redis.call('HSET', KEYS[2], 'sequence', ARGV[3], 'text', ARGV[6])
sequence, at, link = ARGV[3], ARGV[4], ARGV[5]
return found('committed')
`)
