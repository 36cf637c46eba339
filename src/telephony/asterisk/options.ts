import type { Logger } from 'pino'
import type { CallId } from '../../call/call.ts'
import type { Clock } from '../../clock/clock.ts'
import type { DeviceCredentials } from '../telephony.ts'
import type { Trace } from '../trace.ts'
import type { Trunk } from '../trunk.ts'

/** How Switchroom works with one or several Asterisk servers. */
export interface AsteriskOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Where ARI is served, each `http://host:port` or `https://host:port`. */
  readonly servers: readonly string[]
  /** Credentials of ari.conf, the same on every server: `ari-client` keeps one pair per process. */
  readonly username: string
  readonly password: string
  /** Name of the Stasis application: what the dialplan hands calls to. Letters, digits, `-` and `_`. */
  readonly application: string
  /** Hosts that `dial` may call by URI: `host`, `host:port`, `*` standing for any part. */
  readonly allowedUris: readonly string[]
  /** Where Asterisk fetches our audio from. */
  readonly media: {
    /** Address to bind. */
    readonly host: string
    /** 0: any free one. */
    readonly port: number
    /** What Asterisk is told, when it is not that address: `http://host:port`. */
    readonly publicUrl?: string
  }
  /** Where phones and trunks find Asterisk, for people to read. */
  readonly address: { readonly host: string; readonly port: number }
  /** Digest realm; the stored HA1 of the devices are made with it. */
  readonly realm: string
  /** Digest algorithms that phones are challenged with. */
  readonly digest: readonly ('MD5' | 'SHA-256')[]
  /** Everybody's phones. Read again after `devicesChanged`. */
  readonly listDevices: () => Promise<readonly DeviceCredentials[]>
  /** Trunks of the center. */
  readonly trunks?: readonly Trunk[]
  /** Is this number in the plan? For a trunk that writes numbers in two ways. */
  readonly isServed?: (number: string) => boolean
  /** A call without audio from the far end for so long is ended, milliseconds; 0: never. Default 60 000. */
  readonly mediaTimeoutMs?: number
  /** More inbound calls than this at once are refused with 503; unlimited when absent. */
  readonly maxCalls?: number
  /** A server that cannot be reached for so long has lost its calls, milliseconds (default 30 000). */
  readonly lostAfterMs?: number
  /** Is told which SIP dialog a leg is; the messages themselves come from Asterisk by HEP. */
  readonly trace?: Trace | undefined
  /** Makes the id of an offered call, unique over restarts (default: random UUIDs). */
  readonly callIds?: () => CallId
}
