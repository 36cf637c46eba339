import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import {
  answerChallenge,
  digestResponse,
  digestResponseWithoutQop,
  ha1,
  parseChallenge,
  parseDigestAnswer,
  provesSecret,
  writeChallenge,
} from '../../../src/telephony/digest.ts'
import { Timers } from '../../../src/telephony/embedded/sip/timers.ts'
import { Nonces } from '../../../src/telephony/nonces.ts'

/** RFC 7616 3.9.1. */
const RFC7616 = {
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  nc: '00000001',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  uri: '/dir/index.html',
}

describe('examples of the RFCs', () => {
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)('RFC 7616 3.9.1 with %s', (algorithm, response) => {
    const secret = ha1(algorithm, 'Mufasa', 'http-auth@example.org', 'Circle of Life')
    expect(digestResponse(secret, 'GET', { ...RFC7616, algorithm })).toBe(response)
  })

  test('RFC 2617 3.5', () => {
    const secret = ha1('MD5', 'Mufasa', 'testrealm@host.com', 'Circle Of Life')
    expect(secret).toBe('939e7578ed9e3c518a452acee763bce9')
    const parts = {
      algorithm: 'MD5',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      uri: '/dir/index.html',
    } as const
    expect(digestResponse(secret, 'GET', { ...parts, nc: '00000001', cnonce: '0a4f113b' })).toBe(
      '6629fae49393a05397450978507c4ef1',
    )
    expect(digestResponseWithoutQop(secret, 'GET', parts)).toBe('670fd8c2df070c60b045671b8b24ff02')
  })
})

describe.each(['MD5', 'SHA-256'] as const)('challenge and answer with %s', (algorithm) => {
  const challenge = writeChallenge('the "realm"', 'abc.def', algorithm, true)

  test('what we write is what we read', () => {
    expect(parseChallenge(challenge)).toEqual({
      realm: 'the "realm"',
      nonce: 'abc.def',
      algorithm,
      stale: true,
      qop: true,
      opaque: undefined,
    })
  })

  test('an answer proves the password that it was made with, for that method, and no other', () => {
    const parsed = parseChallenge(challenge)
    if (!parsed) throw new Error('unreadable')
    const value = answerChallenge(parsed, { username: 'al,ice', password: 'x' }, 'INVITE', 'sip:1@2', 'cn')
    const answer = parseDigestAnswer(value)
    if (!answer) throw new Error('unreadable')
    expect(answer.username).toBe('al,ice')
    const secret = ha1(algorithm, 'al,ice', 'the "realm"', 'x')
    expect(provesSecret(answer, secret, 'INVITE')).toBe(true)
    expect(provesSecret(answer, secret, 'REGISTER')).toBe(false)
    expect(provesSecret(answer, ha1(algorithm, 'al,ice', 'the "realm"', 'y'), 'INVITE')).toBe(false)
    expect(provesSecret({ ...answer, nc: '00000002' }, secret, 'INVITE')).toBe(false)
  })
})

test.each([
  'Basic dXNlcjpwYXNz',
  'Digest',
  'Digest username="a", realm="b", nonce="c", uri="d", response="e", qop=auth, cnonce="f", nc=1',
  'Digest username="a", realm="b", nonce="c", uri="d", response="e", qop=auth-int, cnonce="f", nc=00000001',
  'Digest username="a", realm="b", nonce="c", uri="d", response="e"',
  'Digest username="a", username="b", realm="b", nonce="c", uri="d", response="e", qop=auth, cnonce="f", nc=00000001',
  'Digest username="a", realm="b", nonce="c", uri="d", response="e", qop=auth, cnonce="f", nc=00000001, algorithm=AKAv1-MD5',
])('not taken: %s', (value) => {
  expect(parseDigestAnswer(value)).toBeUndefined()
})

describe('nonces', () => {
  const setUp = () => {
    const clock = new SimulatedClock()
    return { clock, nonces: new Nonces(new Timers(clock, () => undefined)) }
  }

  test('a nonce of ours is fresh for five minutes', () => {
    const { clock, nonces } = setUp()
    const nonce = nonces.make()
    expect(nonces.check(nonce, '00000001')).toBe('fresh')
    clock.advance(5 * 60_000)
    expect(nonces.check(nonce, '00000001')).toBe('fresh')
    clock.advance(1)
    expect(nonces.check(nonce, '00000001')).toBe('stale')
  })

  test('a nonce of somebody else, or one that was changed, is stale', () => {
    const { nonces } = setUp()
    const nonce = nonces.make()
    for (const other of ['', 'x', 'a.b.c', `1${nonce}`, `${nonce}0`, setUp().nonces.make()]) {
      expect(nonces.check(other, '00000001')).toBe('stale')
    }
  })

  test('a count works once, and only upwards; nothing is kept after the life of the nonce', () => {
    const { clock, nonces } = setUp()
    const nonce = nonces.make()
    nonces.use(nonce, '00000002')
    expect(nonces.check(nonce, '00000002')).toBe('replayed')
    expect(nonces.check(nonce, '00000001')).toBe('replayed')
    expect(nonces.check(nonce, '0000000a')).toBe('fresh')
    expect(nonces.size).toBe(1)
    clock.advance(5 * 60_000)
    expect(nonces.size).toBe(0)
  })
})
