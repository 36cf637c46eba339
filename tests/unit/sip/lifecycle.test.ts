import { createSocket } from 'node:dgram'
import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { RealClock } from '../../../src/clock/real-clock.ts'
import { SwitchroomError } from '../../../src/errors.ts'
import { until } from '../../support/until.ts'
import { establish, PASSWORDS, Peer, request, SDP, TestServer } from './support.ts'

describe('start', () => {
  test('a taken UDP port is said with the setting, its value and a remedy', async () => {
    const taken = createSocket('udp4')
    await new Promise<void>((resolve) => taken.bind(0, '127.0.0.1', resolve))
    const { port } = taken.address()
    const error = await TestServer.start({ port }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(SwitchroomError)
    expect(error).toMatchObject({ code: 'PORT_TAKEN', remedy: expect.stringContaining('--set sip.port=') })
    expect((error as Error).message).toContain(`sip.port ${port}`)
    taken.close()
  })

  test('so is a taken TCP port, and UDP is let go again', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await expect(TestServer.start({ port, tcp: true })).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    const free = createSocket('udp4')
    await new Promise<void>((resolve) => free.bind(port, '127.0.0.1', resolve))
    free.close()
    taken.close()
  })

  test('an address that this machine does not have', async () => {
    await expect(TestServer.start({ host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'ADDRESS_UNAVAILABLE',
    })
  })
})

describe('stop', () => {
  test('ends what is up with BYE and what rings with 503, takes nothing new, and leaves nothing', async () => {
    const server = await TestServer.start()
    await using peer = await Peer.to(server)
    await establish(server, peer)
    peer.send(request(peer, 'INVITE', { callId: 'ringing', body: SDP }))
    await server.event('call.offered')
    const stopped = server.telephony.stop()
    expect(await peer.untilQuiet()).toEqual(['BYE', '503 INVITE'])
    peer.send(request(peer, 'INVITE', { callId: 'late', body: SDP }))
    await peer.status(503)
    server.clock.advance(2_000)
    await stopped
    expect(server.clock.pending).toBe(0)
    expect(server.telephony.sizes()).toEqual({
      calls: 0,
      dialogs: 0,
      transactions: 0,
      registrations: 0,
      timers: 0,
      connections: 0,
    })
    expect(server.events.filter((each) => each.type === 'call.ended')).toHaveLength(2)
  })
})

/** A far end over TCP, in raw text. */
class TcpPeer {
  readonly socket: Socket
  #text = ''
  #waiting: (() => void)[] = []

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('data', (data) => {
      this.#text += data
      for (const wake of this.#waiting.splice(0)) wake()
    })
  }

  /** Waits until the pattern has come, and forgets everything up to its end. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#text)
      if (found) {
        this.#text = this.#text.slice(found.index + found[0].length)
        return found
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }
}

function overTcp(text: string): string {
  return text.replace('SIP/2.0/UDP', 'SIP/2.0/TCP')
}

describe('TCP', () => {
  test('a call over one connection, both ways; a keep-alive is answered', async () => {
    await using server = await TestServer.start({ tcp: true })
    await using peer = await Peer.to(server)
    const tcp = new TcpPeer(server.port)
    tcp.socket.write('\r\n\r\n')
    await tcp.until(/^\r\n$/)
    // The Contact is an address of UDP: over TCP the connection is the way back all the same.
    tcp.socket.write(overTcp(request(peer, 'INVITE', { body: SDP })))
    const { call } = await server.event('call.offered')
    server.execute({ type: 'answer', call })
    const answer = await tcp.until(/SIP\/2\.0 200 OK[^]*?To: ([^\r]+)[^]*?transport=tcp>[^]*?a=sendrecv\r\n/)
    tcp.socket.write(overTcp(request(peer, 'ACK', { to: answer[1] ?? '' })))
    tcp.socket.write(overTcp(request(peer, 'OPTIONS', { to: answer[1] ?? '', cseq: 2 })))
    await tcp.until(/SIP\/2\.0 200 OK[^]*?CSeq: 2 OPTIONS/)
    server.execute({ type: 'hangup', call })
    await tcp.until(/^[^]*BYE sip:peer@/)
    tcp.socket.destroy()
  })

  test('a message without Content-Length ends the connection: nobody knows where the next begins', async () => {
    await using server = await TestServer.start({ tcp: true })
    await using peer = await Peer.to(server)
    const tcp = new TcpPeer(server.port)
    const closed = new Promise<void>((resolve) => tcp.socket.once('close', () => resolve()))
    tcp.socket.write(overTcp(request(peer, 'OPTIONS')).replace(/Content-Length: 0\r\n/, ''))
    await closed
    await until('the connection is forgotten', () => server.telephony.sizes().connections === 0)
  })

  test('a connection that says nothing is closed after a while', async () => {
    await using server = await TestServer.start({ tcp: true })
    const tcp = new TcpPeer(server.port)
    const closed = new Promise<void>((resolve) => tcp.socket.once('close', () => resolve()))
    tcp.socket.write('\r\n\r\n')
    await tcp.until(/^\r\n$/)
    server.clock.advance(10_000)
    await closed
    await until('the connection is forgotten', () => server.telephony.sizes().connections === 0)
    expect(server.telephony.sizes().timers).toBe(0)
  })
})

describe('a softphone is the same backend, registered at a server', () => {
  test.each(['udp', 'tcp'] as const)(
    'registers, is called by its name, calls with its credentials, unregisters: %s',
    async (transport) => {
      await using server = await TestServer.start({ tcp: true })
      const registrar = `sip:127.0.0.1:${server.port}${transport === 'tcp' ? ';transport=tcp' : ''}`
      const outbound = { username: 'alice', password: PASSWORDS['alice'] ?? '' }
      await using phone = await TestServer.start({ outbound, isServed: () => true, tcp: true })
      const registration = phone.telephony.registration({ registrar })
      await registration.start()
      expect(await server.event('device.reachable')).toMatchObject({ device: 'alice' })

      server.execute({
        type: 'dial',
        call: 'out',
        target: { device: 'alice' },
        from: { uri: 'sip:+1@x.example' },
        ringMs: 9_000,
      })
      const offered = await phone.event('call.offered')
      expect(offered.from.number).toBe('+1')
      phone.execute({ type: 'answer', call: offered.call })
      await server.event('call.answered')
      server.execute({ type: 'hangup', call: 'out' })
      expect(await phone.event('call.ended')).toMatchObject({ cause: 'normal', by: 'remote' })
      await server.event('call.ended')

      const from = { uri: `sip:alice@switchroom` }
      phone.execute({
        type: 'dial',
        call: 'up',
        target: { uri: registrar.replace('sip:', 'sip:100@') },
        from,
        ringMs: 9_000,
      })
      const incoming = await server.event('call.offered')
      expect(incoming).toMatchObject({ device: 'alice', to: { number: '100' } })
      server.execute({ type: 'answer', call: incoming.call })
      await phone.event('call.answered')
      phone.execute({ type: 'hangup', call: 'up' })
      expect(await server.event('call.ended')).toMatchObject({ cause: 'normal', by: 'remote' })

      await registration.stop()
      expect(await server.event('device.unreachable')).toMatchObject({ reason: 'unregistered' })
    },
  )

  test('refreshes before it expires, and says when it cannot', async () => {
    const server = await TestServer.start()
    const outbound = { username: 'alice', password: PASSWORDS['alice'] ?? '' }
    await using phone = await TestServer.start({ outbound })
    const failures: unknown[] = []
    let told: () => void = () => undefined
    const registration = phone.telephony.registration({
      registrar: `sip:127.0.0.1:${server.port}`,
      expires: 100,
      changed: (failure) => {
        failures.push(failure?.code)
        told()
      },
    })
    await registration.start()
    const refreshed = new Promise<void>((resolve) => {
      told = resolve
    })
    phone.clock.advance(60_000)
    await refreshed
    expect(failures).toEqual([undefined])
    await server[Symbol.asyncDispose]()
    const failed = new Promise<void>((resolve) => {
      told = resolve
    })
    phone.clock.advance(60_000)
    phone.clock.advance(32_000)
    await failed
    expect(failures).toEqual([undefined, 'SERVER_UNREACHABLE'])
  })

  test('a wrong password is said as such', async () => {
    await using server = await TestServer.start()
    await using phone = await TestServer.start({ outbound: { username: 'alice', password: 'guess' } })
    const registration = phone.telephony.registration({ registrar: `sip:127.0.0.1:${server.port}` })
    await expect(registration.start()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' })
  })
})

test('real time passes too', async () => {
  await using server = await TestServer.start({ clock: new RealClock() })
  await using peer = await Peer.to(server)
  peer.send(request(peer, 'INVITE', { body: SDP }))
  await server.event('call.offered')
  await peer.status(180)
})
