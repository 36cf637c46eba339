import type { RequestHead } from './message.ts'
import { reasonPhrase } from './status.ts'
import { receivedVia } from './via.ts'

/** Header fields to be written, in order; names as they shall appear. */
export type HeaderFields = readonly (readonly [name: string, value: string])[]

export interface Content {
  readonly type: string
  readonly text: string
}

/**
 * A response by RFC 3261 8.2.6: Via, From, To, Call-ID and CSeq as they came, and the rest as given.
 * @param toTag added to To where it has none; '' for 100, which needs none (8.2.6.2)
 */
export function writeResponse(
  request: RequestHead,
  status: number,
  toTag: string,
  fields: HeaderFields = [],
  content?: Content,
  reason = reasonPhrase(status),
): string {
  const { headers } = request
  let text = `SIP/2.0 ${status} ${reason}\r\n`
  const [top = '', ...vias] = headers.all('via')
  text += `Via: ${topVia(request, top)}\r\n`
  for (const via of vias) text += `Via: ${via}\r\n`
  const to = headers.get('to') ?? ''
  text += `From: ${headers.get('from') ?? ''}\r\nTo: ${to}`
  if (toTag !== '' && request.toTag === '') text += `;tag=${toTag}`
  text += `\r\nCall-ID: ${headers.get('call-id') ?? ''}\r\nCSeq: ${headers.get('cseq') ?? ''}\r\n`
  // Record-Route goes back in every response that may set up a dialog (12.1.1); its values in their order.
  if (status > 100 && status < 300) {
    for (const route of headers.all('record-route')) text += `Record-Route: ${route}\r\n`
  }
  return text + writeRest(fields, content)
}

function topVia({ via, source }: RequestHead, field: string): string {
  const marked = receivedVia(via, source.host, source.port)
  return field === via.text ? marked : marked + field.slice(field.indexOf(via.text) + via.text.length)
}

export interface RequestLine {
  readonly method: string
  readonly uri: string
}

/** @param fields every header but Content-Type and Content-Length, Via first */
export function writeRequest({ method, uri }: RequestLine, fields: HeaderFields, content?: Content): string {
  return `${method} ${uri} SIP/2.0\r\n${writeRest(fields, content)}`
}

function writeRest(fields: HeaderFields, content: Content | undefined): string {
  let text = ''
  for (const [name, value] of fields) text += `${name}: ${value}\r\n`
  if (!content) return `${text}Content-Length: 0\r\n\r\n`
  const length = Buffer.byteLength(content.text)
  return `${text}Content-Type: ${content.type}\r\nContent-Length: ${length}\r\n\r\n${content.text}`
}

/** Keeps a value that came from outside from ending its line and beginning another header. */
export function oneLine(value: string): string {
  return value.replace(/[\r\n\0]+/g, ' ')
}
