import { describe, expect, test } from 'vitest'
import type { Party } from '../../../src/call/call.ts'
import { Peer, request, respond, SDP, TestServer } from './support.ts'

const FROM: Party = { uri: 'sip:+15550100@example.net', number: '+15550100', name: 'Ann "A" Smith' }

function dial(server: TestServer, target: object, more: object = {}): string {
  return server.execute({ type: 'dial', call: 'out', target, from: FROM, ringMs: 20_000, ...more })
}

describe('a call that we make', () => {
  test('rings, is answered, acknowledged, and ended by us', async () => {
    await using server = await TestServer.start()
    await using phone = await Peer.to(server)
    const command = dial(server, { uri: phone.uri }, { headers: { 'X-Contact': 'c1\r\nEvil: 1', Via: 'no' } })
    const invite = await phone.request('INVITE')
    expect(invite.uri).toBe(phone.uri)
    expect(invite.headers.get('from')).toMatch(/^"Ann \\"A\\" Smith" <sip:\+15550100@example\.net>;tag=/)
    expect(invite.headers.get('x-contact')).toBe('c1 Evil: 1')
    expect(invite.headers.get('evil')).toBeUndefined()
    expect(invite.headers.all('via')).toHaveLength(1)
    expect(invite.body).toContain('m=audio 40002 RTP/AVP 0 8 101')
    phone.send(respond(phone, invite, 100))
    phone.send(respond(phone, invite, 180))
    expect(await server.event('call.progress')).toMatchObject({ call: 'out', kind: 'ringing' })
    phone.send(respond(phone, invite, 183, { body: SDP }))
    expect(await server.event('call.progress')).toMatchObject({ kind: 'early-media' })
    phone.send(respond(phone, invite, 200, { body: SDP }))
    expect(await server.event('call.answered')).toEqual({ type: 'call.answered', call: 'out', command })
    const ack = await phone.request('ACK')
    expect(ack.cseq).toBe(invite.cseq)
    expect(ack.toTag).toBe('far')
    expect(server.media.last('remote')?.remote).toMatchObject({ port: 30_000, codec: 'PCMU' })
    // Its ACK was lost: the phone repeats the 200.
    phone.send(respond(phone, invite, 200, { body: SDP }))
    await phone.request('ACK')
    server.execute({ type: 'hangup', call: 'out' })
    const bye = await phone.request('BYE')
    expect(bye.cseq).toBe(invite.cseq + 1)
    expect(await server.event('call.ended')).toMatchObject({ call: 'out', cause: 'normal', by: 'local' })
    phone.send(respond(phone, bye, 200))
    await phone.untilQuiet()
    expect(server.telephony.sizes()).toMatchObject({ calls: 0, dialogs: 0 })
  })

  test.each([
    [302, 'redirected'],
    [403, 'rejected'],
    [404, 'unreachable'],
    [480, 'no-answer'],
    [486, 'busy'],
    [488, 'unsupported'],
    [500, 'failed'],
    [503, 'unreachable'],
    [600, 'busy'],
    [603, 'rejected'],
  ] as const)('refused with %i: %s, acknowledged within the transaction', async (status, cause) => {
    await using server = await TestServer.start()
    await using phone = await Peer.to(server)
    dial(server, { uri: phone.uri })
    const invite = await phone.request('INVITE')
    phone.send(respond(phone, invite, status))
    const ack = await phone.request('ACK')
    expect(ack.via.branch).toBe(invite.via.branch)
    expect(await server.event('call.ended')).toMatchObject({ cause, by: 'remote', status })
    phone.send(respond(phone, invite, status))
    await phone.request('ACK')
  })

  test('nobody answers in time: CANCEL, no-answer', async () => {
    await using server = await TestServer.start()
    await using phone = await Peer.to(server)
    dial(server, { uri: phone.uri }, { ringMs: 5_000 })
    const invite = await phone.request('INVITE')
    phone.send(respond(phone, invite, 180))
    await server.event('call.progress')
    server.clock.advance(5_000)
    const cancel = await phone.request('CANCEL')
    expect(cancel.via.branch).toBe(invite.via.branch)
    expect(cancel.cseq).toBe(invite.cseq)
    expect(await server.event('call.ended')).toMatchObject({ cause: 'no-answer', by: 'network' })
    phone.send(respond(phone, cancel, 200))
    phone.send(respond(phone, invite, 487))
    await phone.request('ACK')
  })

  test('CANCEL waits for a provisional response (9.1)', async () => {
    await using server = await TestServer.start()
    await using phone = await Peer.to(server)
    dial(server, { uri: phone.uri })
    const invite = await phone.request('INVITE')
    server.execute({ type: 'hangup', call: 'out' })
    expect(await server.event('call.ended')).toMatchObject({ cause: 'cancelled', by: 'local' })
    expect(await phone.untilQuiet()).toEqual([])
    phone.send(respond(phone, invite, 180))
    await phone.request('CANCEL')
  })

  test('a 200 that crosses the CANCEL is acknowledged and ended at once, and no event says otherwise', async () => {
    await using server = await TestServer.start()
    await using phone = await Peer.to(server)
    dial(server, { uri: phone.uri })
    const invite = await phone.request('INVITE')
    phone.send(respond(phone, invite, 180))
    await server.event('call.progress')
    server.execute({ type: 'hangup', call: 'out' })
    await phone.request('CANCEL')
    phone.send(respond(phone, invite, 200, { body: SDP }))
    await phone.request('ACK')
    const bye = await phone.request('BYE')
    phone.send(respond(phone, bye, 200))
    expect(await server.event('call.ended')).toMatchObject({ cause: 'cancelled', by: 'local' })
    await phone.untilQuiet()
    expect(server.events).toEqual([])
    expect(server.telephony.sizes()).toMatchObject({ calls: 0, dialogs: 0 })
  })

  test('a phone that answers nothing is unreachable, also when it rings for less than 4 s', async () => {
    await using server = await TestServer.start()
    await using phone = await Peer.to(server)
    dial(server, { uri: phone.uri }, { ringMs: 2_800 })
    await phone.request('INVITE')
    server.clock.advance(2_800)
    expect(await server.event('call.ended')).toMatchObject({ cause: 'unreachable', by: 'network' })
  })

  test('a phone that answers nothing is unreachable after 4 s, asked again at 0.5, 1.5 and 3.5 s', async () => {
    await using server = await TestServer.start()
    await using phone = await Peer.to(server)
    dial(server, { uri: phone.uri }, { ringMs: 60_000 })
    await phone.request('INVITE')
    server.clock.advance(3_900)
    expect(await phone.untilQuiet()).toEqual(Array(3).fill('INVITE'))
    expect(server.events).toEqual([])
    server.clock.advance(100)
    expect(await server.event('call.ended')).toMatchObject({ cause: 'unreachable', by: 'network' })
  })

  test('an answer without a codec in common is acknowledged and ended', async () => {
    await using server = await TestServer.start()
    await using phone = await Peer.to(server)
    dial(server, { uri: phone.uri })
    phone.send(respond(phone, await phone.request('INVITE'), 200))
    await phone.request('ACK')
    await phone.request('BYE')
    expect(await server.event('call.ended')).toMatchObject({ cause: 'unsupported', by: 'local' })
  })

  test('only hosts of the allow list are called, only devices that are registered', async () => {
    await using server = await TestServer.start({ allowedUris: ['*.example.com'] })
    dial(server, { uri: 'sip:x@127.0.0.1' })
    expect(await server.event('call.ended')).toMatchObject({ cause: 'not-allowed', by: 'local' })
    dial(server, { uri: 'sip:x@example.com.evil.net' })
    expect(await server.event('call.ended')).toMatchObject({ cause: 'not-allowed' })
    dial(server, { device: 'alice' })
    expect(await server.event('call.ended')).toMatchObject({ cause: 'unreachable', by: 'network' })
    expect(server.telephony.sizes()).toMatchObject({ calls: 0, timers: 0 })
  })

  test('Record-Route of the 200 is taken backwards (12.1.2)', async () => {
    await using server = await TestServer.start()
    await using phone = await Peer.to(server)
    dial(server, { uri: phone.uri })
    const routes = ['<sip:second.example.com;lr>', `<sip:127.0.0.1:${phone.port};lr>`]
    phone.send(
      respond(phone, await phone.request('INVITE'), 200, {
        body: SDP,
        headers: [`Record-Route: ${routes.join(', ')}`],
      }),
    )
    const ack = await phone.request('ACK')
    expect(ack.headers.list('route')).toEqual(routes.toReversed())
  })

  test('two phones behind a proxy answer: the first is kept, the second let go, and the first can still hang up', async () => {
    await using server = await TestServer.start()
    await using proxy = await Peer.to(server)
    dial(server, { uri: proxy.uri })
    const invite = await proxy.request('INVITE')
    proxy.send(respond(proxy, invite, 200, { body: SDP, tag: 'first' }))
    expect((await proxy.request('ACK')).toTag).toBe('first')
    proxy.send(respond(proxy, invite, 200, { body: SDP, tag: 'second' }))
    expect((await proxy.request('ACK')).toTag).toBe('second')
    const bye = await proxy.request('BYE')
    expect(bye.toTag).toBe('second')
    // Both repeat their 200: each gets its ACK, nobody a second BYE.
    proxy.send(respond(proxy, invite, 200, { body: SDP, tag: 'second' }))
    proxy.send(respond(proxy, invite, 200, { body: SDP, tag: 'first' }))
    expect(await proxy.untilQuiet()).toEqual(['ACK', 'ACK'])
    proxy.send(respond(proxy, bye, 200))
    await server.event('call.answered')
    const ids = { callId: invite.callId, to: invite.headers.get('from') ?? '', fromTag: 'first' }
    proxy.send(request(proxy, 'BYE', ids))
    await proxy.status(200)
    expect(await server.event('call.ended')).toMatchObject({ cause: 'normal', by: 'remote' })
    expect(server.telephony.sizes()).toMatchObject({ calls: 0, dialogs: 0 })
  })

  test('the far end may put us on hold and hang up', async () => {
    await using server = await TestServer.start()
    await using phone = await Peer.to(server)
    dial(server, { uri: phone.uri })
    const invite = await phone.request('INVITE')
    phone.send(respond(phone, invite, 200, { body: SDP }))
    await phone.request('ACK')
    await server.event('call.answered')
    const ids = { callId: invite.callId, to: invite.headers.get('from') ?? '', uri: 'sip:us@127.0.0.1' }
    phone.send(request(phone, 'INVITE', { ...ids, cseq: 1, body: SDP.replace('sendrecv', 'sendonly') }))
    expect((await phone.status(200)).body).toContain('a=recvonly')
    phone.send(request(phone, 'ACK', { ...ids, cseq: 1 }))
    phone.send(request(phone, 'BYE', { ...ids, cseq: 2 }))
    await phone.status(200)
    expect(await server.event('call.ended')).toMatchObject({ cause: 'normal', by: 'remote' })
  })
})
