import { describe, expect, test } from 'vitest'
import { establish, Peer, request, SDP, sdp, TestServer } from './support.ts'

describe('within a call', () => {
  test('hold and resume: re-INVITE is answered in the same terms, and media follows', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    const { dialog, answer } = await establish(server, peer)
    const version = (text: string): number => Number(/^o=- \d+ (\d+)/m.exec(text)?.[1])
    const answers = { sendonly: 'recvonly', inactive: 'inactive', recvonly: 'sendonly', sendrecv: 'sendrecv' }
    let cseq = 1
    let last = version(answer.body)
    for (const [direction, expected] of Object.entries(answers)) {
      cseq++
      peer.send(request(peer, 'INVITE', { ...dialog, cseq, body: sdp({ direction }) }))
      const { body } = await peer.status(200)
      expect(body).toContain(`a=${expected}`)
      expect(version(body)).toBe(++last)
      peer.send(request(peer, 'ACK', { ...dialog, cseq }))
      const sends = direction === 'sendrecv' || direction === 'recvonly'
      expect(server.media.last('remote')?.remote).toMatchObject({
        send: sends,
        receive: direction === 'sendrecv',
      })
    }
  })

  test('an old-style hold (c=0.0.0.0) stops our audio', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    const { dialog } = await establish(server, peer)
    peer.send(request(peer, 'INVITE', { ...dialog, cseq: 2, body: sdp({ address: '0.0.0.0' }) }))
    await peer.status(200)
    expect(server.media.last('remote')?.remote).toMatchObject({ send: false, receive: false })
  })

  test('a re-INVITE moves the audio to another address and the signalling to another contact', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    await using elsewhere = await Peer.to(server)
    const { dialog, call } = await establish(server, peer)
    const body = sdp({ port: 31_000, formats: '8' })
    peer.send(
      request(peer, 'INVITE', { ...dialog, cseq: 2, body }).replace(
        `Contact: <${peer.uri}>`,
        `Contact: <${elsewhere.uri}>`,
      ),
    )
    await peer.status(200)
    expect(server.media.last('remote')?.remote).toMatchObject({ port: 31_000, codec: 'PCMA' })
    peer.send(request(peer, 'ACK', { ...dialog, cseq: 2 }))
    await peer.untilQuiet()
    server.execute({ type: 'hangup', call })
    expect((await elsewhere.request('BYE')).uri).toBe(elsewhere.uri)
  })

  test('a re-INVITE without SDP gets our offer, and its ACK brings the answer', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    const { dialog } = await establish(server, peer)
    peer.send(request(peer, 'INVITE', { ...dialog, cseq: 2 }))
    expect((await peer.status(200)).body).toContain('RTP/AVP 0 8 101')
    // Our offer has no answer yet: another INVITE is glare (14.1).
    peer.send(request(peer, 'INVITE', { ...dialog, cseq: 3, body: SDP }))
    await peer.status(491)
    peer.send(request(peer, 'ACK', { ...dialog, cseq: 2, body: sdp({ port: 32_000 }) }))
    await peer.untilQuiet()
    expect(server.media.last('remote')?.remote).toMatchObject({ port: 32_000 })
  })

  test('a re-INVITE that we cannot take is 488 and changes nothing', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    const { dialog } = await establish(server, peer)
    const before = server.media.requests.length
    peer.send(request(peer, 'INVITE', { ...dialog, cseq: 2, body: sdp({ formats: '18' }) }))
    await peer.status(488)
    expect(server.media.requests).toHaveLength(before)
  })

  test('requests out of order are 500, of another dialog 481', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    const { dialog } = await establish(server, peer, { cseq: 10 })
    peer.send(request(peer, 'INFO', { ...dialog, cseq: 9 }))
    await peer.status(500)
    peer.send(request(peer, 'BYE', { ...dialog, cseq: 11, fromTag: 'stranger' }))
    await peer.status(481)
    peer.send(request(peer, 'BYE', { ...dialog, cseq: 12, callId: 'stranger' }))
    await peer.status(481)
    peer.send(request(peer, 'BYE', { to: '<sip:100@127.0.0.1>;tag=nobody' }))
    await peer.status(481)
    expect(server.telephony.sizes().calls).toBe(1)
  })

  test('methods that we do not offer: 405 with Allow, 501 for what nobody knows, 420 for what is required', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    const { dialog } = await establish(server, peer)
    peer.send(request(peer, 'UPDATE', { ...dialog, cseq: 2 }))
    expect((await peer.status(405)).headers.get('allow')).toContain('INVITE')
    peer.send(request(peer, 'PRACK', { ...dialog, cseq: 3 }))
    await peer.status(405)
    peer.send(request(peer, 'DANCE', { ...dialog, cseq: 4 }))
    await peer.status(501)
    peer.send(request(peer, 'INVITE', { callId: 'other', body: SDP, headers: ['Require: 100rel, timer'] }))
    expect((await peer.status(420)).headers.get('unsupported')).toBe('100rel, timer')
  })

  test('OPTIONS inside and outside a call is 200', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    const { dialog } = await establish(server, peer)
    peer.send(request(peer, 'OPTIONS', { ...dialog, cseq: 2 }))
    await peer.status(200)
    peer.send(request(peer, 'OPTIONS', { callId: 'outside' }))
    expect((await peer.status(200)).headers.get('accept')).toContain('application/sdp')
  })

  test('keys by INFO: both kinds of body; the key comes before the play that it cuts', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    const { dialog, call } = await establish(server, peer)
    const play = server.execute({ type: 'play', call, items: [{ silenceMs: 9_000 }], interruptible: true })
    peer.send(
      request(peer, 'INFO', {
        ...dialog,
        cseq: 2,
        type: 'application/dtmf-relay',
        body: 'Signal=5\r\nDuration=160\r\n',
      }),
    )
    await peer.status(200)
    expect(await server.event('call.digit')).toMatchObject({ digit: '5', source: 'info', durationMs: 160 })
    const stop = server.media.last('stop')
    expect(stop).toBeDefined()
    server.media.say({ type: 'played', session: 1, command: play, reason: 'stopped' })
    server.media.done({ session: 1, command: stop?.command ?? '' })
    expect(await server.event('call.played')).toMatchObject({ command: play, reason: 'interrupted' })
    peer.send(request(peer, 'INFO', { ...dialog, cseq: 3, type: 'application/dtmf', body: '11' }))
    await peer.status(200)
    expect(await server.event('call.digit')).toMatchObject({ digit: '#' })
    peer.send(request(peer, 'INFO', { ...dialog, cseq: 4, type: 'text/plain', body: '1' }))
    await peer.status(415)
    peer.send(request(peer, 'INFO', { ...dialog, cseq: 5 }))
    await peer.status(200)
    expect(server.events.map((each) => each.type)).toEqual([])
  })
})

describe('routes', () => {
  test('Record-Route comes back in the 200, and our requests take it', async () => {
    await using server = await TestServer.start()
    await using proxy = await Peer.to(server)
    const routes = [`<sip:127.0.0.1:${proxy.port};lr>`, '<sip:far.example.com;lr>']
    const { call, answer } = await establish(server, proxy, {
      headers: [`Record-Route: ${routes.join(', ')}`],
    })
    expect(answer.headers.list('record-route')).toEqual(routes)
    server.execute({ type: 'hangup', call })
    const bye = await proxy.request('BYE')
    expect(bye.uri).toBe(proxy.uri)
    expect(bye.headers.list('route')).toEqual(routes)
  })

  test('a strict router gets its own address as Request-URI, and the target as last route', async () => {
    await using server = await TestServer.start()
    await using proxy = await Peer.to(server)
    const strict = `sip:127.0.0.1:${proxy.port}`
    const { call } = await establish(server, proxy, {
      headers: [`Record-Route: <${strict}>`, 'Record-Route: <sip:far.example.com;lr>'],
    })
    server.execute({ type: 'hangup', call })
    const bye = await proxy.request('BYE')
    expect(bye.uri).toBe(strict)
    expect(bye.headers.list('route')).toEqual(['<sip:far.example.com;lr>', `<${proxy.uri}>`])
  })

  test('a caller behind address translation is answered where it came from, whatever its Contact says', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    peer.send(
      request(peer, 'INVITE', { body: SDP })
        .replace(`127.0.0.1:${peer.port};branch`, '10.0.0.5:5060;branch')
        .replace(`<${peer.uri}>`, '<sip:peer@10.0.0.5>'),
    )
    const { call } = await server.event('call.offered')
    server.execute({ type: 'answer', call })
    const answer = await peer.status(200)
    expect(answer.headers.get('via')).toContain(`rport=${peer.port};received=127.0.0.1`)
    peer.send(request(peer, 'ACK', { to: answer.headers.get('to') ?? '' }))
    await peer.untilQuiet()
    server.execute({ type: 'hangup', call })
    expect((await peer.request('BYE')).uri).toBe('sip:peer@10.0.0.5')
  })
})

describe('commands', () => {
  test('what cannot be done is said, and the call goes on', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    server.execute({ type: 'play.stop', call: 'nobody' })
    expect(await server.event('command.failed')).toMatchObject({ call: 'nobody', reason: 'no-such-call' })
    peer.send(request(peer, 'INVITE', { body: SDP }))
    const { call } = await server.event('call.offered')
    server.execute({ type: 'play', call, items: [], interruptible: false })
    expect(await server.event('command.failed')).toMatchObject({ call, reason: 'wrong-state' })
    server.execute({ type: 'answer', call })
    await server.event('call.answered')
    server.execute({ type: 'answer', call })
    expect(await server.event('command.failed')).toMatchObject({ call, reason: 'wrong-state' })
    server.execute({ type: 'bridge', call, with: call })
    expect(await server.event('command.failed')).toMatchObject({ call, reason: 'no-such-call' })
    server.execute({ type: 'unbridge', call })
    expect(await server.event('command.failed')).toMatchObject({ call, reason: 'wrong-state' })
  })

  test('no event comes inside execute', async () => {
    await using server = await TestServer.start()
    server.execute({ type: 'hangup', call: 'nobody' })
    expect(server.events).toEqual([])
    await server.event('command.failed')
  })

  test('bridge, unbridge, and the parting of a bridge whose other end hangs up', async () => {
    await using server = await TestServer.start()
    await using peer = await Peer.to(server)
    const first = await establish(server, peer)
    const second = await establish(server, peer, { callId: 'second' })
    const calls = [first.call, second.call]
    const bridge = server.execute({ type: 'bridge', call: first.call, with: second.call })
    expect(await server.event('call.bridged')).toEqual({ type: 'call.bridged', calls, command: bridge })
    const unbridge = server.execute({ type: 'unbridge', call: second.call })
    expect(await server.event('call.unbridged')).toMatchObject({
      calls: calls.toReversed(),
      command: unbridge,
    })
    server.execute({ type: 'bridge', call: first.call, with: second.call })
    await server.event('call.bridged')
    peer.send(request(peer, 'BYE', { ...second.dialog, cseq: 2 }))
    await peer.status(200)
    expect(await server.event('call.unbridged')).toEqual({
      type: 'call.unbridged',
      calls: calls.toReversed(),
    })
    expect(await server.event('call.ended')).toMatchObject({ call: second.call })
    expect(server.telephony.sizes().calls).toBe(1)
  })
})
