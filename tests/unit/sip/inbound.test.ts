import { describe, expect, test } from 'vitest'
import { establish, Peer, request, SDP, sdp, TestServer } from './support.ts'

describe('a call to us', () => {
  test('is offered, answered, acknowledged, and ended by the caller', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', { body: SDP, headers: ['X-Account: 42'] }))
    const offered = await server.event('call.offered')
    expect(offered).toMatchObject({
      from: { uri: 'sip:+15550100@example.net', number: '+15550100', name: 'Caller' },
      to: { uri: 'sip:100@127.0.0.1', number: '100' },
      headers: { 'x-account': '42' },
    })
    expect(offered.device).toBeUndefined()
    const command = server.execute({ type: 'answer', call: offered.call })
    const answer = await peer.status(200)
    expect(answer.headers.get('contact')).toBe(`<sip:127.0.0.1:${server.port}>`)
    expect(answer.body).toContain('m=audio 40002 RTP/AVP 0 101')
    expect(await server.event('call.answered')).toMatchObject({ call: offered.call, command })
    expect(server.media.last('remote')?.remote).toEqual({
      host: '127.0.0.1',
      port: 30_000,
      codec: 'PCMU',
      telephoneEvent: 101,
      send: true,
      receive: true,
    })
    const dialog = { to: answer.headers.get('to') ?? '' }
    peer.send(request(peer, 'ACK', dialog))
    peer.send(request(peer, 'BYE', { ...dialog, cseq: 2 }))
    await peer.status(200)
    expect(await server.event('call.ended')).toMatchObject({ cause: 'normal', by: 'remote' })
    expect(server.telephony.sizes()).toMatchObject({ calls: 0, dialogs: 0 })
  })

  test('repeats its 200 at T1, doubling up to T2, until the ACK comes', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', { body: SDP }))
    const { call } = await server.event('call.offered')
    server.execute({ type: 'answer', call })
    const first = await peer.status(200)
    for (const wait of [500, 1_000, 2_000, 4_000, 4_000]) {
      server.clock.advance(wait - 10)
      expect(await peer.untilQuiet()).toEqual([])
      server.clock.advance(10)
      expect((await peer.status(200)).body).toBe(first.body)
    }
    peer.send(request(peer, 'ACK', { to: first.headers.get('to') ?? '' }))
    expect(await peer.untilQuiet()).toEqual([])
    server.clock.advance(10_000)
    expect(await peer.untilQuiet()).toEqual([])
  })

  test('ends with BYE when the ACK never comes', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', { body: SDP }))
    const { call } = await server.event('call.offered')
    server.execute({ type: 'answer', call })
    server.clock.advance(32_000)
    const seen = new Set(await peer.untilQuiet())
    expect(seen).toEqual(new Set(['200 INVITE', 'BYE']))
    expect(await server.event('call.ended')).toMatchObject({ cause: 'failed', by: 'network', status: 408 })
  })

  test('a repeated INVITE makes no second call', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    const invite = request(peer, 'INVITE', { body: SDP })
    peer.send(invite)
    peer.send(invite)
    const { call } = await server.event('call.offered')
    server.execute({ type: 'answer', call })
    await peer.status(200)
    peer.send(invite)
    expect(await peer.untilQuiet()).toEqual([])
    expect(server.events.filter((each) => each.type === 'call.offered')).toEqual([])
    expect(server.telephony.sizes().calls).toBe(1)
  })

  test('the same INVITE by another path is merged: 482', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', { body: SDP }))
    await server.event('call.offered')
    peer.send(request(peer, 'INVITE', { body: SDP }))
    await peer.status(482)
    expect(server.telephony.sizes().calls).toBe(1)
  })

  test('an INVITE that has passed here before is a loop: 482', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    const via = `Via: SIP/2.0/UDP 127.0.0.1:${server.port};branch=z9hG4bKbefore`
    peer.send(request(peer, 'INVITE', { body: SDP, headers: [via] }))
    await peer.status(482)
  })

  test('rings when it is not answered at once', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', { body: SDP }))
    await server.event('call.offered')
    server.clock.advance(150)
    await peer.status(180)
  })

  test('CANCEL before the answer: 200, 487, and the call is over', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', { body: SDP, branch: 'z9hG4bKa' }))
    const { call } = await server.event('call.offered')
    peer.send(request(peer, 'CANCEL', { branch: 'z9hG4bKa' }))
    const cancelled = await peer.status(200)
    expect(cancelled.method).toBe('CANCEL')
    const refusal = await peer.status(487)
    expect(refusal.toTag).toBe(cancelled.toTag)
    expect(await server.event('call.ended')).toMatchObject({
      call,
      cause: 'cancelled',
      by: 'remote',
      status: 487,
    })
    // The 487 is repeated until its ACK (timer G).
    server.clock.advance(500)
    await peer.status(487)
    peer.send(request(peer, 'ACK', { branch: 'z9hG4bKa', to: refusal.headers.get('to') ?? '' }))
    await peer.untilQuiet()
    server.clock.advance(4_000)
    expect(await peer.untilQuiet()).toEqual([])
    server.clock.advance(64_000)
    expect(server.telephony.sizes()).toMatchObject({ transactions: 0, timers: 0 })
  })

  test('CANCEL that crosses the 200 changes nothing', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', { body: SDP, branch: 'z9hG4bKa' }))
    const { call } = await server.event('call.offered')
    server.execute({ type: 'answer', call })
    const answer = await peer.status(200)
    peer.send(request(peer, 'CANCEL', { branch: 'z9hG4bKa' }))
    expect((await peer.status(200)).method).toBe('CANCEL')
    const dialog = { to: answer.headers.get('to') ?? '' }
    peer.send(request(peer, 'ACK', dialog))
    peer.send(request(peer, 'BYE', { ...dialog, cseq: 2 }))
    await peer.status(200)
    expect(await server.event('call.ended')).toMatchObject({ cause: 'normal', by: 'remote' })
  })

  test('CANCEL of nothing is 481', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'CANCEL'))
    await peer.status(481)
  })

  test('without SDP the offer is in the 200, and audio flows when the ACK brings the answer', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE'))
    const { call } = await server.event('call.offered')
    server.execute({ type: 'answer', call })
    const answer = await peer.status(200)
    expect(answer.body).toContain('m=audio 40002 RTP/AVP 0 8 101')
    expect(server.media.last('remote')).toBeUndefined()
    peer.send(request(peer, 'ACK', { to: answer.headers.get('to') ?? '', body: sdp({ formats: '8 101' }) }))
    await server.event('call.answered')
    expect(server.media.last('remote')?.remote).toMatchObject({ codec: 'PCMA', port: 30_000 })
  })

  test('an ACK without the answer that it owes ends the call', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE'))
    const { call } = await server.event('call.offered')
    server.execute({ type: 'answer', call })
    const answer = await peer.status(200)
    peer.send(request(peer, 'ACK', { to: answer.headers.get('to') ?? '' }))
    await peer.request('BYE')
    expect(await server.event('call.ended')).toMatchObject({ cause: 'unsupported', by: 'local' })
  })

  test('no codec in common is 488, and no call', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', { body: sdp({ formats: '18 4' }) }))
    await peer.status(488)
    expect(server.events).toEqual([])
  })

  test.each([
    ['not-found', 404],
    ['not-allowed', 403],
    ['overloaded', 503],
    ['busy', 486],
    ['rejected', 603],
    ['unavailable', 480],
  ] as const)('rejected as %s: %i', async (cause, status) => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', { body: SDP }))
    const { call } = await server.event('call.offered')
    server.execute({ type: 'reject', call, cause, ...(cause === 'overloaded' && { retryAfterSeconds: 9 }) })
    const response = await peer.status(status)
    expect(response.headers.get('retry-after')).toBe(cause === 'overloaded' ? '9' : undefined)
    expect(await server.event('call.ended')).toMatchObject({ by: 'local', status })
  })

  test('hangs up with BYE only after the ACK', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', { body: SDP }))
    const { call } = await server.event('call.offered')
    server.execute({ type: 'answer', call })
    const answer = await peer.status(200)
    server.execute({ type: 'hangup', call })
    expect(await peer.untilQuiet()).toEqual([])
    expect(await server.event('call.ended')).toMatchObject({ cause: 'normal', by: 'local' })
    peer.send(request(peer, 'ACK', { to: answer.headers.get('to') ?? '' }))
    const bye = await peer.request('BYE')
    expect(bye.uri).toBe(peer.uri)
    expect(bye.toTag).toBe('far')
  })

  test('the answer waits for the ports', async () => {
    await using server = await TestServer.start()
    server.media.opensAtOnce = false
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', { body: SDP }))
    const { call } = await server.event('call.offered')
    server.execute({ type: 'answer', call })
    expect(await peer.untilQuiet()).toEqual([])
    server.media.open(1)
    await peer.status(200)
  })

  test('no ports: 503, and the call has failed', async () => {
    await using server = await TestServer.start()
    server.media.opensAtOnce = false
    await using peer = await Peer.to(server)
    peer.send(request(peer, 'INVITE', { body: SDP }))
    await server.event('call.offered')
    server.media.say({ type: 'open-failed', session: 1, detail: 'no port is free' })
    await peer.status(503)
    expect(await server.event('call.ended')).toMatchObject({ cause: 'backend-lost', by: 'network' })
  })

  test('beyond the limit: 503 with Retry-After, nothing kept, and calls that are up go on', async () => {
    await using server = await TestServer.start({ maxCalls: 1 })
    await using peer = await Peer.to(server)
    const { dialog } = await establish(server, peer)
    const before = server.telephony.sizes()
    peer.send(request(peer, 'INVITE', { body: SDP, callId: 'second' }))
    expect((await peer.status(503)).headers.get('retry-after')).toBe('5')
    expect(server.telephony.sizes()).toEqual(before)
    peer.send(request(peer, 'OPTIONS', { ...dialog, cseq: 2 }))
    await peer.status(200)
  })
})

test('lost audio is reported, and ends the call when it stays lost', async () => {
  await using server = await TestServer.start({ mediaTimeoutMs: 60_000 })
  await using peer = await Peer.to(server)
  await establish(server, peer)
  server.media.say({ type: 'lost', session: 1, silentMs: 5_000 })
  expect(await server.event('call.media-lost')).toMatchObject({ silentMs: 5_000 })
  server.clock.advance(59_000)
  server.media.say({ type: 'back', session: 1 })
  await server.event('call.media-back')
  server.clock.advance(60_000)
  server.media.say({ type: 'lost', session: 1, silentMs: 5_000 })
  await server.event('call.media-lost')
  server.clock.advance(60_000)
  await peer.request('BYE')
  expect(await server.event('call.ended')).toMatchObject({ cause: 'media-lost', by: 'network' })
})

test('a worker that dies takes its calls with it, and says so to the far ends', async () => {
  await using server = await TestServer.start()
  await using peer = await Peer.to(server)
  await establish(server, peer)
  server.media.say({ type: 'closed', session: 1, report: undefined })
  await peer.request('BYE')
  expect(await server.event('call.ended')).toMatchObject({ cause: 'backend-lost', by: 'network' })
})

test('BYE while it rings ends the call as CANCEL does (15.1.2)', async () => {
  await using server = await TestServer.start()
  await using peer = await Peer.to(server)
  peer.send(request(peer, 'INVITE', { body: SDP }))
  await server.event('call.offered')
  server.clock.advance(150)
  const ringing = await peer.status(180)
  peer.send(request(peer, 'BYE', { to: ringing.headers.get('to') ?? '', cseq: 2 }))
  expect((await peer.status(200)).method).toBe('BYE')
  await peer.status(487)
  expect(await server.event('call.ended')).toMatchObject({ cause: 'cancelled', by: 'remote' })
})

test('a name that an outbound call has already is refused', async () => {
  await using server = await TestServer.start()
  await using peer = await Peer.to(server)
  const { call } = await establish(server, peer)
  server.execute({ type: 'dial', call, target: { device: 'alice' }, from: { uri: 'sip:1@x' }, ringMs: 1 })
  expect(await server.event('command.failed')).toMatchObject({ call, reason: 'wrong-state' })
  expect(server.telephony.sizes().calls).toBe(1)
})
