import { expect, test } from 'vitest'
import { ladder, transcript } from '../../../src/telephony/trace/ladder.ts'
import { ALICE, BOB, CALLER, Stage } from './stage.ts'

const approved = (name: string): string => `./approved/${name}.txt`

test('a caller, an agent who is busy and one who answers are drawn with all that was said', async () => {
  const stage = new Stage()
  const { clock, traces } = stage
  const media = { packetsReceived: 512, packetsLost: 3, packetsSent: 510, jitterMs: 1.26, codec: 'PCMU' }
  stage.caller('one')
  clock.advance(500)
  stage.sent('one@far', CALLER, 'SIP/2.0 200 OK', '1 INVITE', 'v=0')
  clock.advance(12)
  stage.received('one@far', CALLER, 'ACK sip:192.0.2.1 SIP/2.0', '1 ACK')
  stage.received('one@far', CALLER, 'INFO sip:192.0.2.1 SIP/2.0', '2 INFO')
  stage.sent('one@far', CALLER, 'SIP/2.0 200 OK', '2 INFO')
  for (const [name, far] of [['alice', ALICE] as const, ['bob', BOB] as const]) {
    const party = { kind: 'agent', name } as const
    traces.contactLeg({ contact: 'contact-one', call: `call-${name}`, party })
    traces.leg(`call-${name}`, `${name}@us`)
    clock.advance(1000)
    stage.sent(`${name}@us`, far, `INVITE sip:${name}@192.0.2.1 SIP/2.0`, '1 INVITE', 'v=0')
    clock.advance(20)
    if (name === 'alice') {
      stage.received(`${name}@us`, far, 'SIP/2.0 486 Busy Here, really very busy', '1 INVITE')
      traces.happened({ type: 'call.ended', call: 'call-alice', cause: 'busy', by: 'remote', status: 486 })
    } else {
      stage.received(`${name}@us`, far, 'SIP/2.0 200 OK', '1 INVITE', 'v=0')
      traces.happened({ type: 'call.answered', call: 'call-bob', command: 'c' })
      traces.happened({ type: 'call.bridged', calls: ['call-one', 'call-bob'], command: 'c' })
    }
  }
  clock.advance(60_000)
  traces.happened({ type: 'call.media-lost', call: 'call-one', silentMs: 5000 })
  clock.advance(700)
  traces.happened({ type: 'call.media-back', call: 'call-one' })
  traces.happened({ type: 'call.held', call: 'call-one' })
  traces.happened({ type: 'call.unheld', call: 'call-one' })
  stage.received('bob@us', BOB, 'BYE sip:192.0.2.1 SIP/2.0', '1 BYE')
  stage.sent('bob@us', BOB, 'SIP/2.0 200 OK', '1 BYE')
  traces.happened({ type: 'call.unbridged', calls: ['call-bob', 'call-one'] })
  traces.happened({ type: 'call.ended', call: 'call-bob', cause: 'normal', by: 'remote', media })
  await expect(ladder(stage.trace('contact-one'))).toMatchFileSnapshot(approved('handled'))
})

test('a phone that rings at two places has a column for each, and one that is rung again keeps its own', async () => {
  const stage = new Stage()
  const { clock, traces } = stage
  stage.caller('one')
  for (const attempt of ['first', 'second']) {
    const leg = { contact: 'contact-one', call: attempt, party: { kind: 'agent', name: 'alice' } } as const
    traces.contactLeg(leg)
    for (const far of [ALICE, BOB]) {
      const id = `${attempt}@${far.port}`
      traces.leg(attempt, id)
      clock.advance(10)
      stage.sent(id, far, 'INVITE sip:alice@192.0.2.1 SIP/2.0', '1 INVITE', 'v=0')
    }
  }
  await expect(ladder(stage.trace('contact-one'))).toMatchFileSnapshot(approved('two-places'))
})

test('a caller who was refused is drawn alone', async () => {
  const stage = new Stage()
  stage.received('refused@far', CALLER, 'INVITE sip:999@192.0.2.1 SIP/2.0', '1 INVITE', 'v=0')
  stage.sent('refused@far', CALLER, 'SIP/2.0 404 Not Found', '1 INVITE')
  stage.received('refused@far', CALLER, 'ACK sip:999@192.0.2.1 SIP/2.0', '1 ACK')
  await expect(ladder(stage.trace('refused@far'))).toMatchFileSnapshot(approved('refused'))
})

test('a caller over a trunk is left of us, with its name', () => {
  const stage = new Stage()
  stage.traces.leg('out', 'out@us')
  stage.sent('out@us', BOB, 'INVITE sip:900@trunk.example SIP/2.0', '1 INVITE', 'v=0')
  stage.traces.contactLeg({ contact: 'c', call: 'out', party: { kind: 'outside', name: 'acme' } })
  stage.traces.leg('in', 'in@far')
  stage.received('in@far', CALLER, 'INVITE sip:100@192.0.2.1 SIP/2.0', '1 INVITE', 'v=0')
  stage.traces.contactLeg({ contact: 'c', call: 'in', party: { kind: 'caller', name: 'acme' } })
  expect(ladder(stage.trace('c'))).toMatch(/ caller, acme +switchroom +acme\n/)
})

test('a trunk is named by the address that was called', () => {
  const stage = new Stage()
  stage.caller('one')
  const party = { kind: 'outside', name: 'sip:900@trunk.example' } as const
  stage.traces.contactLeg({ contact: 'contact-one', call: 'out', party })
  stage.traces.leg('out', 'out@us')
  stage.sent('out@us', BOB, 'INVITE sip:900@trunk.example SIP/2.0', '1 INVITE', 'v=0')
  expect(ladder(stage.trace('contact-one'))).toContain('sip:900@trunk.example')
})

test('what comes from the network cannot steer the terminal', () => {
  const stage = new Stage()
  stage.received('x@far', CALLER, 'INVITE sip:100@192.0.2.1 SIP/2.0', '1 INVITE')
  stage.sent('x@far', CALLER, 'SIP/2.0 200 \u001b[2J\u009b', '1 INVITE')
  const trace = stage.trace('x@far')
  // eslint-disable-next-line no-control-regex
  for (const text of [ladder(trace), transcript(trace)]) expect(text).not.toMatch(/[^\P{Cc}\n]/u)
})

test('the transcript has every message in full', () => {
  const stage = new Stage()
  stage.caller('one')
  const text = transcript(stage.trace('contact-one'))
  expect(text).toContain(
    '--- 0.000 s  198.51.100.7:5070 > 192.0.2.1:5060 UDP\nINVITE sip:100@192.0.2.1 SIP/2.0\n',
  )
  expect(text).toContain('--- 0.003 s  192.0.2.1:5060 > 198.51.100.7:5070 UDP\nSIP/2.0 200 OK\n')
})
