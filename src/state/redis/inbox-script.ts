import { Script } from './script.ts'

/**
 * KEYS: inbox, then a key per input under which it is remembered. ARGV: how long that is, in milliseconds; then the
 * inputs. Answers how many were there already.
 */
export const put = new Script(`
local duplicates = 0
for i = 2, #KEYS do
  if redis.call('SET', KEYS[i], '', 'NX', 'PX', ARGV[1]) then
    redis.call('XADD', KEYS[1], '*', 'input', ARGV[i])
  else
    duplicates = duplicates + 1
  end
end
return duplicates
`)
