import { describe, expect, test } from 'vitest'
import type { Trunk } from '../../../src/telephony/trunk.ts'
import { establish, Peer, request, respond, SDP, TestServer, trunkTo } from './support.ts'

const NUMBER = '+12025550177'
const FROM = { uri: 'sip:+12025550123@far.invalid', number: '+12025550123', name: 'Ann' }
const CREDENTIALS = { username: 'account', password: 'geheim' }

/** A server with trunks to these peers. */
async function serverOf(
  peers: Readonly<Record<string, Peer>>,
  change: Partial<Trunk> = {},
): Promise<TestServer> {
  const trunks = Object.entries(peers).map(([name, peer]) => trunkTo(name, peer, change))
  const server = await TestServer.start({ trunks })
  for (const peer of Object.values(peers)) peer.faces(server)
  return server
}

function dial(server: TestServer, trunks: readonly string[], more: object = {}): string {
  const target = { number: NUMBER, trunks }
  return server.execute({ type: 'dial', call: 'out', target, from: FROM, ringMs: 30_000, ...more })
}

describe('a call over a trunk', () => {
  test('says who calls whom in the way of the trunk', async () => {
    await using a = await Peer.open()
    await using server = await serverOf(
      { a },
      {
        identity: 'p-asserted-identity',
        numbers: {
          ...trunkTo('a', a).numbers,
          countryCode: '1',
          sends: 'national',
          sent: { strip: 0, prepend: '9' },
        },
      },
    )
    const command = dial(server, ['a'], { asserted: true })
    const invite = await a.request('INVITE')
    expect(invite.uri).toBe(`sip:92025550177@127.0.0.1:${a.port}`)
    expect(invite.headers.get('to')).toBe('<sip:92025550177@a.test>')
    expect(invite.headers.get('from')).toMatch(/^"Ann" <sip:92025550123@a\.test>;tag=/)
    expect(invite.headers.get('p-asserted-identity')).toBe('"Ann" <sip:92025550123@a.test>')
    a.send(respond(a, invite, 200, { body: SDP }))
    expect(await server.event('call.answered')).toEqual({
      type: 'call.answered',
      call: 'out',
      command,
      trunk: 'a',
    })
  })

  test('shows the trunk’s own number where it wants that, and nobody who withheld theirs', async () => {
    await using a = await Peer.open()
    await using server = await serverOf({ a }, { callerId: 'account', identity: 'remote-party-id' })
    dial(server, ['a'], { asserted: true })
    const invite = await a.request('INVITE')
    expect(invite.headers.get('from')).toMatch(/^"Ann" <sip:account@a\.test>/)
    expect(invite.headers.get('remote-party-id')).toBe(
      '"Ann" <sip:+12025550123@a.test>;party=calling;screen=yes;privacy=off',
    )
    await using b = await Peer.open()
    await using other = await serverOf({ b }, { identity: 'p-asserted-identity' })
    dial(other, ['b'], { from: { uri: 'sip:anonymous@anonymous.invalid' } })
    const anonymous = await b.request('INVITE')
    expect(anonymous.headers.get('from')).toMatch(/^"Anonymous" <sip:anonymous@anonymous\.invalid>/)
    expect(anonymous.headers.get('p-asserted-identity')).toBeUndefined()
    expect(anonymous.headers.get('privacy')).toBe('id')
  })

  test('answers the trunk’s challenges, to INVITE and to BYE', async () => {
    await using a = await Peer.open()
    await using server = await serverOf({ a }, { credentials: CREDENTIALS })
    dial(server, ['a'])
    const challenge = (header: string): object => ({
      headers: [`${header}: Digest realm="a.test", nonce="n1", algorithm=MD5`],
    })
    a.send(respond(a, await a.request('INVITE'), 407, challenge('Proxy-Authenticate')))
    await a.request('ACK')
    const invite = await a.request('INVITE')
    expect(invite.headers.get('proxy-authorization')).toMatch(/^Digest username="account", realm="a\.test"/)
    a.send(respond(a, invite, 200, { body: SDP }))
    await a.request('ACK')
    await server.event('call.answered')
    server.execute({ type: 'hangup', call: 'out' })
    a.send(respond(a, await a.request('BYE'), 401, challenge('WWW-Authenticate')))
    const bye = await a.request('BYE')
    expect(bye.headers.get('authorization')).toMatch(/^Digest username="account"/)
    a.send(respond(a, bye, 200))
  })

  test.each([401, 408, 430, 500, 503, 504])('goes to the next trunk after %i', async (status) => {
    await using a = await Peer.open()
    await using b = await Peer.open()
    await using server = await serverOf({ a, b })
    dial(server, ['a', 'b'])
    a.send(respond(a, await a.request('INVITE'), status))
    await a.request('ACK')
    const invite = await b.request('INVITE')
    b.send(respond(b, invite, 200, { body: SDP }))
    expect(await server.event('call.answered')).toMatchObject({ trunk: 'b' })
  })

  test.each([
    [404, 'unreachable'],
    [403, 'rejected'],
    [486, 'busy'],
    [480, 'no-answer'],
    [603, 'rejected'],
  ])('ends with %i, which is about the callee', async (status, cause) => {
    await using a = await Peer.open()
    await using b = await Peer.open()
    await using server = await serverOf({ a, b })
    dial(server, ['a', 'b'])
    a.send(respond(a, await a.request('INVITE'), status))
    expect(await server.event('call.ended')).toMatchObject({ cause, by: 'remote', status })
    expect(await b.untilQuiet()).toEqual([])
  })

  test('stays where a telephone rings, also when that trunk fails then', async () => {
    await using a = await Peer.open()
    await using b = await Peer.open()
    await using server = await serverOf({ a, b })
    dial(server, ['a', 'b'])
    const invite = await a.request('INVITE')
    a.send(respond(a, invite, 180))
    await server.event('call.progress')
    a.send(respond(a, invite, 503))
    expect(await server.event('call.ended')).toMatchObject({ cause: 'unreachable', status: 503 })
    expect(await b.untilQuiet()).toEqual([])
  })

  test('goes on after 4 s of silence; an answer that comes then is ended at once', async () => {
    await using a = await Peer.open()
    await using b = await Peer.open()
    await using server = await serverOf({ a, b })
    dial(server, ['a', 'b'])
    const late = await a.request('INVITE')
    server.clock.advance(4_000)
    const invite = await b.request('INVITE')
    expect(invite.callId).not.toBe(late.callId)
    b.send(respond(b, invite, 180))
    await server.event('call.progress')
    await a.untilQuiet()
    a.send(respond(a, late, 200, { body: SDP }))
    await a.request('ACK')
    a.send(respond(a, await a.request('BYE'), 200))
    b.send(respond(b, invite, 200, { body: SDP }))
    expect(await server.event('call.answered')).toMatchObject({ trunk: 'b' })
  })

  test('tries the hosts of a trunk one after the other', async () => {
    await using a = await Peer.open()
    await using b = await Peer.open()
    const hosts = [`127.0.0.1:${a.port}`, `127.0.0.1:${b.port}`]
    await using server = await TestServer.start({ trunks: [trunkTo('two', a, { hosts })] })
    for (const peer of [a, b]) peer.faces(server)
    dial(server, ['two'])
    a.send(respond(a, await a.request('INVITE'), 500))
    await a.request('ACK')
    expect((await b.request('INVITE')).uri).toBe(`sip:${NUMBER}@127.0.0.1:${b.port}`)
  })

  test('is withdrawn where it rings', async () => {
    await using a = await Peer.open()
    await using server = await serverOf({ a })
    dial(server, ['a'])
    const invite = await a.request('INVITE')
    a.send(respond(a, invite, 183, { body: SDP }))
    expect(await server.event('call.progress')).toMatchObject({ kind: 'early-media' })
    server.execute({ type: 'hangup', call: 'out' })
    await a.request('CANCEL')
    expect(await server.event('call.ended')).toMatchObject({ cause: 'cancelled', by: 'local' })
  })
})

describe('a call from a trunk', () => {
  const identity = [
    'P-Asserted-Identity: "Real Ann" <sip:2025550111@a.test;verstat=TN-Validation-Passed>',
    'Diversion: <sip:2025550100@a.test>;reason=unconditional',
  ]
  const american = (peer: Peer): Trunk['numbers'] => ({
    ...trunkTo('a', peer).numbers,
    countryCode: '1',
    receives: 'national',
  })

  test('names its trunk; numbers are ours; who is asserted counts where the trunk is trusted', async () => {
    await using a = await Peer.open()
    await using server = await TestServer.start({
      trunks: [trunkTo('a', a, { trusted: true, numbers: american(a) })],
      isServed: (number) => number === '+12025550100',
    })
    a.faces(server)
    a.send(request(a, 'INVITE', { uri: 'sip:2025550100@us', body: SDP, headers: identity }))
    expect(await server.event('call.offered')).toMatchObject({
      trunk: 'a',
      from: { number: '+12025550111', name: 'Real Ann' },
      to: { number: '+12025550100' },
      identity: {
        asserted: [{ number: '2025550111' }],
        verification: { status: 'passed' },
        diversions: [{ reason: 'unconditional' }],
      },
    })
  })

  test.each([
    ['Privacy: id', 'Remote-Party-ID: <sip:+12025550123@a.test>;party=calling;screen=yes'],
    ['Remote-Party-ID: <sip:+12025550123@a.test>;party=calling;screen=yes;privacy=full'],
  ])('that is to be shown to nobody is from nobody, whatever its From says: %s', async (...headers) => {
    await using a = await Peer.open()
    await using server = await serverOf({ a }, { trusted: true })
    a.send(request(a, 'INVITE', { from: '"Ann" <sip:+12025550123@a.test>', body: SDP, headers }))
    const offered = await server.event('call.offered')
    expect(offered.from).toEqual({ uri: 'sip:anonymous@anonymous.invalid' })
    expect(offered.identity).toMatchObject({ withheld: true })
  })

  test('that is not trusted is who its From says', async () => {
    await using a = await Peer.open()
    await using server = await serverOf({ a }, { numbers: american(a) })
    a.send(
      request(a, 'INVITE', {
        from: '<sip:2025550123@a.test>',
        body: SDP,
        headers: identity,
      }),
    )
    const offered = await server.event('call.offered')
    expect(offered).toMatchObject({ from: { number: '+12025550123' }, to: { number: '100' } })
    expect(offered.identity).not.toHaveProperty('asserted')
    expect(offered.identity).toMatchObject({ diversions: [{ party: { number: '2025550100' } }] })
  })

  test('to the name under which we registered has its number in To', async () => {
    await using a = await Peer.open()
    await using server = await serverOf({ a }, { credentials: CREDENTIALS, registration: { expires: 300 } })
    await a.request('REGISTER')
    a.send(request(a, 'INVITE', { uri: 'sip:account@127.0.0.1', to: '<sip:101@a.test>', body: SDP }))
    expect(await server.event('call.offered')).toMatchObject({ to: { number: '101' } })
  })

  test('to a number that is not in the plan is refused, and never silences the trunk', async () => {
    await using a = await Peer.open()
    await using server = await serverOf({ a })
    for (let call = 0; call < 30; call++) {
      a.send(request(a, 'INVITE', { uri: 'sip:999@us', callId: `wrong-${call}`, body: SDP }))
      await a.status(404)
      a.send(request(a, 'ACK', { uri: 'sip:999@us', callId: `wrong-${call}` }))
    }
    await establish(server, a, { callId: 'right' })
  })

  test('is heard, also when somebody else at its address has been silenced', async () => {
    await using a = await Peer.open()
    await using server = await TestServer.start({
      trunks: [trunkTo('a', a)],
      throttle: { failures: 1, withinMs: 60_000, silenceMs: 60_000 },
    })
    a.faces(server)
    await using scanner = await Peer.to(server)
    scanner.send(request(scanner, 'INVITE', { uri: 'sip:999@us', callId: 'scan', body: SDP }))
    await scanner.status(404)
    await establish(server, a)
  })

  test.each([
    ['127.0.0.0/8', true],
    ['127.0.0.1', true],
    ['0.0.0.0/0', true],
    ['127.0.0.2/31', false],
    ['10.0.0.0/8', false],
    ['127.0.0.1:9', false],
  ])('is known by a source %s: %s', async (source, known) => {
    await using a = await Peer.open()
    await using server = await TestServer.start({
      trunks: [trunkTo('a', a, { hosts: ['127.0.0.9'], sources: [source] })],
    })
    a.faces(server)
    a.send(request(a, 'INVITE', { body: SDP }))
    const offered = await server.event('call.offered')
    expect(offered.trunk).toBe(known ? 'a' : undefined)
  })

  test('that claims to be a device needs no proof of it, and is none', async () => {
    await using a = await Peer.open()
    await using server = await serverOf({ a })
    a.send(request(a, 'INVITE', { from: '<sip:alice@switchroom>', body: SDP }))
    const offered = await server.event('call.offered')
    expect(offered).toMatchObject({ trunk: 'a' })
    expect(offered.device).toBeUndefined()
  })
})
