import { splitOutside, unquote } from '../../sip-grammar.ts'
import type { SipRequest, SipResponse } from '../sip/message.ts'

/** What a body holds for us: an SDP text, nothing at all, or something that we cannot read (415). */
export type SdpBody = { readonly sdp: string } | 'none' | 'unsupported'

/** Multipart bodies have a handful of parts. */
const MAX_PARTS = 16

/** Finds the session description of a message, also as one part of a multipart body (RFC 5621 3.1). */
export function sdpOf({ headers, body }: SipRequest | SipResponse): SdpBody {
  const type = headers.get('content-type')
  if (body === '') return 'none'
  const [media = '', ...params] = splitOutside(type ?? '', ';')
  const kind = media.replace(/\s/g, '').toLowerCase()
  if (kind === 'application/sdp') return headers.get('content-encoding') ? 'unsupported' : { sdp: body }
  if (!kind.startsWith('multipart/'))
    return optional(headers.get('content-disposition')) ? 'none' : 'unsupported'
  const boundary = params.map((each) => /^boundary\s*=\s*(.+)$/i.exec(each)?.[1]).find(Boolean)
  const sdp = boundary === undefined ? undefined : sdpPart(body, unquote(boundary))
  return sdp === undefined ? 'unsupported' : { sdp }
}

/** RFC 3261 20.11: `handling=optional` asks us to ignore what we do not understand. */
function optional(disposition: string | undefined): boolean {
  return disposition !== undefined && /;\s*handling\s*=\s*optional/i.test(disposition)
}

/** RFC 2046 5.1: parts stand between lines of two dashes and the boundary. */
function sdpPart(body: string, boundary: string): string | undefined {
  for (const part of `\r\n${body}`.split(`\r\n--${boundary}`, MAX_PARTS).slice(1)) {
    const end = part.indexOf('\r\n\r\n')
    if (end < 0) continue
    const head = part.slice(0, end)
    if (/^content-type[ \t]*:[ \t]*application\/sdp[ \t]*(?:;|$)/im.test(head)) return part.slice(end + 4)
  }
  return undefined
}
