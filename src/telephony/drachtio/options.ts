import type { Logger } from 'pino'
import type { CallId } from '../../call/call.ts'
import type { Clock } from '../../clock/clock.ts'
import type { DigestAlgorithm } from '../digest.ts'
import type { FindCredentials } from '../telephony.ts'
import type { Trace } from '../trace.ts'
import type { Trunk } from '../trunk.ts'

/** Where drachtio-server listens for us. */
export interface DrachtioServerOptions {
  readonly host: string
  readonly port: number
  readonly secret: string
}

/** A FreeSWITCH and its event socket. */
export interface MediaServerOptions {
  /** For people and metrics; stable over restarts. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly secret: string
  /** The sofia profile that drachtio-server calls. */
  readonly profile: string
}

/** How the backend is set up that stands on drachtio-server and FreeSWITCH. */
export interface DrachtioOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly server: DrachtioServerOptions
  /** At least one. */
  readonly mediaServers: readonly MediaServerOptions[]
  /** Our address that FreeSWITCH opens its event sockets to, and what it is called from there when that differs. */
  readonly listenAddress: string
  readonly advertisedAddress?: string
  /** Digest realm; the stored HA1 of the devices are made with it. */
  readonly realm: string
  /** Host part of our own addresses (default: the address of drachtio-server's first contact). */
  readonly domain?: string
  /** Digest algorithms that devices are challenged with, the first on top (default MD5). */
  readonly digest?: readonly DigestAlgorithm[]
  readonly findCredentials: FindCredentials
  /** Is this dialled number in the plan? Only those are reached without credentials. */
  readonly isServed: (number: string) => boolean
  /** Where calls by number go, and come from (default: none). */
  readonly trunks?: readonly Trunk[]
  /** Hosts that `dial` may call by URI: `host`, `host:port`, `*` standing for any part. */
  readonly allowedUris: readonly string[]
  /** More inbound calls than this at once are answered 503; unlimited when absent. */
  readonly maxCalls?: number
  /** Silence before `call.media-lost`, milliseconds (default 5 000). */
  readonly mediaLostAfterMs?: number
  /** After `call.media-lost`, this much more silence ends the leg, milliseconds; 0: never. Default 60 000. */
  readonly mediaTimeoutMs?: number
  /** Session-Expires that we ask for (RFC 4028 4), seconds (default 1 800). */
  readonly sessionExpiresSeconds?: number
  /** How long calls outlive the connection to drachtio-server, milliseconds (default 30 000). */
  readonly signallingGraceMs?: number
  /** Is told which SIP dialog is which leg; the messages themselves come from drachtio-server by HEP. */
  readonly trace?: Trace | undefined
  /** Makes the id of an offered call, unique over restarts (default: random UUIDs). */
  readonly callIds?: () => CallId
}

/** Size of everything that could leak; for metrics and tests. */
export interface Sizes {
  readonly calls: number
  readonly registrations: number
  readonly endpoints: number
}
