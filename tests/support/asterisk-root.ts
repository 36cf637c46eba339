import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where `scripts/asterisk-chroot.sh` puts Asterisk 22: outside the checkout, so that it outlives a fresh clone. */
export const asteriskRoot =
  process.env['SWITCHROOM_TEST_ASTERISK_ROOT'] ?? join(cacheHome(), 'switchroom/asterisk-22')

function cacheHome(): string {
  if (process.getuid?.() === 0) return '/var/cache'
  return process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
}
