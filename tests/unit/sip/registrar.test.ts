import { describe, expect, test } from 'vitest'
import { answerChallenge, parseChallenge } from '../../../src/telephony/digest.ts'
import type { SipResponse } from '../../../src/telephony/embedded/sip/message.ts'
import { PASSWORDS, Peer, request, respond, SDP, TestServer } from './support.ts'

interface Register {
  readonly device?: string
  readonly username?: string
  readonly password?: string
  readonly contact?: readonly string[]
  readonly expires?: number
  readonly callId?: string
  readonly algorithm?: 'MD5' | 'SHA-256'
  readonly behindNat?: boolean
}

let cseq = 0

function plain(
  peer: Peer,
  { device = 'alice', contact = [`<${peer.uri}>`], expires, callId = 'reg', behindNat }: Register,
): string {
  const headers = contact.map((value) => `Contact: ${value}`)
  const aor = `<sip:${device}@switchroom>`
  const change = { uri: 'sip:switchroom', from: aor, to: aor, callId, cseq: ++cseq, headers }
  const text = request(peer, 'REGISTER', {
    ...change,
    headers: expires === undefined ? headers : [...headers, `Expires: ${expires}`],
  })
  const own = text.replace(`Contact: <${peer.uri}>\r\n`, '')
  return behindNat ? own.replace(`127.0.0.1:${peer.port};branch`, '10.0.0.7:5060;branch') : own
}

function credentials(
  challenged: SipResponse,
  options: Register,
  method = 'REGISTER',
  uri = 'sip:switchroom',
): string {
  const { algorithm = 'SHA-256', device = 'alice' } = options
  const value = challenged.headers
    .all('www-authenticate')
    .find((each) => each.includes(`algorithm=${algorithm}`))
  const challenge = parseChallenge(value ?? '')
  if (!challenge) throw new Error('no challenge')
  const username = options.username ?? device
  const password = options.password ?? PASSWORDS[username] ?? ''
  return `Authorization: ${answerChallenge(challenge, { username, password }, method, uri, 'c')}`
}

function withHeader(text: string, header: string): string {
  return text.replace('Content-Length', `${header}\r\nContent-Length`)
}

/** REGISTER, challenge, REGISTER again. @returns the second answer */
async function register(peer: Peer, options: Register = {}): Promise<SipResponse> {
  peer.send(plain(peer, options))
  const challenged = await peer.status(401)
  peer.send(withHeader(plain(peer, options), credentials(challenged, options)))
  const answer = await peer.next()
  if (answer.kind !== 'response') throw new Error('expected a response')
  return answer
}

describe('registering', () => {
  test.each(['MD5', 'SHA-256'] as const)('with a password, by %s', async (algorithm) => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    const answer = await register(peer, { algorithm })
    expect(answer.status).toBe(200)
    expect(answer.headers.all('contact')).toEqual([`<${peer.uri}>;expires=3600`])
    expect(await server.event('device.reachable')).toEqual({ type: 'device.reachable', device: 'alice' })
    expect(server.telephony.sizes().registrations).toBe(1)
  })

  test.each([
    ['a wrong password', { password: 'guess' }],
    ['a device that does not exist', { device: 'mallory', password: 'x' }],
    ['the name of another device', { device: 'alice', username: 'bob' }],
  ])('not with %s: 403', async (_, options) => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    expect((await register(peer, options)).status).toBe(403)
    expect(server.telephony.sizes().registrations).toBe(0)
    expect(server.events).toEqual([])
  })

  test('an answer works once; used again it is stale', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(plain(peer, {}))
    const header = credentials(await peer.status(401), {})
    peer.send(withHeader(plain(peer, {}), header))
    await peer.status(200)
    peer.send(withHeader(plain(peer, { contact: ['<sip:thief@192.0.2.66>'] }), header))
    expect((await peer.status(401)).headers.get('www-authenticate')).toContain('stale=true')
    expect(server.telephony.sizes().registrations).toBe(1)
  })

  test('a nonce that is too old is stale, and the next one works', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(plain(peer, {}))
    const header = credentials(await peer.status(401), {})
    server.clock.advance(6 * 60_000)
    peer.send(withHeader(plain(peer, {}), header))
    const again = await peer.status(401)
    expect(again.headers.get('www-authenticate')).toContain('stale=true')
    peer.send(withHeader(plain(peer, {}), credentials(again, {})))
    await peer.status(200)
  })

  test('expires by header or parameter; too short is 423, too long is cut', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    const short = await register(peer, { expires: 30 })
    expect(short.status).toBe(423)
    expect(short.headers.get('min-expires')).toBe('60')
    const both = await register(peer, {
      expires: 90,
      contact: [`<${peer.uri}>;expires=120`, '<sip:b@192.0.2.1>'],
    })
    expect(both.headers.all('contact')).toEqual([`<${peer.uri}>;expires=120`, '<sip:b@192.0.2.1>;expires=90'])
    const long = await register(peer, { expires: 99_999 })
    expect(long.headers.all('contact')).toContain(`<${peer.uri}>;expires=3600`)
  })

  test('asking without Contact changes nothing and lists all', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    await register(peer, { expires: 100 })
    server.clock.advance(40_000)
    const answer = await register(peer, { contact: [] })
    expect(answer.headers.all('contact')).toEqual([`<${peer.uri}>;expires=60`])
  })

  test('a device is unreachable when its last place has gone: expired, or unregistered', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    await register(peer, { contact: [`<${peer.uri}>;expires=60`, '<sip:b@192.0.2.1>;expires=120'] })
    server.clock.advance(60_000)
    expect(server.telephony.sizes().registrations).toBe(1)
    server.clock.advance(60_000)
    await server.event('device.reachable')
    expect(await server.event('device.unreachable')).toMatchObject({ device: 'alice', reason: 'expired' })
    await register(peer)
    await server.event('device.reachable')
    expect((await register(peer, { expires: 0 })).headers.all('contact')).toEqual([])
    expect(await server.event('device.unreachable')).toMatchObject({ reason: 'unregistered' })
  })

  test('* removes everything, with Expires: 0 and alone', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    await register(peer, { contact: [`<${peer.uri}>`, '<sip:b@192.0.2.1>'] })
    expect((await register(peer, { contact: ['*'] })).status).toBe(400)
    expect((await register(peer, { contact: ['*', '<sip:c@192.0.2.1>'], expires: 0 })).status).toBe(400)
    expect(server.telephony.sizes().registrations).toBe(2)
    expect((await register(peer, { contact: ['*'], expires: 0 })).status).toBe(200)
    expect(server.telephony.sizes().registrations).toBe(0)
  })

  test('at most ten places', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    const places = Array.from({ length: 10 }, (_, at) => `<sip:p${at}@192.0.2.1>`)
    expect((await register(peer, { contact: places })).status).toBe(200)
    expect((await register(peer, { contact: ['<sip:more@192.0.2.1>'] })).status).toBe(403)
    expect((await register(peer, { contact: places.slice(0, 2) })).status).toBe(200)
  })
})

describe('calls to a device', () => {
  test('go where it registered from, to all its places at once; the first answer wins', async () => {
    await using server = await TestServer.start()
    await using desk = await Peer.to(server)
    await using mobile = await Peer.to(server)
    // Behind address translation: its own address is one that only its own network knows.
    await register(desk, { contact: ['<sip:alice@10.0.0.7:5060>'], callId: 'desk', behindNat: true })
    await register(mobile, { callId: 'mobile' })
    server.execute({
      type: 'dial',
      call: 'out',
      target: { device: 'alice' },
      from: { uri: 'sip:100@x' },
      ringMs: 9_000,
    })
    const [toDesk, toMobile] = [await desk.request('INVITE'), await mobile.request('INVITE')]
    expect(toDesk.uri).toBe('sip:alice@10.0.0.7:5060')
    expect(toDesk.callId).not.toBe(toMobile.callId)
    desk.send(respond(desk, toDesk, 180))
    mobile.send(respond(mobile, toMobile, 180))
    await mobile.untilQuiet()
    desk.send(respond(desk, toDesk, 200, { body: SDP }))
    await desk.request('ACK')
    await server.event('call.answered')
    const cancel = await mobile.request('CANCEL')
    mobile.send(respond(mobile, cancel, 200))
    // Both were picked up at the same moment: the second is let go.
    mobile.send(respond(mobile, toMobile, 200, { body: SDP }))
    await mobile.request('ACK')
    const bye = await mobile.request('BYE')
    mobile.send(respond(mobile, bye, 200))
    await mobile.untilQuiet()
    expect(server.telephony.sizes()).toMatchObject({ calls: 1, dialogs: 1 })
    server.execute({ type: 'hangup', call: 'out' })
    await desk.request('BYE')
  })

  test('busy at one place and silent at the other: busy once both are known; declined for good: at once', async () => {
    await using server = await TestServer.start()
    await using desk = await Peer.to(server)
    await using mobile = await Peer.to(server)
    await register(desk, { callId: 'desk' })
    await register(mobile, { callId: 'mobile' })
    const dial = {
      type: 'dial',
      target: { device: 'alice' },
      from: { uri: 'sip:100@x' },
      ringMs: 90_000,
    } as const
    server.execute({ ...dial, call: 'first' })
    desk.send(respond(desk, await desk.request('INVITE'), 486))
    await desk.request('ACK')
    mobile.send(respond(mobile, await mobile.request('INVITE'), 480))
    expect(await server.event('call.ended')).toMatchObject({ call: 'first', cause: 'busy', status: 486 })
    await mobile.request('ACK')
    server.execute({ ...dial, call: 'second' })
    mobile.send(respond(mobile, await mobile.request('INVITE'), 180))
    await server.event('call.progress')
    desk.send(respond(desk, await desk.request('INVITE'), 603))
    expect(await server.event('call.ended')).toMatchObject({ call: 'second', cause: 'rejected', status: 603 })
    await mobile.request('CANCEL')
  })
})

describe('who may call', () => {
  const FROM_ALICE = { from: '<sip:alice@switchroom>', body: SDP }

  test('everybody reaches the numbers in the plan, and nothing more', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', { uri: 'sip:+4420799900@127.0.0.1', body: SDP }))
    await peer.status(404)
    expect(server.events).toEqual([])
    peer.send(request(peer, 'INVITE', { callId: 'b', body: SDP }))
    expect((await server.event('call.offered')).device).toBeUndefined()
  })

  test('nobody passes for a device: its name is asked for a proof, and marks the call with it', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', FROM_ALICE))
    const challenged = await peer.status(401)
    const header = credentials(challenged, {}, 'INVITE', 'sip:999@127.0.0.1')
    peer.send(
      request(peer, 'INVITE', { ...FROM_ALICE, uri: 'sip:999@127.0.0.1', cseq: 2, headers: [header] }),
    )
    const offered = await server.event('call.offered')
    expect(offered).toMatchObject({ device: 'alice', to: { number: '999' } })
  })

  test('a proof for one number is none for another', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', FROM_ALICE))
    const header = credentials(await peer.status(401), {}, 'INVITE', 'sip:100@127.0.0.1')
    peer.send(
      request(peer, 'INVITE', { ...FROM_ALICE, uri: 'sip:0900@127.0.0.1', cseq: 2, headers: [header] }),
    )
    await peer.status(403)
    expect(server.events).toEqual([])
  })

  test('a source that keeps failing is met with silence for a while; a registered phone there is not', async () => {
    await using server = await TestServer.start({
      throttle: { failures: 3, withinMs: 60_000, silenceMs: 30_000 },
    })
    await using phone = await Peer.to(server)
    await using guesser = await Peer.to(server)
    await register(phone, { callId: 'phone' })
    for (const callId of ['1', '2', '3']) {
      expect((await register(guesser, { device: 'bob', password: 'guess', callId })).status).toBe(403)
    }
    guesser.send(plain(guesser, { device: 'bob' }))
    guesser.send(request(guesser, 'OPTIONS', { callId: 'scan' }))
    expect((await register(phone, { callId: 'phone' })).status).toBe(200)
    // That success has cleared the address; without it the silence lasts its time.
    for (const callId of ['4', '5', '6'])
      await register(guesser, { device: 'bob', password: 'guess', callId })
    guesser.send(request(guesser, 'OPTIONS', { callId: 'scan' }))
    await phone.untilQuiet()
    server.clock.advance(30_000)
    expect(await guesser.untilQuiet()).toEqual([])
  })

  test('credentials that cannot be looked up: try again later, and no mark against the source', async () => {
    await using server = await TestServer.start({
      findCredentials: async () => {
        throw new Error('database is away')
      },
    })
    await using peer = await Peer.to(server)
    const answer = await register(peer)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('10')
  })
})
