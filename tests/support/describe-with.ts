import { describe } from 'vitest'
import { missing, needOf, type PeerName } from './peers.ts'

/**
 * A suite that needs programs of others; skipped, under a name that says so, where one is missing.
 * The runner counts on the name: on the build machine every required peer must have a suite that ran.
 */
export function describeWith(needs: readonly PeerName[], title: string, define: () => void): void {
  describe.skipIf(needs.some(missing))(`${title} ${needs.map(needOf).join(' ')}`, define)
}
