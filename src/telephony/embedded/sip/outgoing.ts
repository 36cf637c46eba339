import { type Content, type HeaderFields, writeRequest } from './write-message.ts'

/** A request of ours, before it has a Via: kept while its transaction may still need an ACK or a CANCEL. */
export interface OutgoingRequest {
  readonly method: string
  /** Request-URI. */
  readonly uri: string
  readonly callId: string
  /** Value with tag. */
  readonly from: string
  /** Value, with tag inside a dialog. */
  readonly to: string
  readonly cseq: number
  /** Route values, topmost first. */
  readonly routes: readonly string[]
  /** URI that the next hop is found from (8.1.2): the topmost loose route, else the Request-URI. */
  readonly nextHop: string
  /** Everything else: Contact, Expires, ... */
  readonly fields: HeaderFields
  readonly content?: Content
}

/** RFC 3261 8.1.1.6 recommends 70. */
const MAX_FORWARDS: readonly [string, string] = ['Max-Forwards', '70']

/** The text of a request. @param via value of the only Via */
export function writeOutgoing(request: OutgoingRequest, via: string): string {
  return writeRequest(request, [...opening(request, via, request.to), ...request.fields], request.content)
}

/** The ACK of a final response other than 2xx (17.1.1.3): same branch and routes, To of the response. */
export function writeFailureAck(request: OutgoingRequest, via: string, to: string): string {
  return writeRequest({ method: 'ACK', uri: request.uri }, opening({ ...request, method: 'ACK' }, via, to))
}

/** The CANCEL of a request (9.1): same branch, Request-URI, Call-ID, From, To and routes. */
export function cancelOf(request: OutgoingRequest): OutgoingRequest {
  const { content: _, ...rest } = request
  return { ...rest, method: 'CANCEL', fields: [] }
}

function opening(request: OutgoingRequest, via: string, to: string): (readonly [string, string])[] {
  return [
    ['Via', via],
    MAX_FORWARDS,
    ...request.routes.map((route) => ['Route', route] as const),
    ['From', request.from],
    ['To', to],
    ['Call-ID', request.callId],
    ['CSeq', `${request.cseq} ${request.method}`],
  ]
}
