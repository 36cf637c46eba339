/**
 * Messages with the traits of RFC 4475, by its names and sections; each is written for what it tries, not copied.
 * `parsed` is what the parser makes of it. `answer` is the first final status that the whole server sends, or
 * `silence`; it is left out for messages that are responses or that need something set up first.
 */

export interface TortureMessage {
  readonly name: string
  readonly trait: string
  readonly text: string
  readonly parsed: 'request' | 'response' | 'malformed' | 'nothing'
  readonly answer?: number | 'silence'
}

export const SDP = [
  'v=0',
  'o=mhandley 29739 7272939 IN IP4 192.0.2.3',
  's=-',
  'c=IN IP4 192.0.2.4',
  't=0 0',
  'm=audio 49217 RTP/AVP 0 12',
  'm=video 3227 RTP/AVP 31',
  'a=rtpmap:31 LPC',
  '',
].join('\r\n')

export function head(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`
}

export function invite(
  name: string,
  change: Readonly<Record<string, string | undefined>> = {},
  body = SDP,
): string {
  const headers: Record<string, string | undefined> = {
    line: 'INVITE sip:100@127.0.0.1 SIP/2.0',
    Via: `SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-${name};rport`,
    'Max-Forwards': '70',
    From: `"Caller" <sip:caller@example.net>;tag=from-${name}`,
    To: '<sip:100@example.com>',
    'Call-ID': `${name}@example.net`,
    CSeq: '1 INVITE',
    Contact: '<sip:caller@127.0.0.1:9>',
    'Content-Type': 'application/sdp',
    'Content-Length': String(Buffer.byteLength(body)),
    ...change,
  }
  const { line, ...rest } = headers
  const fields = Object.entries(rest).filter((entry) => entry[1] !== undefined)
  return head(line ?? '', ...fields.map(([field, value]) => `${field}: ${value}`)) + body
}

export function other(
  method: string,
  name: string,
  change: Readonly<Record<string, string | undefined>> = {},
  body = '',
): string {
  return invite(
    name,
    {
      line: `${method} sip:100@127.0.0.1 SIP/2.0`,
      CSeq: `1 ${method}`,
      'Content-Type': undefined,
      'Content-Length': String(Buffer.byteLength(body)),
      ...change,
    },
    body,
  )
}
