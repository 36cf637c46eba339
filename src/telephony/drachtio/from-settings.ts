import type { Settings } from '../../config/settings.ts'
import type { DrachtioOptions } from './options.ts'

/** What the settings say of this backend. */
export function drachtioOptions(
  { drachtio, sip, limits }: Settings,
  parts: Pick<DrachtioOptions, 'clock' | 'logger' | 'findCredentials' | 'isServed' | 'trunks' | 'trace'>,
): DrachtioOptions {
  const { host, port, secret, mediaServers, mediaPassword, profile, listenHost, advertisedHost } = drachtio
  return {
    ...parts,
    server: { host, port, secret },
    mediaServers: mediaServers.map((address) => {
      const [name = '', number] = address.split(':')
      return { name: address, host: name, port: Number(number), secret: mediaPassword, profile }
    }),
    listenAddress: listenHost,
    ...(advertisedHost !== '' && { advertisedAddress: advertisedHost }),
    realm: sip.realm,
    digest: sip.digest,
    allowedUris: sip.allowedUris,
    maxCalls: limits.calls,
    mediaTimeoutMs: sip.mediaTimeout * 1000,
    signallingGraceMs: drachtio.lostAfter * 1000,
  }
}
