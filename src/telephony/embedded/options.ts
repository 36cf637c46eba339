import type { Logger } from 'pino'
import type { CallId, Party } from '../../call/call.ts'
import type { Clock } from '../../clock/clock.ts'
import type { DigestAlgorithm } from '../digest.ts'
import type { FindCredentials } from '../telephony.ts'
import type { Trace } from '../trace.ts'
import type { Trunk } from '../trunk.ts'
import type { MediaLink } from './media-link.ts'
import type { ThrottleOptions } from './sip/throttle.ts'

/** How the embedded SIP server is set up. */
export interface EmbeddedOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** IPv4 address to bind, for signalling and media. */
  readonly host: string
  /** SIP port, UDP and TCP; 0: any free one. */
  readonly port: number
  /** Listen on TCP too. */
  readonly tcp: boolean
  /** Digest realm; the stored HA1 of the devices are made with it. */
  readonly realm: string
  /** Host part of our own addresses (default: the realm, where it is a host name, else `host`). */
  readonly domain?: string
  /** What Via, Contact and SDP say, when it is not `host` (address translation, one to one). */
  readonly publicHost?: string
  /** RTP ports, both ends included; 0 and 0 (the default) let the system choose. */
  readonly ports?: { readonly min: number; readonly max: number }
  /**
   * Digest algorithms that devices are challenged with, the first on top. Default: MD5 alone, because phones that
   * know nothing else give up when they see another one (baresip 1.0, SIPp 3.6).
   */
  readonly digest?: readonly DigestAlgorithm[]
  readonly findCredentials: FindCredentials
  /** Is this dialled number in the plan? Only those are reached without credentials. */
  readonly isServed: (number: string) => boolean
  /** Hosts that `dial` may call by URI: `host`, `host:port`, `*` standing for any part. */
  readonly allowedUris: readonly string[]
  /** Peers that calls come from and go to by number. */
  readonly trunks?: readonly Trunk[]
  /** More inbound calls than this at once are answered 503; unlimited when absent. */
  readonly maxCalls?: number
  /** After `call.media-lost`, this much more silence ends the leg, milliseconds; 0: never. Default 60 000. */
  readonly mediaTimeoutMs?: number
  /** Silence before `call.media-lost`, milliseconds (default 5 000). */
  readonly mediaLostAfterMs?: number
  /** What a leg sends while nothing plays; a phone sends silence, a server keeps the NAT open (default). */
  readonly idle?: 'keep-alive' | 'silence'
  /** Tells how loud the far end of each answered call is, for a phone that says what it hears. */
  readonly levels?: LevelOptions
  /** Told when the far end of an answered call says who is there now (RFC 4916); for a phone. */
  readonly connected?: (call: CallId, party: Party) => void
  /** User-Agent and Server header (default `Switchroom`). */
  readonly userAgent?: string
  /** Makes the id of an offered call, unique over restarts (default: random UUIDs). */
  readonly callIds?: () => CallId
  /** Credentials for challenges to our own requests, and a proxy that they all go through. */
  readonly outbound?: OutboundOptions
  /** When a source that keeps failing is met with silence. */
  readonly throttle?: ThrottleOptions
  /** Is told every message of every call. */
  readonly trace?: Trace | undefined
  /** Replaces the media worker, for tests of the signalling alone. */
  readonly media?: MediaLink
}

export interface LevelOptions {
  /** Length of a window, milliseconds. */
  readonly everyMs: number
  /** @param dbov root mean square of the last window (RFC 6465: 0 is the loudest, -127 is silence) */
  readonly heard: (call: CallId, dbov: number) => void
}

export interface OutboundOptions {
  readonly username: string
  readonly password: string
  /** SIP URI. */
  readonly proxy?: string
}

/** Size of everything that could leak; for metrics and tests. */
export interface Sizes {
  readonly calls: number
  readonly dialogs: number
  readonly transactions: number
  readonly registrations: number
  readonly timers: number
  readonly connections: number
}
