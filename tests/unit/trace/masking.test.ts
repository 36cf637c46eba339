import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { maskSecrets } from '../../../src/telephony/trace/masking.ts'

function message(first: string, headers: readonly string[], body: readonly string[] = []): string {
  return [first, 'Call-ID: 1@here', ...headers, '', body.map((line) => `${line}\r\n`).join('')].join('\r\n')
}

const INVITE = 'INVITE sip:100@127.0.0.1 SIP/2.0'
const SDP = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 'm=audio 4000 RTP/SAVP 0', 'a=rtpmap:0 PCMU/8000']

describe('a message without secrets', () => {
  it('stays as it is', () => {
    const headers = [
      'From: "A" <sip:+12025550142@127.0.0.1:5062>;tag=1',
      'Allow: INVITE',
      'P-Asserted-Identity: x',
    ]
    const text = message(INVITE, [...headers, 'Contact: sip:127.0.0.1:5062'], SDP)
    expect(maskSecrets(text)).toBe(text)
  })
})

describe('credentials', () => {
  it('lose response, nonce and cnonce, and keep who it was', () => {
    const masked = maskSecrets(
      message(INVITE, [
        'Authorization: Digest username="alice", realm="switchroom", nonce="secret1", uri="sip:100@here",' +
          ' response="secret2", algorithm=MD5, qop=auth, nc=00000001, cnonce="secret3", opaque="secret4"',
      ]),
    )
    expect(masked).toContain(
      'Authorization: Digest username="alice", realm="switchroom", nonce="***", uri="sip:100@here",' +
        ' response="***", algorithm=MD5, qop=auth, nc=00000001, cnonce="***", opaque="***"\r\n',
    )
  })

  test.each([
    ['over several lines', 'Authorization: Digest username="a",\r\n\tresponse="secret"'],
    ['in any case', 'PROXY-AUTHORIZATION: digest Response=secret'],
    ['with space before the colon', 'authorization : Digest response = "secret"'],
    ['without commas', 'Authorization: Digest username=a;response=secret'],
    ['with a quote that does not end', 'Authorization: Digest realm="x, response="secret"'],
    ['of another scheme', 'Authorization: Basic c2VjcmV0OnNlY3JldA=='],
    ['as a bearer token', 'Proxy-Authorization: Bearer secret.secret'],
    ['in a challenge', 'WWW-Authenticate: Digest realm="x", nonce="secret"'],
    ['in a challenge of a proxy', 'Proxy-Authenticate: Digest nonce="secret", realm="x"'],
    ['in what follows success', 'Authentication-Info: nextnonce="secret", rspauth="secret"'],
    ['in what follows success at a proxy', 'Proxy-Authentication-Info: nextnonce="secret"'],
  ])('are masked %s', (_, header) => {
    const masked = maskSecrets(message(INVITE, [header, 'Max-Forwards: 70']))
    expect(masked).not.toMatch(/secret|c2Vjcm/)
    expect(masked).toContain('***')
    expect(masked).toContain('Max-Forwards: 70')
  })

  it('are masked after empty lines, which a message may begin with', () => {
    const masked = maskSecrets(`\r\n\r\n${message(INVITE, ['Authorization: Digest response="secret"'])}`)
    expect(masked).toMatch(/^INVITE /)
    expect(masked).not.toContain('secret')
  })

  it('are masked in a message that has lost its end', () => {
    expect(maskSecrets(`${INVITE}\r\nAuthorization: Digest response="secret"`)).not.toContain('secret')
  })

  it('are masked in a message within a message', () => {
    const inner = ['INVITE sip:a SIP/2.0', 'Authorization: Digest response="secret"']
    expect(maskSecrets(message(INVITE, ['Content-Type: message/sip'], inner))).not.toContain('secret')
  })

  it('are masked however they are written', () => {
    const space = fc.constantFrom('', ' ', '\t', '\r\n ', ' \r\n\t')
    const secret = fc.tuple(
      fc.constantFrom('response', 'Nonce', 'CNONCE', 'opaque', 'auts', 'x-key'),
      space,
      space,
      fc.constantFrom('"SECRET"', 'SECRET', '"SECRET', '"a\\"SECRET"'),
    )
    const harmless = fc.tuple(
      fc.constantFrom('realm', 'uri'),
      space,
      space,
      fc.constantFrom('"x"', 'x', '"x'),
    )
    const header = fc.tuple(
      fc.constantFrom('Authorization', 'PROXY-authorization', 'www-Authenticate', 'Proxy-Authenticate'),
      fc.constantFrom(':', ' :', '\t: '),
      fc.constantFrom('Digest', 'digest', 'DIGEST'),
      fc.array(fc.oneof(secret, harmless), { minLength: 1, maxLength: 6 }),
      fc.constantFrom(',', ', ', ' , ', ',\r\n '),
    )
    fc.assert(
      fc.property(header, ([name, colon, scheme, parameters, comma]) => {
        const values = parameters.map(([key, before, after, value]) => `${key}${before}=${after}${value}`)
        const text = message(INVITE, [`${name}${colon}${scheme} ${values.join(comma)}`, 'Max-Forwards: 70'])
        expect(maskSecrets(text)).not.toContain('SECRET')
        expect(maskSecrets(text)).toContain('Max-Forwards: 70')
      }),
      { numRuns: 2000 },
    )
  })
})

describe('passwords in URIs', () => {
  test.each([
    ['in the request line', 'INVITE sip:alice:secret@host SIP/2.0', []],
    ['in a header', INVITE, ['Contact: <sip:alice:secret@host:5060;transport=tcp>']],
    ['in a SIPS URI without brackets', INVITE, ['Contact: SIPS:alice:secret@host']],
    ['with a colon in it', INVITE, ['Contact: <sip:alice:se:cret@host>']],
    ['in a web address', INVITE, ['Call-Info: <https://alice:secret@host/a.png>']],
    ['behind another address', INVITE, ['Route: <sip:bob@host>,<sip:alice:secret@host>']],
  ])('are masked %s', (_, first, headers) => {
    const masked = maskSecrets(message(first, headers))
    expect(masked).not.toMatch(/se:?cret/)
    expect(masked).toMatch(/alice:\*\*\*@host/)
  })

  it('are no ports and no tags', () => {
    const text = message(INVITE, [
      'To: <sip:100@host:5060>;tag=a',
      'Via: SIP/2.0/UDP host:5060;branch=z9hG4bK@',
    ])
    expect(maskSecrets(text)).toBe(text)
  })
})

describe('keys in a session description', () => {
  test.each([
    [
      'SDES',
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRET|2^20|1:4',
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:***',
    ],
    ['SDES that is malformed', 'a=crypto:1 inline:SECRET', 'a=crypto:'],
    ['MIKEY', 'a=key-mgmt:mikey SECRET', 'a=key-mgmt:mikey ***'],
    ['ICE', 'a=ice-pwd:SECRET', 'a=ice-pwd:***'],
    ['the old key line', 'k=base64:SECRET', 'k=***'],
  ])('%s is masked, and the length stays', (_, line, begins) => {
    const text = message(INVITE, ['Content-Type: application/sdp'], [...SDP, line, 'a=sendrecv'])
    const masked = maskSecrets(text)
    expect(masked).not.toContain('SECRET')
    expect(masked).toContain(begins)
    expect(masked).toContain('a=sendrecv')
    expect(masked).toHaveLength(text.length)
  })
})

describe('digits that people type', () => {
  test.each([
    ['dtmf-relay', 'INFO', 'application/dtmf-relay', ['Signal=7', 'Duration=160']],
    ['dtmf-relay with spaces', 'INFO', 'Application/DTMF-Relay', ['signal = 7', 'Duration=160']],
    ['dtmf', 'INFO', 'application/dtmf', ['7', 'Duration=160']],
    [
      'several parts',
      'INFO',
      'multipart/mixed;boundary=x',
      ['--x', 'Content-Type: application/dtmf', '', '7', 'Duration=160'],
    ],
    [
      'Nortel',
      'INFO',
      'application/vnd.nortelnetworks.digits',
      ['p=Digit-Collection', 'd=7', 'Duration=160'],
    ],
    ['telephone-event', 'NOTIFY', 'audio/telephone-event', ['\u0007', '7', 'Duration=160']],
  ])('are masked in %s', (_, method, type, body) => {
    const text = message(`${method} sip:a SIP/2.0`, [`Content-Type: ${type}`], body)
    const masked = maskSecrets(text)
    const content = masked.slice(masked.indexOf('\r\n\r\n'))
    expect(content.replace('Duration=160', '')).not.toContain('7')
    expect(content).toContain('Duration=160')
    expect(masked).toHaveLength(text.length)
  })

  it('are masked in a report of keys', () => {
    const body = ['<kpml-response version="1.0" code="200" digits="4711"/>']
    const masked = maskSecrets(message('NOTIFY sip:a SIP/2.0', ['Event: kpml'], body))
    expect(masked).not.toContain('4711')
  })

  it('leave other requests for information readable', () => {
    const text = message(
      'INFO sip:a SIP/2.0',
      ['Content-Type: application/media_control+xml'],
      ['<vc_primitive/>'],
    )
    expect(maskSecrets(text)).toBe(text)
  })
})

it('takes time in proportion to what it is given', () => {
  const hostile = [
    'sip:'.repeat(8000),
    '@'.repeat(32_000),
    'a:'.repeat(16_000),
    `Authorization: Digest ${'a'.repeat(32_000)}`,
    `Authorization: Digest ${'a='.repeat(16_000)}`,
    `Authorization: Digest a="${'\\'.repeat(32_000)}`,
    `a=crypto:${'1 '.repeat(16_000)}`,
    `a=crypto:${'1'.repeat(32_000)}`,
    `digits=${' '.repeat(32_000)}`,
    '\r\n \r\n'.repeat(6000),
  ]
  for (const piece of hostile) {
    const text = `NOTIFY sip:a SIP/2.0\r\nDTMF: ${piece}\r\n${piece}\r\n\r\n${piece}\r\n${piece}`
    const once = cpuMs(text)
    // Five times the length would take 25 times as long if time grew with its square.
    expect(cpuMs(text.repeat(5)) / Math.max(once, 5)).toBeLessThan(20)
  }
})

function cpuMs(text: string): number {
  const before = process.cpuUsage()
  maskSecrets(text)
  return process.cpuUsage(before).user / 1000
}
