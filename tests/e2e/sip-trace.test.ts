/** What the embedded backend tells of its signalling: secrets masked, repetitions, TCP, calls that never came about. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Phone } from '../../src/cli/phone/phone.ts'
import { RealClock } from '../../src/clock/real-clock.ts'
import type { CallTrace } from '../../src/telephony/call-trace.ts'
import { CallTraces } from '../../src/telephony/trace/call-traces.ts'
import { callerHangsUp, callerIsRefused, callerPressesByInfo, options } from '../sipp-harness/scenarios.ts'
import { runSipp } from '../sipp-harness/sipp.ts'
import { describeWith } from '../support/describe-with.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { dissect } from '../support/tshark.ts'
import { answerAll, PASSWORD, type SipServer, startSipServer } from './sip-server.ts'

async function traced(react = answerAll, isServed = () => true) {
  const trace = new CallTraces({ clock: new RealClock(), bytes: 1024 * 1024, keepMs: 3_600_000 })
  const server: SipServer = await startSipServer(react, { trace, isServed })
  onTestFinished(() => server[Symbol.asyncDispose]())
  return { server, trace }
}

function found(trace: CallTraces, id: string): CallTrace {
  const result = trace.find(id)
  if (result.type !== 'found') throw new Error(`${id}: ${JSON.stringify(result)}`)
  return result.trace
}

const summaries = ({ messages }: CallTrace): string[] =>
  messages.filter(({ repeated }) => !repeated).map(({ summary }) => summary)

test('a call with credentials: the challenge is part of it, what proves the password is not', async () => {
  const { server, trace } = await traced()
  const phone = new Phone({ server: server.target, device: 'alice', password: PASSWORD })
  await phone.start()
  onTestFinished(() => phone.stop())
  const call = phone.call('100')
  await call.answered
  const { call: id, headers } = await server.event('call.offered')
  await call.hangUp()
  await server.event('call.ended')
  const all = found(trace, id)
  expect(summaries(all).filter((each) => !/^1\d\d/.test(each))).toEqual([
    'INVITE',
    '401 Unauthorized',
    'ACK',
    'INVITE',
    '200 OK',
    'ACK',
    'BYE',
    '200 OK',
  ])
  const text = all.messages.map((message) => message.text).join('\n')
  expect(text).toMatch(/Authorization: Digest username="alice".*response="\*\*\*"/)
  expect(text).toMatch(/WWW-Authenticate: Digest .*nonce="\*\*\*"/)
  const [, response] = /response="(\w+)"/.exec(headers['authorization'] ?? '') ?? []
  expect(response).toMatch(/^[0-9a-f]{32}$/)
  expect(JSON.stringify(all)).not.toContain(response)
})

describeWith(['sipp'], 'the trace of calls by SIPp', () => {
  test('keys by INFO are masked', async () => {
    const { server, trace } = await traced((event, each) => {
      answerAll(event, each)
      if (event.type === 'call.digit') each.execute({ type: 'hangup', call: event.call })
    })
    await runSipp(callerPressesByInfo('7'), { target: server.target, user: '100' })
    const { call } = await server.event('call.digit')
    const info = found(trace, call).messages.find(({ summary }) => summary === 'INFO')
    expect(info?.text).toMatch(/\r\n\r\n\*{8}\r\nDuration=100/)
  })

  test('a number that is not served is found by its Call-ID, though it was no call', async () => {
    const { server, trace } = await traced(answerAll, () => false)
    await runSipp(callerIsRefused(404), { target: server.target, user: '999' })
    expect(trace.sizes()).toMatchObject({ calls: 0, strangers: 1 })
    const all = found(trace, '@127.0.0.1')
    expect(summaries(all)).toEqual(['INVITE', '404 Not Found', 'ACK'])
    expect(all.legs).toMatchObject([{ party: { kind: 'caller' } }])
  })

  test('a scanner leaves nothing', async () => {
    const { server, trace } = await traced()
    await runSipp(options(), { target: server.target, user: '100', calls: 20 })
    expect(trace.sizes()).toEqual({ calls: 0, strangers: 0, bytes: 0 })
  })
})

describeWith(['sipp', 'tshark'], 'the capture of calls by SIPp', () => {
  test.each(['udp', 'tcp'] as const)('over %s has every message, with right checksums', async (transport) => {
    const { server, trace } = await traced()
    await runSipp(callerHangsUp(), { target: server.target, user: '100', transport })
    const { call } = await server.event('call.ended')
    const all = found(trace, call)
    const folder = await tempFolder('capture')
    onTestFinished(() => folder.remove())
    const file = join(folder.path, 'call.pcap')
    await writeFile(file, trace.capture(all))
    const packets = await dissect(file)
    expect(packets.map(({ request, response }) => request || response)).toEqual(
      all.messages.map(({ text }) => text.slice(0, text.indexOf('\r\n'))),
    )
    for (const [i, packet] of packets.entries()) {
      const { source, destination, sipCallId } = all.messages[i]!
      expect(packet).toMatchObject({
        [transport]: `${source.port},${destination.port}`,
        callId: sipCallId,
        malformed: '',
        badIpSum: '1',
        [transport === 'udp' ? 'badUdpSum' : 'badTcpSum']: '1',
      })
    }
  })
})
