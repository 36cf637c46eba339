import type Srf from 'drachtio-srf'
import type { RawHeaders } from '../identity.ts'
import { parseNameAddr } from '../name-addr.ts'
import { param } from '../sip-grammar.ts'

/** A request as drachtio-server passed it on, checked: what drachtio-srf hands over has `any` where this has text. */
export interface SipRequest {
  readonly method: string
  /** Request-URI. */
  readonly uri: string
  readonly callId: string
  readonly cseq: number
  readonly toTag: string | undefined
  readonly fields: RawHeaders
  /** '' without one. */
  readonly body: string
  readonly source: SipSource
}

/** Where a message came from. */
export interface SipSource {
  readonly host: string
  readonly port: number
  /** `udp`, `tcp`, `tls`, `ws`, `wss`. */
  readonly transport: string
}

/** Header names that RFC 3261 7.3.3 lets a sender shorten. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  c: 'content-type',
  f: 'from',
  i: 'call-id',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
}

/** The request; undefined when it lacks what every request has (RFC 3261 8.1.1). */
export function readRequest(raw: Srf.SrfRequest): SipRequest | undefined {
  const fields = readFields(raw.raw)
  const method: unknown = raw.method
  const uri: unknown = raw.uri
  const callId = fields['call-id']?.[0]
  const cseq = Number.parseInt(fields['cseq']?.[0] ?? '', 10)
  const to = parseNameAddr(fields['to']?.[0] ?? '')
  if (typeof method !== 'string' || typeof uri !== 'string') return undefined
  if (callId === undefined || !Number.isSafeInteger(cseq) || !to || !fields['from']) return undefined
  return {
    method,
    uri,
    callId,
    cseq,
    toTag: param(to.params, 'tag') || undefined,
    fields,
    body: bodyOf(raw),
    source: {
      host: textOf(raw.source_address),
      port: Number(raw.source_port) || 5060,
      transport: textOf(raw.protocol).toLowerCase(),
    },
  }
}

/** The header fields of a message, by lower-case long name, in their order. */
export function readFields(raw: unknown): RawHeaders {
  const fields: Record<string, string[]> = Object.create(null) as Record<string, string[]>
  if (typeof raw !== 'string') return fields
  const [head = ''] = raw.split(/\r?\n\r?\n/, 1)
  // A line that begins with a blank goes on (7.3.1).
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':')
    if (colon < 1) continue
    const short = line.slice(0, colon).trim().toLowerCase()
    const name = LONG_NAMES[short] ?? short
    fields[name] = [...(fields[name] ?? []), line.slice(colon + 1).trim()]
  }
  return fields
}

/**
 * Headers as drachtio-srf takes them, one value each: it writes several with commas, as RFC 3261 7.3.1 allows for lists
 * such as Contact. It rules that out for WWW-Authenticate, of which there must be only one.
 */
export function headersOf(
  headers: readonly (readonly [name: string, value: string])[],
): Readonly<Record<string, string>> {
  const joined: Record<string, string> = {}
  for (const [name, value] of headers) {
    const before = joined[name]
    joined[name] = before === undefined ? value : `${before}, ${value}`
  }
  return joined
}

/** The body of a message, '' without one. */
export function bodyOf(message: { readonly body: unknown }): string {
  return textOf(message.body)
}

/** The status of a response or of the error in which drachtio-srf wraps one; undefined without. */
export function statusOf(response: unknown): number | undefined {
  const status: unknown =
    typeof response === 'object' && response !== null && 'status' in response ? response.status : undefined
  return typeof status === 'number' && status >= 100 && status <= 699 ? status : undefined
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
