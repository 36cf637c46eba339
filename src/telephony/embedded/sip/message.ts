import type { NameAddr } from '../../name-addr.ts'
import type { HeaderList } from './headers.ts'
import type { Via } from './via.ts'

/** Where a message came from, or goes to. */
export interface Hop {
  readonly transport: 'udp' | 'tcp'
  /** IPv4 address. */
  readonly host: string
  readonly port: number
  /** The TCP connection to use while it is open. */
  readonly connection?: Connection
}

/** An open TCP connection, as far as the layers above may know it. */
export interface Connection {
  readonly open: boolean
  send(data: string): void
}

interface Head {
  readonly headers: HeaderList
  readonly callId: string
  readonly from: NameAddr
  /** Tag of From; '' from an RFC 2543 element. */
  readonly fromTag: string
  /** Tag of To; '' where there is none yet. */
  readonly toTag: string
  readonly cseq: number
  /** Topmost Via. */
  readonly via: Via
  /** Content, decoded as UTF-8; cut to Content-Length. */
  readonly body: string
  readonly source: Hop
}

export interface SipRequest extends Head {
  readonly kind: 'request'
  readonly method: string
  /** Request-URI as it was written. */
  readonly uri: string
}

export interface SipResponse extends Head {
  readonly kind: 'response'
  readonly status: number
  readonly reason: string
  /** The method of CSeq: what this answers. */
  readonly method: string
}

/** A request that cannot be served, of which enough is known to say so (RFC 3261 8.2, 16.3, 21.4.1). */
export interface MalformedRequest {
  readonly kind: 'malformed'
  readonly method: string
  readonly headers: HeaderList
  readonly toTag: string
  readonly via: Via
  readonly source: Hop
  readonly status: 400 | 505
  /** What is wrong, for the reason phrase. */
  readonly fault: string
}

/** What a response is made from; every kind of request has it. */
export type RequestHead = Pick<SipRequest, 'headers' | 'toTag' | 'via' | 'source'>
