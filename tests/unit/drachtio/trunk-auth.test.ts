import { expect, test } from 'vitest'
import { TrunkLine, type TrunkSurroundings } from '../../../src/telephony/drachtio/trunk-line.ts'
import type { Trunk } from '../../../src/telephony/trunk.ts'
import { trunkTo } from '../sip/support.ts'

const CREDENTIALS = { username: 'account', password: 'geheim' }
const INVITE = '<sip:+12025550177@a.test>'
const BYE = '<sip:+12025550177@a.test>;tag=far'

/** Gives challenges to a trunk. @returns whether each is answered with its password */
function line(change: Partial<Trunk> = {}) {
  const around = {} as TrunkSurroundings
  const { auth } = new TrunkLine(
    trunkTo('a', { port: 5080 }, { credentials: CREDENTIALS, sources: ['192.0.2.0/28'], ...change }),
    around,
  )
  return (uri: string, to: string, realm: string, more: readonly string[] = []): boolean => {
    const raw = ['INVITE it SIP/2.0', `To: ${to}`, ...more, '', ''].join('\r\n')
    const challenge = `WWW-Authenticate: Digest realm="${realm}", nonce="n1", algorithm=MD5`
    let password: string | undefined
    auth?.({ raw, uri }, { raw: `SIP/2.0 401 Who\r\n${challenge}\r\n\r\n` }, (_, __, given) => {
      password = given
    })
    return password === CREDENTIALS.password
  }
}

test('the password of a trunk is for the first realm that its hosts ask for', () => {
  const isAnswered = line()
  expect(isAnswered('sip:1@127.0.0.1:5080', BYE, 'a.test')).toBe(false)
  expect(isAnswered('sip:1@127.0.0.1:5080', INVITE, 'a.test')).toBe(true)
  expect(isAnswered('sip:1@127.0.0.1:5080', INVITE, 'callee.test')).toBe(false)
  expect(isAnswered('sip:1@127.0.0.1:5080', BYE, 'a.test')).toBe(true)
})

test('a realm in its settings is the only one', () => {
  const isAnswered = line({ realm: 'set.test' })
  expect(isAnswered('sip:1@127.0.0.1:5080', INVITE, 'a.test')).toBe(false)
  expect(isAnswered('sip:1@127.0.0.1:5080', INVITE, 'set.test')).toBe(true)
})

test('it is for requests that go to the trunk, by Request-URI or Route', () => {
  const isAnswered = line({ realm: 'a.test' })
  expect(isAnswered('sip:1@198.51.100.9', BYE, 'a.test')).toBe(false)
  expect(isAnswered('sip:1@192.0.2.9', BYE, 'a.test')).toBe(true)
  const route = (host: string): string[] => [`Route: <sip:${host};lr>`]
  expect(isAnswered('sip:1@198.51.100.9', BYE, 'a.test', route('127.0.0.1:5080'))).toBe(true)
  expect(isAnswered('sip:1@127.0.0.1:5080', BYE, 'a.test', route('198.51.100.9'))).toBe(false)
  const two = ['Route: <sip:198.51.100.9;lr>, <sip:127.0.0.1:5080;lr>']
  expect(isAnswered('sip:1@127.0.0.1:5080', BYE, 'a.test', two)).toBe(false)
})
