/** Which names are devices, for callers who prove nothing. */
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { Authentication } from '../../../src/telephony/authentication.ts'
import { answerChallenge, ha1, parseChallenge } from '../../../src/telephony/digest.ts'
import type { FindCredentials } from '../../../src/telephony/telephony.ts'

const REALM = 'test'

interface Request {
  readonly method: string
  readonly uri: string
  readonly authorization?: string
}

function set(names: () => Promise<ReadonlySet<string>>) {
  const clock = new SimulatedClock()
  const asked: string[] = []
  const find = async (device: string) => {
    asked.push(device)
    const hash = (algorithm: 'MD5' | 'SHA-256'): string => ha1(algorithm, device, REALM, 'secret')
    return { device, ha1: { md5: hash('MD5'), sha256: hash('SHA-256') } }
  }
  const authentication = new Authentication<Request>({
    realm: REALM,
    findCredentials: Object.assign(find, {
      names: () => {
        asked.push('names')
        return names()
      },
    }) satisfies FindCredentials,
    algorithms: ['MD5'],
    timers: clock,
    logger: pino({ level: 'silent' }),
    authorization: ({ authorization }) => (authorization === undefined ? [] : [authorization]),
  })
  return { clock, asked, authentication }
}

test('a hundred callers within some seconds cost one look at the names of the devices', async () => {
  const { clock, asked, authentication } = set(async () => new Set(['alice']))
  const numbers = Array.from({ length: 100 }, (_, index) => `+1202555${1000 + index}`)
  const known = await Promise.all(numbers.map((number) => authentication.knows(number)))
  expect(known).not.toContain(true)
  expect(await authentication.knows('alice')).toBe(true)
  expect(asked).toEqual(['names'])
  clock.advance(10_000)
  await authentication.knows('+12025550100')
  expect(asked).toEqual(['names', 'names'])
})

test('a device that came after the last look is known as soon as it has proved itself', async () => {
  const { authentication } = set(async () => new Set())
  expect(await authentication.knows('bob')).toBe(false)
  const request = { method: 'REGISTER', uri: 'sip:test' }
  const challenge = parseChallenge(authentication.challenge(false)[0]?.[1] ?? '')!
  const credentials = { username: 'bob', password: 'secret' }
  const authorization = answerChallenge(challenge, credentials, request.method, request.uri, 'cnonce')
  expect(await authentication.prove({ ...request, authorization })).toEqual({
    result: 'proved',
    device: 'bob',
  })
  expect(await authentication.knows('bob')).toBe(true)
})

test('names that cannot be read make strangers of all, and are read again for the next one', async () => {
  let fails = true
  const { authentication } = set(async () => {
    if (fails) throw new Error('the database is gone')
    return new Set(['alice'])
  })
  expect(await authentication.knows('alice')).toBe(false)
  fails = false
  expect(await authentication.knows('alice')).toBe(true)
})
