import { describe, expect, test } from 'vitest'
import type { SipRequest } from '../../../src/telephony/embedded/sip/message.ts'
import type { Trunk } from '../../../src/telephony/trunk.ts'
import { Peer, respond, TestServer, trunkTo } from './support.ts'

const HEALTH = { everyMs: 30_000, failures: 3, successes: 2 }
const CREDENTIALS = { username: 'account', password: 'geheim' }

/** A server with one trunk, to this peer. */
async function serverOf(peer: Peer, change: Partial<Trunk>): Promise<TestServer> {
  const server = await TestServer.start({ trunks: [trunkTo('a', peer, change)] })
  peer.faces(server)
  return server
}

describe('a trunk that is asked by OPTIONS', () => {
  test('is up with the first answer, whatever that is', async () => {
    await using a = await Peer.open()
    await using server = await serverOf(a, { health: HEALTH })
    const options = await a.request('OPTIONS')
    expect(options.uri).toBe(`sip:127.0.0.1:${a.port}`)
    expect(server.events).toEqual([])
    a.send(respond(a, options, 404))
    expect(await server.event('trunk.up')).toEqual({ type: 'trunk.up', trunk: 'a' })
  })

  test('is down at once when the first question has no answer within 4 s', async () => {
    await using a = await Peer.open()
    await using server = await serverOf(a, { health: HEALTH })
    await a.request('OPTIONS')
    server.clock.advance(4_000)
    expect(await server.event('trunk.down')).toEqual({
      type: 'trunk.down',
      trunk: 'a',
      reason: 'unanswered',
      detail: 'no answer to OPTIONS',
    })
  })

  test('goes down after so many failures in a row, and comes up after so many answers', async () => {
    await using a = await Peer.open()
    await using server = await serverOf(a, { health: HEALTH })
    const asked = async (status: number): Promise<void> => {
      a.send(respond(a, await a.request('OPTIONS'), status))
      await a.untilQuiet()
      server.clock.advance(HEALTH.everyMs)
    }
    await asked(200)
    await server.event('trunk.up')
    for (const status of [503, 503, 200, 503, 408]) await asked(status)
    expect(server.events).toEqual([])
    await asked(503)
    expect(await server.event('trunk.down')).toMatchObject({
      reason: 'unanswered',
      detail: 'OPTIONS answered with 503',
    })
    await asked(200)
    await asked(503)
    await asked(200)
    expect(server.events).toEqual([])
    await asked(200)
    await server.event('trunk.up')
  })

  test('is passed over while it is down', async () => {
    await using a = await Peer.open()
    await using server = await serverOf(a, { health: HEALTH })
    await a.request('OPTIONS')
    server.clock.advance(4_000)
    await server.event('trunk.down')
    await a.untilQuiet()
    const target = { number: '+12025550177', trunks: ['a'] }
    server.execute({ type: 'dial', call: 'out', target, from: { uri: 'sip:100@us' }, ringMs: 20_000 })
    expect(await server.event('call.ended')).toMatchObject({ cause: 'unreachable', by: 'network' })
    expect(await a.untilQuiet()).toEqual([])
  })

  test('stays up while one of its hosts answers', async () => {
    await using a = await Peer.open()
    await using b = await Peer.open()
    await using server = await serverOf(a, {
      health: HEALTH,
      hosts: [`127.0.0.1:${a.port}`, `127.0.0.1:${b.port}`],
    })
    b.faces(server)
    await a.request('OPTIONS')
    b.send(respond(b, await b.request('OPTIONS'), 200))
    await server.event('trunk.up')
    server.clock.advance(4_000)
    await b.untilQuiet()
    expect(server.events).toEqual([])
    const target = { number: '+12025550177', trunks: ['a'] }
    server.execute({ type: 'dial', call: 'out', target, from: { uri: 'sip:100@us' }, ringMs: 20_000 })
    await b.request('INVITE')
  })
})

describe('a trunk that we register at', () => {
  const registering = { credentials: CREDENTIALS, registration: { expires: 300 } }
  const challenge = { headers: ['WWW-Authenticate: Digest realm="a.test", nonce="n1", algorithm=MD5'] }

  /** Refuses the first REGISTER for its lack of credentials. @returns the second one */
  async function challenged(peer: Peer): Promise<SipRequest> {
    peer.send(respond(peer, await peer.request('REGISTER'), 401, challenge))
    return peer.request('REGISTER')
  }

  test('is up when it has taken us, with digest, at its domain', async () => {
    await using a = await Peer.open()
    await using server = await serverOf(a, registering)
    const register = await challenged(a)
    expect(register.uri).toBe(`sip:127.0.0.1:${a.port}`)
    expect(register.headers.get('to')).toBe('<sip:account@a.test>')
    expect(register.headers.get('contact')).toBe(`<sip:account@127.0.0.1:${server.port}>`)
    expect(register.headers.get('authorization')).toMatch(/^Digest username="account", realm="a\.test"/)
    expect(server.events).toEqual([])
    a.send(respond(a, register, 200, { headers: ['Expires: 300'] }))
    await server.event('trunk.up')
  })

  test('that refuses us is down, and asked again after 30 s', async () => {
    await using a = await Peer.open()
    await using server = await serverOf(a, registering)
    a.send(respond(a, await challenged(a), 403))
    expect(await server.event('trunk.down')).toMatchObject({
      reason: 'unregistered',
      detail: expect.stringContaining('does not accept account (403)'),
    })
    const target = { number: '+12025550177', trunks: ['a'] }
    server.execute({ type: 'dial', call: 'out', target, from: { uri: 'sip:100@us' }, ringMs: 20_000 })
    expect(await server.event('call.ended')).toMatchObject({ cause: 'unreachable', by: 'network' })
    server.clock.advance(30_000)
    a.send(respond(a, await challenged(a), 200, { headers: ['Expires: 300'] }))
    await server.event('trunk.up')
  })

  test('is asked at its next host when the first refuses', async () => {
    await using a = await Peer.open()
    await using b = await Peer.open()
    await using server = await serverOf(a, {
      ...registering,
      hosts: [`127.0.0.1:${a.port}`, `127.0.0.1:${b.port}`],
    })
    b.faces(server)
    a.send(respond(a, await a.request('REGISTER'), 503))
    await server.event('trunk.down')
    server.clock.advance(30_000)
    b.send(respond(b, await b.request('REGISTER'), 200))
    await server.event('trunk.up')
  })

  test('is left for its next host when it does not take our refresh', async () => {
    await using a = await Peer.open()
    await using b = await Peer.open()
    await using server = await serverOf(a, {
      ...registering,
      hosts: [`127.0.0.1:${a.port}`, `127.0.0.1:${b.port}`],
    })
    b.faces(server)
    a.send(respond(a, await a.request('REGISTER'), 200, { headers: ['Expires: 300'] }))
    await server.event('trunk.up')
    server.clock.advance(260_000)
    a.send(respond(a, await a.request('REGISTER'), 503))
    await server.event('trunk.down')
    b.send(respond(b, await b.request('REGISTER'), 200))
    await server.event('trunk.up')
    server.clock.advance(5_000)
    // Both may stand before one registrar, where the binding is that of b now.
    expect(await a.untilQuiet()).toEqual([])
  })

  test('knows us by an escaped user name, where that needs it', async () => {
    await using a = await Peer.open()
    const credentials = { username: 'acct@provider.com', password: 'geheim' }
    await using server = await serverOf(a, { ...registering, credentials })
    const register = await a.request('REGISTER')
    expect(register.headers.get('contact')).toBe(`<sip:acct%40provider.com@127.0.0.1:${server.port}>`)
    a.send(respond(a, register, 200))
  })

  test.each([
    ['one that was rewritten on its way', ['<sip:account@203.0.113.9:4711>;expires=60']],
    [
      'ours among others, written in another way',
      ['<sip:else@192.0.2.1>;expires=300', '<sip:account@127.0.0.1:PORT;transport=UDP;line=1>;expires=60'],
    ],
  ])('is given the time of the contact that is ours: %s', async (_, contacts) => {
    await using a = await Peer.open()
    await using server = await serverOf(a, registering)
    const register = await a.request('REGISTER')
    const listed = contacts.map((contact) => `Contact: ${contact.replace('PORT', String(server.port))}`)
    a.send(respond(a, register, 200).replace(`Contact: <${a.uri}>`, listed.join('\r\n')))
    await server.event('trunk.up')
    server.clock.advance(30_000)
    a.send(respond(a, await a.request('REGISTER'), 200))
  })

  test('says for how long at least (423), and is given that', async () => {
    await using a = await Peer.open()
    await using server = await serverOf(a, registering)
    const first = await a.request('REGISTER')
    expect(first.headers.get('expires')).toBe('300')
    a.send(respond(a, first, 423, { headers: ['Min-Expires: 3600'] }))
    const second = await a.request('REGISTER')
    expect(second.headers.get('expires')).toBe('3600')
    expect(second.cseq).toBeGreaterThan(first.cseq)
    a.send(respond(a, second, 200))
    await server.event('trunk.up')
  })

  test('is left when the server stops', async () => {
    await using a = await Peer.open()
    const server = await serverOf(a, registering)
    a.send(respond(a, await a.request('REGISTER'), 200))
    await server.event('trunk.up')
    const stopped = server.telephony.stop()
    const last = await a.request('REGISTER')
    expect(last.headers.get('expires')).toBe('0')
    a.send(respond(a, last, 200))
    await stopped
  })
})
