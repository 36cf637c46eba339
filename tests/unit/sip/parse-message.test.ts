import { describe, expect, test } from 'vitest'
import type { Hop, SipRequest } from '../../../src/telephony/embedded/sip/message.ts'
import { parseMessage } from '../../../src/telephony/embedded/sip/parse-message.ts'
import { TORTURE } from './torture/messages.ts'

const SOURCE: Hop = { transport: 'udp', host: '192.0.2.9', port: 5062 }

function request(...lines: string[]): SipRequest {
  const parsed = parseMessage(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), SOURCE)
  if (parsed?.kind !== 'request') throw new Error(`not a request: ${JSON.stringify(parsed)}`)
  return parsed
}

const REQUIRED = ['From: <sip:a@b>;tag=1', 'To: <sip:c@d>', 'Call-ID: x', 'CSeq: 1 OPTIONS']
const VIA = 'Via: SIP/2.0/UDP h:5070;branch=z9hG4bK1'

describe('what the parser makes of the messages of RFC 4475', () => {
  test.each(TORTURE)('$name, $trait', ({ text, parsed }) => {
    expect(parseMessage(Buffer.from(text), SOURCE)?.kind ?? 'nothing').toBe(parsed)
  })

  test('wsinv is understood, not only survived', () => {
    const wsinv = parseMessage(Buffer.from(TORTURE[0]!.text), SOURCE)
    expect(wsinv).toMatchObject({
      kind: 'request',
      method: 'INVITE',
      callId: 'wsinv.ndaksdj@192.0.2.1',
      fromTag: '98asjd8',
      toTag: '',
      cseq: 9,
      via: { transport: 'UDP', host: '127.0.0.1', port: 9, branch: '390skdjuw' },
    })
    const { headers } = wsinv as SipRequest
    expect(headers.get('newfangledheader')).toBe('newfangled value continued newfangled value')
    expect(headers.list('via')).toHaveLength(3)
    expect(headers.get('subject')).toBe('')
  })
})

describe('headers', () => {
  test('compact forms and any case are the same header', () => {
    const parsed = request(
      'OPTIONS sip:x@y SIP/2.0',
      VIA.replace('Via', 'v'),
      'f: <sip:a@b>;tag=1',
      't: <sip:c@d>',
      'i: x',
      'cSEQ: 1 OPTIONS',
      'k: 100rel',
    )
    expect(parsed.fromTag).toBe('1')
    expect(parsed.headers.get('supported')).toBe('100rel')
  })

  test('values in one line and in several are one list, in order', () => {
    const parsed = request(
      'OPTIONS sip:x@y SIP/2.0',
      VIA,
      ...REQUIRED,
      'Route: <sip:1;lr>, "a,b" <sip:2,3;lr>',
      'Route: <sip:4>',
    )
    expect(parsed.headers.list('route')).toEqual(['<sip:1;lr>', '"a,b" <sip:2,3;lr>', '<sip:4>'])
  })

  test('the body is as long as Content-Length says, in bytes', () => {
    const body = 'Grüße'
    const text = [
      'OPTIONS sip:x@y SIP/2.0',
      VIA,
      ...REQUIRED,
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      `${body}more`,
    ]
    const parsed = parseMessage(Buffer.from(text.join('\r\n')), SOURCE)
    expect(parsed).toMatchObject({ kind: 'request', body })
  })

  test('empty lines before a message are skipped', () => {
    expect(request('', '', 'OPTIONS sip:x@y SIP/2.0', VIA, ...REQUIRED).method).toBe('OPTIONS')
  })

  test('a malformed ACK is met with silence: it is never answered', () => {
    const text = ['ACK sip:x@y SIP/2.0', VIA, ...REQUIRED.with(3, 'CSeq: x ACK'), '', ''].join('\r\n')
    expect(parseMessage(Buffer.from(text), SOURCE)).toBeUndefined()
  })

  test.each([
    '',
    '\r\n\r\n',
    'hello',
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    '\0\0\0\0',
    'INVITE',
    'SIP/2.0 200',
  ])('silence for %j', (text) => {
    expect(parseMessage(Buffer.from(text), SOURCE)).toBeUndefined()
  })
})
