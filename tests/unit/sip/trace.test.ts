import { expect, onTestFinished, test } from 'vitest'
import type { TracedMessage } from '../../../src/telephony/trace.ts'
import { establish, Peer, request, respond, SDP, TestServer } from './support.ts'

/** A server that tells a trace, with what it told. */
async function start() {
  const messages: TracedMessage[] = []
  const legs: (readonly [call: string, sipCallId: string])[] = []
  const server = await TestServer.start({
    trace: {
      message: (message) => messages.push(message),
      leg: (call, sipCallId) => legs.push([call, sipCallId]),
    },
  })
  const peer = await Peer.to(server)
  onTestFinished(async () => {
    await peer[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })
  /** First words of what was told with a Call-ID; `>` is what the server sent. */
  const told = (id: string): string[] =>
    messages
      .filter(({ sipCallId }) => sipCallId === id)
      .map(
        ({ direction, text }) =>
          `${direction === 'sent' ? '>' : '<'} ${/^(SIP\/2.0 \d+|\w+)/.exec(text)?.[0]}`,
      )
  return { server, peer, messages, legs, told }
}

test('a call to us: every message as it was, between whom, and whose leg it is', async () => {
  const { server, peer, messages, legs, told } = await start()
  const { call, dialog } = await establish(server, peer, { callId: 'in@far' })
  const bye = request(peer, 'BYE', { ...dialog, cseq: 2 })
  peer.send(bye)
  await peer.status(200)
  expect(legs).toEqual([[call, 'in@far']])
  expect(told('in@far')).toEqual(['< INVITE', '> SIP/2.0 200', '< ACK', '< BYE', '> SIP/2.0 200'])
  const [here, there] = [
    { host: '127.0.0.1', port: server.port },
    { host: '127.0.0.1', port: peer.port },
  ]
  expect(messages.findLast(({ direction }) => direction === 'received')).toEqual({
    sipCallId: 'in@far',
    direction: 'received',
    transport: 'udp',
    source: there,
    destination: here,
    at: server.clock.now(),
    text: bye,
  })
  expect(messages.at(-1)).toMatchObject({ direction: 'sent', source: here, destination: there })
})

test('a call that we make: each INVITE is its leg’s, also when it is repeated', async () => {
  const { server, peer, messages, legs, told } = await start()
  const from = { uri: 'sip:+15550100@example.net' }
  server.execute({ type: 'dial', call: 'out', target: { uri: peer.uri }, from, ringMs: 20_000 })
  const invite = await peer.request('INVITE')
  expect(legs).toEqual([['out', invite.callId]])
  server.clock.advance(500)
  await peer.request('INVITE')
  expect(messages[1]).toEqual({ ...messages[0], at: messages[0]!.at + 500 })
  peer.send(respond(peer, invite, 200, { body: SDP }))
  await peer.request('ACK')
  expect(told(invite.callId)).toEqual(['> INVITE', '> INVITE', '< SIP/2.0 200', '> ACK'])
})

test('what cannot be read is told too, and what is no SIP is not', async () => {
  const { peer, legs, told } = await start()
  peer.send('hello')
  peer.send(request(peer, 'INVITE', { callId: 'bad@far' }).replace('CSeq: 1', 'CSeq: x'))
  await peer.untilQuiet()
  expect(told('bad@far')).toEqual(['< INVITE', '> SIP/2.0 400'])
  expect(legs).toEqual([])
})
