import { describe, expect, test } from 'vitest'
import type { Trunk } from '../../../src/telephony/trunk.ts'
import { Peer, request, respond, SDP, TestServer, trunkTo } from './support.ts'

const CREDENTIALS = { username: 'account', password: 'geheim' }

async function serverOf(peer: Peer, change: Partial<Trunk> = {}): Promise<TestServer> {
  const server = await TestServer.start({
    trunks: [trunkTo('a', peer, { credentials: CREDENTIALS, ...change })],
  })
  peer.faces(server)
  return server
}

function challenge(realm: string, header = 'WWW-Authenticate'): { headers: string[] } {
  return { headers: [`${header}: Digest realm="${realm}", nonce="chosen", algorithm=MD5`] }
}

function dial(server: TestServer): void {
  const target = { number: '+12025550177', trunks: ['a'] }
  server.execute({ type: 'dial', call: 'out', target, from: { uri: 'sip:100@us' }, ringMs: 30_000 })
}

/** The trunk asks for credentials and takes the call; requests of the dialog go to `next`, by Record-Route or Contact. */
async function answered(server: TestServer, a: Peer, next: string[]): Promise<void> {
  dial(server)
  a.send(respond(a, await a.request('INVITE'), 407, challenge('a.test', 'Proxy-Authenticate')))
  await a.request('ACK')
  const invite = await a.request('INVITE')
  a.send(respond(a, invite, 200, { body: SDP, headers: next }))
  await server.event('call.answered')
}

describe('the password of a trunk', () => {
  test('is not for a callee behind it, who asks in its INVITE or BYE for another realm', async () => {
    await using a = await Peer.open()
    await using server = await serverOf(a)
    await answered(server, a, [`Record-Route: <sip:127.0.0.1:${a.port};lr>`])
    await a.request('ACK')
    server.execute({ type: 'hangup', call: 'out' })
    a.send(respond(a, await a.request('BYE'), 401, challenge('callee.test')))
    expect(await a.untilQuiet()).toEqual([])
    dial(server)
    a.send(respond(a, await a.request('INVITE'), 401, challenge('callee.test')))
    await a.request('ACK')
    expect(await a.untilQuiet()).toEqual([])
  })

  test('is for the first realm that its hosts ask for, or the one of the settings', async () => {
    await using a = await Peer.open()
    await using server = await serverOf(a, { realm: 'set.test' })
    dial(server)
    a.send(respond(a, await a.request('INVITE'), 401, challenge('other.test')))
    await a.request('ACK')
    expect(await a.untilQuiet()).toEqual([])
    dial(server)
    const both = [...challenge('other.test').headers, ...challenge('set.test').headers]
    a.send(respond(a, await a.request('INVITE'), 401, { headers: both }))
    await a.request('ACK')
    const invite = await a.request('INVITE')
    expect(invite.headers.get('authorization')).toMatch(/^Digest username="account", realm="set\.test"/)
  })

  test('is for the realm that a host asks for in its answer to OPTIONS', async () => {
    await using a = await Peer.open()
    await using server = await serverOf(a, { health: { everyMs: 30_000, failures: 3, successes: 1 } })
    a.send(respond(a, await a.request('OPTIONS'), 401, challenge('a.test')))
    await server.event('trunk.up')
    dial(server)
    a.send(respond(a, await a.request('INVITE'), 401, challenge('callee.test')))
    await a.request('ACK')
    expect(await a.untilQuiet()).toEqual([])
  })

  test('is not for whoever a Contact names, not even in the ACK', async () => {
    await using a = await Peer.open()
    await using server = await serverOf(a)
    await using callee = await Peer.to(server)
    await answered(server, a, [`Record-Route: <sip:localhost:${callee.port};lr>`])
    expect((await callee.request('ACK')).headers.get('proxy-authorization')).toBeUndefined()
    server.execute({ type: 'hangup', call: 'out' })
    callee.send(respond(callee, await callee.request('BYE'), 401, challenge('a.test')))
    expect(await callee.untilQuiet()).toEqual([])
  })

  test('is not for the Contact of a call that says it comes from the trunk', async () => {
    await using a = await Peer.open()
    await using server = await serverOf(a, { realm: 'a.test' })
    await using attacker = await Peer.to(server)
    const forged = request(a, 'INVITE', { body: SDP }).replace(a.uri, attacker.uri)
    a.send(forged)
    const { call } = await server.event('call.offered')
    server.execute({ type: 'answer', call })
    await a.status(200)
    // Nobody acknowledges it, for 64 x T1.
    server.clock.advance(32_000)
    attacker.send(respond(attacker, await attacker.request('BYE'), 401, challenge('a.test')))
    expect(await attacker.untilQuiet()).toEqual([])
  })
})
