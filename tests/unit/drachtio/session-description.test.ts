import { expect, test } from 'vitest'
import { hasAudio, isHold, SessionOrigin } from '../../../src/telephony/drachtio/session-description.ts'

function sdp({
  origin = '- 17 1 IN IP4 192.0.2.1',
  port = 40000,
  direction = 'sendrecv',
  host = '192.0.2.1',
} = {}): string {
  return [
    'v=0',
    `o=${origin}`,
    's=-',
    `c=IN IP4 ${host}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0 101`,
    `a=${direction}`,
    '',
  ].join('\r\n')
}

test('sendonly, inactive and 0.0.0.0 hold us (RFC 3264 8.4)', () => {
  expect(isHold(sdp({ direction: 'sendonly' }))).toBe(true)
  expect(isHold(sdp({ direction: 'inactive' }))).toBe(true)
  expect(isHold(sdp({ host: '0.0.0.0' }))).toBe(true)
  expect(isHold(sdp())).toBe(false)
  expect(isHold(sdp({ direction: 'recvonly' }))).toBe(false)
})

test('audio that is refused, encrypted or not there is no audio for us', () => {
  expect(hasAudio(sdp())).toBe(true)
  expect(hasAudio(sdp({ port: 0 }))).toBe(false)
  expect(hasAudio(sdp().replace('RTP/AVP', 'RTP/SAVP'))).toBe(false)
  expect(hasAudio('v=0\r\n')).toBe(false)
  expect(hasAudio('m=audio  RTP/AVP 0')).toBe(false)
})

test('a session goes on under its first origin whichever media server wrote the rest, and counts its versions', () => {
  const origin = new SessionOrigin()
  const first = sdp({ origin: 'FreeSWITCH 111 222 IN IP4 192.0.2.1' })
  expect(origin.describe(first)).toBe(first)
  expect(origin.describe(first)).toBe(first)
  const moved = origin.describe(sdp({ origin: 'FreeSWITCH 999 1000 IN IP4 192.0.2.2', host: '192.0.2.2' }))
  expect(moved).toContain('o=FreeSWITCH 111 223 IN IP4 192.0.2.2\r\n')
  expect(moved).toContain('c=IN IP4 192.0.2.2')
})

test('what is no description passes as it is', () => {
  expect(new SessionOrigin().describe('')).toBe('')
})
