import { describe, expect, test } from 'vitest'
import { sdpOf } from '../../../src/telephony/embedded/sdp/body.ts'
import { type Agreed, acceptable, Negotiation } from '../../../src/telephony/embedded/sdp/negotiation.ts'
import { parseSdp } from '../../../src/telephony/embedded/sdp/session-description.ts'
import type { SipRequest } from '../../../src/telephony/embedded/sip/message.ts'
import { parseMessage } from '../../../src/telephony/embedded/sip/parse-message.ts'

const LOCAL = { host: '192.0.2.1', port: 4_000 }

function body(...lines: string[]): string {
  return ['v=0', 'o=- 1 1 IN IP4 192.0.2.9', 's=-', ...lines, ''].join('\r\n')
}

function answer(negotiation: Negotiation, offer: string): Agreed | undefined {
  const description = parseSdp(offer)
  return description && negotiation.answerTo(description)
}

const C = 'c=IN IP4 192.0.2.9'

describe('answers', () => {
  test("the offerer's first codec that we know wins, with its telephone-event", () => {
    const negotiation = new Negotiation(LOCAL, 7)
    const offer = body(
      C,
      't=0 0',
      'm=audio 5000 RTP/AVP 18 8 0 96',
      'a=rtpmap:18 G729/8000',
      'a=rtpmap:96 telephone-event/8000',
    )
    expect(answer(negotiation, offer)).toEqual({
      remote: { host: '192.0.2.9', port: 5000, codec: 'PCMA', telephoneEvent: 96, send: true, receive: true },
      answer: [
        'v=0',
        'o=- 7 1 IN IP4 192.0.2.1',
        's=-',
        'c=IN IP4 192.0.2.1',
        't=0 0',
        'm=audio 4000 RTP/AVP 8 96',
        'a=rtpmap:8 PCMA/8000',
        'a=rtpmap:96 telephone-event/8000',
        'a=fmtp:96 0-15',
        'a=ptime:20',
        'a=sendrecv',
        '',
      ].join('\r\n'),
    })
  })

  test('telephone-event at another rate, or not offered, is not answered', () => {
    const offer = body(C, 'm=audio 5000 RTP/AVP 0 97', 'a=rtpmap:97 telephone-event/48000')
    const agreed = answer(new Negotiation(LOCAL, 1), offer)
    expect(agreed?.answer).toContain('m=audio 4000 RTP/AVP 0\r\n')
    expect(agreed?.remote.telephoneEvent).toBeUndefined()
  })

  test('one section for each of theirs, in their order; what we do not take has port 0', () => {
    const offer = body(
      C,
      'm=video 6000 RTP/AVP 31',
      'm=audio 0 RTP/AVP 0',
      'm=audio 5000 RTP/SAVP 0',
      'm=audio 5002 RTP/AVP 0',
      'm=audio 5004 RTP/AVP 8',
    )
    const agreed = answer(new Negotiation(LOCAL, 1), offer)
    expect(parseSdp(agreed?.answer ?? '')?.media.map(({ kind, port }) => [kind, port])).toEqual([
      ['video', 0],
      ['audio', 0],
      ['audio', 0],
      ['audio', 4000],
      ['audio', 0],
    ])
    expect(agreed?.remote.port).toBe(5002)
  })

  test('address and direction of the section come before those of the session', () => {
    const agreed = answer(
      new Negotiation(LOCAL, 1),
      body(C, 'a=sendonly', 'm=audio 5000 RTP/AVP 0', 'c=IN IP4 192.0.2.77', 'a=recvonly'),
    )
    expect(agreed?.remote).toMatchObject({ host: '192.0.2.77', send: true, receive: false })
    expect(agreed?.answer).toContain('a=sendonly')
  })

  test.each([
    ['no SDP', 'hello'],
    ['no audio', body(C, 'm=video 6000 RTP/AVP 31')],
    ['no codec in common', body(C, 'm=audio 5000 RTP/AVP 18')],
    ['encrypted only', body(C, 'm=audio 5000 RTP/SAVP 0')],
    ['no address', body('m=audio 5000 RTP/AVP 0')],
    ['IPv6 only', body('c=IN IP6 2001:db8::1', 'm=audio 5000 RTP/AVP 0')],
    ['a host name as address', body('c=IN IP4 phone.example.com', 'm=audio 5000 RTP/AVP 0')],
    ['a port that is none', body(C, 'm=audio 99999 RTP/AVP 0')],
  ])('%s is not acceptable', (_, offer) => {
    expect(acceptable(offer)).toBeUndefined()
    expect(answer(new Negotiation(LOCAL, 1), offer)).toBeUndefined()
  })

  test('the version rises when our description changes, and only then', () => {
    const negotiation = new Negotiation(LOCAL, 1)
    const version = (text: string | undefined): string | undefined => /o=- 1 (\d+)/.exec(text ?? '')?.[1]
    const plain = body(C, 'm=audio 5000 RTP/AVP 0')
    expect(version(answer(negotiation, plain)?.answer)).toBe('1')
    expect(version(answer(negotiation, plain)?.answer)).toBe('1')
    expect(version(answer(negotiation, `${plain}a=sendonly\r\n`)?.answer)).toBe('2')
    expect(version(negotiation.offer())).toBe('3')
  })
})

describe('bodies', () => {
  function sdpIn(type: string, content: string, ...headers: string[]): ReturnType<typeof sdpOf> {
    const lines = [
      'INVITE sip:1@2 SIP/2.0',
      'Via: SIP/2.0/UDP h;branch=z9hG4bK1',
      'From: <sip:a@b>;tag=1',
      'To: <sip:c@d>',
      'Call-ID: x',
      'CSeq: 1 INVITE',
      ...(type === '' ? [] : [`Content-Type: ${type}`]),
      ...headers,
    ]
    const data = Buffer.from(`${lines.join('\r\n')}\r\n\r\n${content}`)
    return sdpOf(parseMessage(data, { transport: 'udp', host: 'h', port: 1 }) as SipRequest)
  }

  test('SDP alone, whatever the case and parameters of its type', () => {
    expect(sdpIn('Application/SDP; charset=utf-8', 'v=0')).toEqual({ sdp: 'v=0' })
  })

  test('SDP as a part of a multipart body', () => {
    const parts =
      '--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b\r\nContent-ID: <1>\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b--\r\n'
    expect(sdpIn('multipart/mixed; boundary="b"', parts)).toEqual({ sdp: 'v=0' })
    expect(sdpIn('multipart/mixed; boundary=b', parts)).toEqual({ sdp: 'v=0' })
  })

  test('nothing, something else, something optional', () => {
    expect(sdpIn('application/sdp', '')).toBe('none')
    expect(sdpIn('text/plain', 'hi')).toBe('unsupported')
    expect(sdpIn('', 'hi')).toBe('unsupported')
    expect(sdpIn('text/plain', 'hi', 'Content-Disposition: render; handling=optional')).toBe('none')
    expect(sdpIn('application/sdp', 'x', 'Content-Encoding: gzip')).toBe('unsupported')
    expect(sdpIn('multipart/mixed', '--b')).toBe('unsupported')
  })
})
