/**
 * The parser of RFC 3261 7 and 25: one pass over the head, headers kept as text, and only the six values that
 * every message needs (Via, Call-ID, From and To tag, CSeq, Content-Length) looked into. It never throws; what
 * it cannot read is a `MalformedRequest` when that can be answered, and undefined when silence is right.
 */

import { type NameAddr, parseNameAddr, tagOf } from '../../name-addr.ts'
import { decimal, isToken, param, splitOutside } from '../../sip-grammar.ts'
import { canonicalName, HeaderList } from './headers.ts'
import type { Hop, MalformedRequest, SipRequest, SipResponse } from './message.ts'
import { parseVia, type Via } from './via.ts'

const VERSION = 'SIP/2.0'
/** CSeq is below 2^31 (8.1.1.5). */
const MAX_CSEQ = 2 ** 31 - 1
/** Far more than any phone sends; bounds the work for one packet. */
const MAX_HEADERS = 256
/** Of these a message may have one only (7.3.1, table 2); a second one is how requests get smuggled. */
const SINGLE = ['call-id', 'cseq', 'from', 'to', 'max-forwards', 'content-length'] as const

/** @param data one datagram, or one message cut from a stream */
export function parseMessage(
  data: Buffer,
  source: Hop,
): SipRequest | SipResponse | MalformedRequest | undefined {
  const start = endOfLeadingLines(data)
  const end = data.indexOf('\r\n\r\n', start)
  const head = data.toString('utf8', start, end < 0 ? data.length : end)
  const firstEnd = head.indexOf('\r\n')
  if (firstEnd < 0) return undefined
  const headers = new HeaderList()
  const headerFault = readHeaders(head, firstEnd + 2, headers)
  const firstLine = head.slice(0, firstEnd)
  const parts = readParts(headers)
  const body = readBody(headers, data, end < 0 ? data.length : end + 4)
  if (firstLine.startsWith(`${VERSION} `)) {
    if (headerFault || end < 0 || typeof parts === 'string' || typeof body !== 'object') return undefined
    const status = decimal(firstLine.slice(8, 11), 699)
    if (status === undefined || status < 100 || !/^( |$)/.test(firstLine.slice(11))) return undefined
    const reason = firstLine.slice(12)
    return { kind: 'response', status, reason, headers, ...parts, body: body.text, source }
  }
  const line = readRequestLine(firstLine)
  if (!line) return undefined
  const fault =
    line.fault ??
    headerFault ??
    (end < 0 ? 'Missing end of headers' : undefined) ??
    (typeof parts === 'string' ? parts : undefined) ??
    (typeof body === 'string' ? body : undefined)
  if (fault !== undefined || typeof parts === 'string' || typeof body === 'string') {
    return malformed(line.method, headers, source, fault ?? 'Malformed', line.status)
  }
  if (parts.method !== line.method)
    return malformed(line.method, headers, source, 'CSeq method mismatch', 400)
  return { kind: 'request', uri: line.uri, headers, ...parts, body: body.text, source }
}

/** Empty lines before a message are ignored (7.5); they are keep-alives (RFC 5626 3.5.1). */
function endOfLeadingLines(data: Buffer): number {
  let at = 0
  while (data[at] === 0x0d && data[at + 1] === 0x0a) at += 2
  return at
}

interface RequestLine {
  readonly method: string
  readonly uri: string
  readonly status: 400 | 505
  readonly fault: string | undefined
}

/** Method SP Request-URI SP SIP-Version, single spaces (7.1); undefined when it is not SIP at all. */
function readRequestLine(line: string): RequestLine | undefined {
  const first = line.indexOf(' ')
  const last = line.lastIndexOf(' ', line.trimEnd().length - 1)
  if (first < 1 || last <= first) return undefined
  const method = line.slice(0, first)
  const uri = line.slice(first + 1, last)
  const version = line.slice(last + 1)
  if (!isToken(method) || !/^SIP\//i.test(version.trim())) return undefined
  if (/^SIP\/\d+\.\d+$/i.test(version) && version.toUpperCase() !== VERSION) {
    return { method, uri, status: 505, fault: 'Version Not Supported' }
  }
  const sound = version.toUpperCase() === VERSION && uri !== '' && !/[\s<>]/.test(uri)
  return { method, uri, status: 400, fault: sound ? undefined : 'Malformed request line' }
}

/** Fills `headers` from the lines; the fault of the first bad one, but what follows is read all the same. */
function readHeaders(head: string, start: number, headers: HeaderList): string | undefined {
  let fault: string | undefined
  let at = start
  while (at < head.length) {
    let end = head.indexOf('\r\n', at)
    if (end < 0) end = head.length
    let folded = false
    // A line that begins with white space continues the one before (7.3.1).
    while (head.charCodeAt(end + 2) === 0x20 || head.charCodeAt(end + 2) === 0x09) {
      folded = true
      const next = head.indexOf('\r\n', end + 2)
      end = next < 0 ? head.length : next
    }
    const colon = head.indexOf(':', at)
    const name = colon < 0 || colon > end ? undefined : canonicalName(head.slice(at, colon).trimEnd())
    if (name === undefined) fault ??= 'Malformed header'
    else if (headers.size >= MAX_HEADERS) return 'Too many headers'
    else {
      const value = head.slice(colon + 1, end)
      headers.add(name, folded ? value.replace(/\r\n[ \t]+/g, ' ').trim() : value.trim())
    }
    at = end + 2
  }
  return fault
}

interface Parts {
  readonly callId: string
  readonly from: NameAddr
  readonly fromTag: string
  readonly toTag: string
  readonly cseq: number
  readonly method: string
  readonly via: Via
}

/** The headers that every message has (8.1.1), or what is wrong with them. */
function readParts(headers: HeaderList): Parts | string {
  for (const name of SINGLE) if (headers.count(name) > 1) return `Repeated ${name}`
  const via = topVia(headers)
  if (!via) return 'Missing or malformed Via'
  const callId = headers.get('call-id')
  if (!callId || /\s/.test(callId)) return 'Missing or malformed Call-ID'
  const from = readAddress(headers.get('from'))
  const to = readAddress(headers.get('to'))
  if (!from) return 'Missing or malformed From'
  if (!to) return 'Missing or malformed To'
  const cseq = headers.get('cseq') ?? ''
  const space = cseq.search(/[ \t]/)
  const number = decimal(space < 0 ? '' : cseq.slice(0, space), MAX_CSEQ)
  const method = cseq.slice(space).trim()
  if (number === undefined || !isToken(method)) return 'Missing or malformed CSeq'
  const hops = headers.get('max-forwards')
  if (hops !== undefined && decimal(hops, 255) === undefined) return 'Malformed Max-Forwards'
  return { callId, from: from.address, fromTag: from.tag, toTag: to.tag, cseq: number, method, via }
}

/** From or To; undefined when it is missing or malformed. */
function readAddress(value: string | undefined): { address: NameAddr; tag: string } | undefined {
  const address = value === undefined ? undefined : parseNameAddr(value)
  if (!address || !/^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/.test(address.uri)) return undefined
  const tag = param(address.params, 'tag') ?? ''
  return tag === '' || isToken(tag) ? { address, tag } : undefined
}

function topVia(headers: HeaderList): Via | undefined {
  const field = headers.get('via')
  if (!field) return undefined
  return parseVia(field.includes(',') ? (splitOutside(field, ',')[0] ?? '') : field)
}

/** Exactly Content-Length bytes; the rest of a datagram is thrown away, a missing rest is an error (18.3). */
function readBody(headers: HeaderList, data: Buffer, start: number): { readonly text: string } | string {
  const length = headers.get('content-length')
  const available = Math.max(0, data.length - start)
  const wanted = length === undefined ? available : decimal(length, 2 ** 31)
  if (wanted === undefined) return 'Malformed Content-Length'
  if (wanted > available) return 'Content-Length beyond the message'
  return { text: wanted === 0 ? '' : data.toString('utf8', start, start + wanted) }
}

/** ACK is never answered, and without a Via nobody knows where an answer goes (17.1.1.3, 18.2.2). */
function malformed(
  method: string,
  headers: HeaderList,
  source: Hop,
  fault: string,
  status: 400 | 505,
): MalformedRequest | undefined {
  const via = topVia(headers)
  if (!via || method === 'ACK') return undefined
  for (const name of ['from', 'to', 'call-id', 'cseq']) if (!headers.get(name)) return undefined
  const toTag = tagOf(headers.get('to') ?? '') ?? ''
  return { kind: 'malformed', method, headers, toTag, via, source, status, fault }
}
