/** What carries the calls in end-to-end tests: the same stories are told on each. */
import { describe } from 'vitest'
import { ARI_PASSWORD, startShippedAsterisk } from './asterisk-shipped.ts'
import { describeWith } from './describe-with.ts'
import { drachtioBackend } from './drachtio.ts'

export type BackendName = 'embedded' | 'asterisk' | 'drachtio'

/** The servers of others that a backend stands on, and the settings that name them. */
export interface BackendServers extends AsyncDisposable {
  readonly settings: Readonly<Record<string, string | number>>
  readonly env: Readonly<Record<string, string>>
}

/** Defines the suite once for each backend. */
export function describeBackends(define: (backend: BackendName) => void): void {
  describe('on embedded', () => define('embedded'))
  describeWith(['asterisk'], 'on asterisk', () => define('asterisk'))
  describeWith(['drachtio', 'freeswitch'], 'on drachtio', () => define('drachtio'))
}

/**
 * @param rtpPorts how many ports for audio, where the server is started here
 * @returns undefined where the backend stands on nothing
 */
export async function startBackend(
  backend: BackendName,
  rtpPorts?: number,
): Promise<BackendServers | undefined> {
  if (backend === 'embedded') return undefined
  if (backend === 'drachtio') return drachtioBackend()
  const asterisk = await startShippedAsterisk({}, rtpPorts)
  return {
    settings: {
      'telephony.backend': 'asterisk',
      'asterisk.servers': asterisk.url,
      'asterisk.mediaPort': 0,
      'sip.port': asterisk.sipPort,
    },
    env: { SWITCHROOM_ASTERISK_PASSWORD: ARI_PASSWORD },
    [Symbol.asyncDispose]: () => asterisk.stop(),
  }
}
