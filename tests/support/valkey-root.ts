import { dirname, join } from 'node:path'
import { asteriskRoot } from './asterisk-root.ts'

/** Where `scripts/valkey.sh` puts Valkey: beside Asterisk. */
export const valkeyRoot = process.env['SWITCHROOM_TEST_VALKEY_ROOT'] ?? join(dirname(asteriskRoot), 'valkey')
