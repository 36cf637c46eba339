import { pino } from 'pino'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { Authentication } from '../../../src/telephony/authentication.ts'
import { Bindings, type Reachability } from '../../../src/telephony/bindings.ts'
import { answerChallenge, ha1, parseChallenge } from '../../../src/telephony/digest.ts'
import { registeringOf } from '../../../src/telephony/drachtio/registering.ts'
import { headersOf, type SipRequest, type SipSource } from '../../../src/telephony/drachtio/sip-messages.ts'
import { Registrar } from '../../../src/telephony/registrar.ts'

const REALM = 'test'
const PASSWORD = 'correct horse'

interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

function set() {
  const clock = new SimulatedClock()
  const changes: Reachability[] = []
  const bindings = new Bindings<SipSource>(clock, (change) => changes.push(change))
  const find = async (device: string) =>
    device === 'alice' || device === 'bob'
      ? {
          device,
          ha1: {
            md5: ha1('MD5', device, REALM, PASSWORD),
            sha256: ha1('SHA-256', device, REALM, PASSWORD),
          },
        }
      : undefined
  const authentication = new Authentication<SipRequest>({
    realm: REALM,
    findCredentials: find,
    algorithms: ['MD5'],
    timers: clock,
    logger: pino({ level: 'silent' }),
    authorization: ({ fields }) => fields['authorization'] ?? [],
  })
  const registrar = new Registrar({ authentication, bindings, now: () => clock.now(), read: registeringOf })
  /** The response, as it goes to drachtio-server. */
  const receive = async (request: SipRequest): Promise<Response> => {
    const { status, headers } = await registrar.answer(request)
    return { status, headers: headersOf(headers) }
  }
  let cseq = 0
  const request = (fields: Readonly<Record<string, string>>, user = 'alice'): SipRequest => ({
    method: 'REGISTER',
    uri: 'sip:test',
    callId: 'call-1',
    cseq: ++cseq,
    toTag: undefined,
    fields: {
      to: [`<sip:${user}@test>`],
      ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value]])),
    },
    body: '',
    source: { host: '192.0.2.7', port: 5070, transport: 'udp' },
  })
  /** The answer to the challenge of the answer before. */
  const authorized = (answer: Response, username = 'alice', password = PASSWORD): string => {
    const challenge = parseChallenge(answer.headers['WWW-Authenticate'] ?? '')
    if (!challenge) throw new Error(`no challenge in ${JSON.stringify(answer)}`)
    return answerChallenge(challenge, { username, password }, 'REGISTER', 'sip:test', 'cnonce')
  }
  const register = async (fields: Readonly<Record<string, string>>, user = 'alice', password = PASSWORD) => {
    const challenged = await receive(request(fields, user))
    return receive(request({ ...fields, authorization: authorized(challenged, user, password) }, user))
  }
  return { clock, changes, bindings, receive, request, register, authorized }
}

test('nobody registers without a password, or with a wrong one', async () => {
  const { receive, request, register, changes } = set()
  expect(await receive(request({ contact: '<sip:alice@192.0.2.7>' }))).toMatchObject({
    status: 401,
  })
  expect(await register({ contact: '<sip:alice@192.0.2.7>' }, 'alice', 'wrong')).toEqual({
    status: 403,
    headers: {},
  })
  expect(await register({ contact: '<sip:eve@192.0.2.7>' }, 'eve')).toEqual({ status: 403, headers: {} })
  expect(changes).toEqual([])
})

test('a phone is reachable until its time has run out', async () => {
  const { clock, changes, bindings, register } = set()
  const answer = await register({ contact: '<sip:alice@192.0.2.7:5070>;expires=120' })
  expect(answer).toEqual({ status: 200, headers: { Contact: '<sip:alice@192.0.2.7:5070>;expires=120' } })
  expect(bindings.of('alice')).toMatchObject([{ uri: 'sip:alice@192.0.2.7:5070' }])
  clock.advance(119_000)
  expect(bindings.size).toBe(1)
  clock.advance(2_000)
  expect(changes).toEqual([
    { type: 'device.reachable', device: 'alice' },
    { type: 'device.unreachable', device: 'alice', reason: 'expired' },
  ])
})

test('a phone that says good-bye is gone, one of its contacts or all', async () => {
  const { changes, register } = set()
  await register({ contact: '<sip:alice@192.0.2.7>, <sip:alice@192.0.2.8>' })
  await register({ contact: '<sip:alice@192.0.2.7>;expires=0' })
  expect(changes.filter(({ type }) => type === 'device.unreachable')).toEqual([])
  await register({ contact: '*', expires: '0' })
  expect(changes.at(-1)).toEqual({ type: 'device.unreachable', device: 'alice', reason: 'unregistered' })
})

test('a nonce of the past is told to be stale, and an answer works once', async () => {
  const { clock, receive, request, authorized } = set()
  const challenged = await receive(request({}))
  const authorization = authorized(challenged)
  expect((await receive(request({ authorization }))).status).toBe(200)
  const again = await receive(request({ authorization }))
  expect(again.headers['WWW-Authenticate']).toContain('stale=true')
  const late = authorized(await receive(request({})))
  clock.advance(6 * 60_000)
  const tooLate = await receive(request({ authorization: late }))
  expect(tooLate.headers['WWW-Authenticate']).toContain('stale=true')
})

test('nobody registers for somebody else, too briefly, too often, or with nonsense', async () => {
  const { receive, request, register, authorized } = set()
  const challenged = await receive(request({}))
  const foreign = request({ contact: '<sip:x@192.0.2.9>', authorization: authorized(challenged, 'bob') })
  expect((await receive(foreign)).status).toBe(403)
  expect(await register({ contact: '<sip:alice@192.0.2.7>;expires=5' })).toEqual({
    status: 423,
    headers: { 'Min-Expires': '60' },
  })
  expect((await register({ contact: 'nonsense here' })).status).toBe(400)
  expect((await register({ contact: '*', expires: '60' })).status).toBe(400)
  const many = Array.from({ length: 11 }, (_, at) => `<sip:alice@192.0.2.${at + 1}>`).join(', ')
  expect((await register({ contact: many })).status).toBe(403)
  expect((await register({})).headers).toEqual({})
})
