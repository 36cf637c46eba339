import { expect, test } from 'vitest'
import type { Scenario, Send, Step } from '../sipp-harness/scenario.ts'
import {
  callerCancels,
  callerHangsUp,
  callerIsRefused,
  options,
  phoneAnswers,
  phoneAnswersAndHangsUp,
  phoneRefuses,
  phoneRingsUntilCancelled,
  registers,
  serverHangsUp,
} from '../sipp-harness/scenarios.ts'
import { runSipp, startSipp } from '../sipp-harness/sipp.ts'
import { describeWith } from '../support/describe-with.ts'
import { until } from '../support/until.ts'
import { answerAll, PASSWORD, startSipServer } from './sip-server.ts'

const ALL_FINE = { successful: 1, failed: 0, errors: '' }

const OFFER = [
  'v=0',
  'o=sipp 1 1 IN IP4 [local_ip]',
  's=-',
  'c=IN IP4 [media_ip]',
  't=0 0',
  'm=audio [media_port] RTP/AVP 8 0 101',
  'a=rtpmap:101 telephone-event/8000',
]

function line(
  method: string,
  cseq: number,
  more: { uri?: string; to?: string; branch?: string; extra?: string[] } = {},
): string[] {
  return [
    `${method} ${more.uri ?? 'sip:[service]@[remote_ip]:[remote_port]'} SIP/2.0`,
    `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=${more.branch ?? '[branch]'}`,
    ...(more.extra ?? []),
    'From: <sip:+15550100@[local_ip]:[local_port]>;tag=[call_number]',
    `To: <sip:[service]@[remote_ip]:[remote_port]>${more.to ?? ''}`,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>',
  ]
}

const IN_DIALOG = { uri: '[next_url]', to: '[peer_tag_param]', extra: ['[routes]'] }
const provisional: Step[] = [
  { receive: 100, optional: true },
  { receive: 180, optional: true },
]

function invite(more: Parameters<typeof line>[2] = {}): Send {
  return { send: line('INVITE', 1, more), body: OFFER }
}

function scenario(name: string, ...steps: Step[]): Scenario {
  return { name, steps }
}

const hangUp: Step[] = [{ send: line('BYE', 9, IN_DIALOG), retransmitMs: 500 }, { receive: 200 }]

describeWith(['sipp'], 'calls by SIPp', () => {
  test.each(['udp', 'tcp'] as const)('answered and ended by the caller, over %s', async (transport) => {
    await using server = await startSipServer(answerAll)
    expect(
      await runSipp(callerHangsUp({ talkMs: 100 }), { target: server.target, user: '100', transport }),
    ).toMatchObject(ALL_FINE)
    expect(await server.event('call.ended')).toMatchObject({
      cause: 'normal',
      by: 'remote',
      media: { codec: 'PCMU' },
    })
  })

  test.each(['udp', 'tcp'] as const)('answered and ended by us, over %s', async (transport) => {
    await using server = await startSipServer((event, each) => {
      answerAll(event, each)
      if (event.type === 'call.answered') each.execute({ type: 'hangup', call: event.call })
    })
    expect(await runSipp(serverHangsUp(), { target: server.target, user: '100', transport })).toMatchObject(
      ALL_FINE,
    )
    expect(await server.event('call.ended')).toMatchObject({ cause: 'normal', by: 'local' })
  })

  test('rejected', async () => {
    await using server = await startSipServer((event, each) => {
      if (event.type === 'call.offered') each.execute({ type: 'reject', call: event.call, cause: 'busy' })
    })
    expect(await runSipp(callerIsRefused(486), { target: server.target, user: '100' })).toMatchObject(
      ALL_FINE,
    )
    expect(await server.event('call.ended')).toMatchObject({ cause: 'busy', by: 'local', status: 486 })
  })

  test('cancelled while it rings', async () => {
    await using server = await startSipServer(() => undefined)
    expect(await runSipp(callerCancels(), { target: server.target, user: '100' })).toMatchObject(ALL_FINE)
    expect(await server.event('call.ended')).toMatchObject({ cause: 'cancelled', by: 'remote' })
  })

  test('CANCEL that crosses our 200: the call stands until the caller ends it', async () => {
    await using server = await startSipServer(answerAll)
    const crossing = scenario(
      'cancel crosses 200',
      invite({ branch: 'z9hG4bK-[call_id]' }),
      ...provisional,
      { receive: 200, routeSet: true },
      { send: line('CANCEL', 1, { branch: 'z9hG4bK-[call_id]' }) },
      { receive: 200 },
      { send: line('ACK', 1, IN_DIALOG) },
      ...hangUp,
    )
    expect(await runSipp(crossing, { target: server.target, user: '100' })).toMatchObject(ALL_FINE)
    expect(await server.event('call.ended')).toMatchObject({ cause: 'normal', by: 'remote' })
  })

  test('an INVITE that is repeated before and after the answer makes one call', async () => {
    await using server = await startSipServer(answerAll)
    const again = invite({ branch: 'z9hG4bK-[call_id]' })
    const repeating = scenario(
      'repeats its INVITE',
      again,
      again,
      ...provisional,
      { receive: 200, routeSet: true },
      again,
      { send: line('ACK', 1, IN_DIALOG) },
      ...hangUp,
    )
    expect(await runSipp(repeating, { target: server.target, user: '100' })).toMatchObject(ALL_FINE)
    await server.event('call.ended')
    expect(server.count('call.offered')).toBe(1)
  })

  test('a lost ACK: the 200 comes again until it is acknowledged', async () => {
    await using server = await startSipServer(answerAll)
    const losing = scenario(
      'acknowledges late',
      invite(),
      ...provisional,
      { receive: 200, routeSet: true },
      // Our repetitions at 0.5 and 1.5 s go unanswered.
      { pauseMs: 2_000 },
      { send: line('ACK', 1, IN_DIALOG) },
      { pauseMs: 500 },
      ...hangUp,
    )
    expect(await runSipp(losing, { target: server.target, user: '100' })).toMatchObject(ALL_FINE)
    expect(await server.event('call.ended')).toMatchObject({ cause: 'normal', by: 'remote' })
  })

  test('hold and resume by re-INVITE', async () => {
    await using server = await startSipServer(answerAll)
    const reinvite = (cseq: number, direction: string, expected: string): Step[] => [
      { send: line('INVITE', cseq, IN_DIALOG), body: [...OFFER, `a=${direction}`] },
      { receive: 100, optional: true },
      { receive: 200, containing: `a=${expected}` },
      { send: line('ACK', cseq, IN_DIALOG) },
    ]
    const holding = scenario(
      'holds and resumes',
      invite(),
      ...provisional,
      { receive: 200, routeSet: true },
      { send: line('ACK', 1, IN_DIALOG) },
      ...reinvite(2, 'sendonly', 'recvonly'),
      ...reinvite(3, 'sendrecv', 'sendrecv'),
      ...hangUp,
    )
    expect(await runSipp(holding, { target: server.target, user: '100' })).toMatchObject(ALL_FINE)
  })

  test('Record-Route: our BYE takes the route', async () => {
    await using server = await startSipServer((event, each) => {
      answerAll(event, each)
      if (event.type === 'call.answered') each.execute({ type: 'hangup', call: event.call })
    })
    const route = '<sip:[local_ip]:[local_port];lr;proxy=near>'
    const routed = scenario(
      'is reached through a proxy',
      invite({ extra: [`Record-Route: ${route}`, 'Record-Route: <sip:far.example.com;lr>'] }),
      ...provisional,
      { receive: 200, routeSet: true, containing: 'proxy=near' },
      { send: line('ACK', 1, { ...IN_DIALOG, extra: [] }) },
      { receive: 'BYE', containing: 'Route: <sip:[0-9.:]+;lr;proxy=near>' },
      {
        send: [
          'SIP/2.0 200 OK',
          '[last_Via:]',
          '[last_From:]',
          '[last_To:]',
          '[last_Call-ID:]',
          '[last_CSeq:]',
        ],
      },
    )
    expect(await runSipp(routed, { target: server.target, user: '100' })).toMatchObject(ALL_FINE)
  })

  test('OPTIONS', async () => {
    await using server = await startSipServer(() => undefined)
    expect(await runSipp(options(), { target: server.target, user: '100' })).toMatchObject(ALL_FINE)
  })

  test('beyond the limit 503, and those that are up are unharmed', async () => {
    await using server = await startSipServer(answerAll, { maxCalls: 1 })
    await using first = await startSipp(callerHangsUp({ talkMs: 1_500 }), {
      target: server.target,
      user: '100',
    })
    await server.event('call.answered')
    expect(
      await runSipp(callerIsRefused(503), { target: server.target, user: '100', calls: 20, rate: 200 }),
    ).toMatchObject({
      successful: 20,
      failed: 0,
    })
    expect(await first.result).toMatchObject(ALL_FINE)
  })
})

describeWith(['sipp'], 'phones by SIPp', () => {
  test('registers with a password', async () => {
    await using server = await startSipServer(() => undefined)
    const run = { target: server.target, user: 'alice', password: PASSWORD }
    expect(await runSipp(registers(), run)).toMatchObject(ALL_FINE)
    expect(await server.event('device.reachable')).toMatchObject({ device: 'alice' })
  })

  test('not with a wrong one', async () => {
    await using server = await startSipServer(() => undefined)
    const run = { target: server.target, user: 'alice', password: 'guess' }
    expect(await runSipp(registers({ expected: 403 }), run)).toMatchObject(ALL_FINE)
    expect(server.count('device.reachable')).toBe(0)
  })

  const from = { uri: 'sip:+15550100@example.net', number: '+15550100' }

  test('a phone that registered is called, answers, and hears us hang up', async () => {
    await using server = await startSipServer(() => undefined)
    await using phone = await startSipp(phoneAnswers({ ringMs: 100 }), { calls: 1 })
    const run = { target: server.target, user: 'alice', password: PASSWORD }
    expect(await runSipp(registers({ contact: `127.0.0.1:${phone.port}` }), run)).toMatchObject(ALL_FINE)
    await server.event('device.reachable')
    const call = 'agent'
    server.execute({ type: 'dial', call, target: { device: 'alice' }, from, ringMs: 5_000 })
    expect(await server.event('call.progress')).toMatchObject({ call, kind: 'ringing' })
    await server.event('call.answered')
    server.execute({ type: 'hangup', call })
    expect(await server.event('call.ended')).toMatchObject({ call, cause: 'normal', by: 'local' })
    expect(await phone.result).toMatchObject(ALL_FINE)
  })

  test('a phone that hangs up', async () => {
    await using server = await startSipServer(() => undefined)
    await using phone = await startSipp(phoneAnswersAndHangsUp({ talkMs: 50 }), { calls: 1 })
    const target = { uri: `sip:alice@127.0.0.1:${phone.port}` }
    server.execute({ type: 'dial', call: 'agent', target, from, ringMs: 5_000 })
    expect(await server.event('call.ended')).toMatchObject({ cause: 'normal', by: 'remote' })
    expect(await phone.result).toMatchObject(ALL_FINE)
  })

  test('a phone that declines', async () => {
    await using server = await startSipServer(() => undefined)
    await using phone = await startSipp(phoneRefuses(603, 'Decline', 50), { calls: 1 })
    const target = { uri: `sip:alice@127.0.0.1:${phone.port}` }
    server.execute({ type: 'dial', call: 'agent', target, from, ringMs: 5_000 })
    expect(await server.event('call.ended')).toMatchObject({ cause: 'rejected', by: 'remote', status: 603 })
    expect(await phone.result).toMatchObject(ALL_FINE)
  })

  test('a phone that nobody picks up is cancelled', async () => {
    await using server = await startSipServer(() => undefined)
    await using phone = await startSipp(phoneRingsUntilCancelled(), { calls: 1 })
    const target = { uri: `sip:alice@127.0.0.1:${phone.port}` }
    server.execute({ type: 'dial', call: 'agent', target, from, ringMs: 300 })
    expect(await server.event('call.ended')).toMatchObject({ cause: 'no-answer', by: 'network' })
    expect(await phone.result).toMatchObject(ALL_FINE)
  })
})

describeWith(['sipp'], 'many calls by SIPp', () => {
  test('500 calls leave nothing behind but transactions that are to linger', async () => {
    await using server = await startSipServer(answerAll)
    const result = await runSipp(callerHangsUp(), {
      target: server.target,
      user: '100',
      calls: 500,
      rate: 100,
    })
    expect(result).toMatchObject({ successful: 500, failed: 0 })
    await until('every call is over', () => server.count('call.ended') === 500)
    expect(server.telephony.sizes()).toMatchObject({ calls: 0, dialogs: 0, registrations: 0, connections: 0 })
    // INVITE and BYE of each call linger for 64 x T1 (timers L and J), with one timer each.
    const { transactions, timers } = server.telephony.sizes()
    expect(transactions).toBeLessThanOrEqual(1_000)
    expect(timers).toBe(transactions)
    await server.telephony.stop()
    expect(server.telephony.sizes()).toMatchObject({ transactions: 0, timers: 0 })
  })
})
