/**
 * The harness beside a stack that is neither ours nor SIPp's: what it reports of calls to Asterisk is right, so
 * what it reports of calls to us can be believed.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Scenario } from '../sipp-harness/scenario.ts'
import {
  callerCancels,
  callerHangsUp,
  callerIsRefused,
  callerPressesDigits,
  options,
  phoneAnswersAndHangsUp,
  phoneRefuses,
  phoneRingsUntilCancelled,
  registers,
  serverHangsUp,
} from '../sipp-harness/scenarios.ts'
import {
  type RunningSipp,
  runSipp,
  type SippOptions,
  type SippResult,
  startSipp,
} from '../sipp-harness/sipp.ts'
import { type Asterisk, startAsterisk } from '../support/asterisk.ts'
import { describeWith } from '../support/describe-with.ts'

const CALLS = 3
const FINE = { successful: CALLS, failed: 0, retransmissions: 0 }

describeWith(['sipp', 'asterisk'], 'the SIPp harness beside Asterisk', () => {
  let asterisk: Asterisk
  let phones: { answers: RunningSipp; refuses: RunningSipp; rings: RunningSipp }

  beforeAll(async () => {
    phones = {
      answers: await startSipp(phoneAnswersAndHangsUp({ ringMs: 50, talkMs: 100 }), {}),
      refuses: await startSipp(phoneRefuses(486, 'Busy Here'), {}),
      rings: await startSipp(phoneRingsUntilCancelled(), {}),
    }
    asterisk = await startAsterisk(() => ({ pjsip: PJSIP, extensions: dialplan() }))
  })

  afterAll(async () => {
    await asterisk.stop()
    for (const phone of Object.values(phones)) await phone.stop()
  })

  const PJSIP = `
[anonymous]
type=endpoint
context=in
disallow=all
allow=ulaw
media_address=127.0.0.1
direct_media=no
[alice]
type=endpoint
auth=alice
aors=alice
[alice]
type=auth
username=alice
password=secret
[alice]
type=aor
max_contacts=1
`

  const dialplan = (): string => `
[in]
exten => hangup,1,Answer()
 same => n,Hangup()
exten => echo,1,Answer()
 same => n,Echo()
exten => digits,1,Answer()
 same => n,Read(digits,,3,,1,5)
 same => n,GotoIf($["\${digits}" = "159"]?echo,1)
 same => n,Hangup()
exten => ringing,1,Ringing()
 same => n,Wait(10)
exten => answers,1,Dial(PJSIP/anonymous/sip:phone@127.0.0.1:${phones.answers.port})
exten => refuses,1,Dial(PJSIP/anonymous/sip:phone@127.0.0.1:${phones.refuses.port})
exten => rings,1,Dial(PJSIP/anonymous/sip:phone@127.0.0.1:${phones.rings.port})
`

  const run = (scenario: Scenario, user: string, more: SippOptions = {}): Promise<SippResult> =>
    runSipp(scenario, {
      target: `127.0.0.1:${asterisk.sipPort}`,
      user,
      calls: CALLS,
      timeoutMs: 20_000,
      ...more,
    })

  it('counts calls that the server ends', async () => {
    const result = await run(serverHangsUp(), 'hangup')
    expect(result).toMatchObject(FINE)
    expect(result.responseTimes).toHaveLength(CALLS)
  })

  it('counts calls that the caller ends, and how many were up at once', async () => {
    const result = await run(callerHangsUp({ talkMs: 1_500 }), 'echo')
    expect(result).toMatchObject({ ...FINE, peakCalls: CALLS })
  })

  it('asks with OPTIONS', async () => expect(await run(options(), 'hangup')).toMatchObject(FINE))

  it('cancels', async () => expect(await run(callerCancels(), 'ringing')).toMatchObject(FINE))

  it('is refused', async () => expect(await run(callerIsRefused(404), 'nobody')).toMatchObject(FINE))

  it('fails a call that goes otherwise, with the message that it did not expect', async () => {
    const result = await run(callerIsRefused(486), 'nobody', { calls: 1 })
    expect(result).toMatchObject({ successful: 0, failed: 1, failures: { UnexpectedMessage: 1 } })
    expect(result.errors).toContain('SIP/2.0 404')
  })

  it('presses digits', async () => {
    const right = await run(callerPressesDigits('159', { talkMs: 500 }), 'digits', { calls: 1 })
    expect(right).toMatchObject({ successful: 1, failed: 0 })
    const wrong = await run(callerPressesDigits('158', { talkMs: 500 }), 'digits', { calls: 1 })
    expect(wrong).toMatchObject({ successful: 0, failed: 1 })
  })

  it('registers and unregisters with digest', async () => {
    const login = { password: 'secret', calls: 1 }
    const contact = '127.0.0.1:9'
    expect(await run(registers({ contact }), 'alice', login)).toMatchObject({ successful: 1 })
    expect(await asterisk.cli('pjsip show contacts')).toContain(`alice/sip:alice@${contact}`)
    expect(await run(registers({ contact, expires: 0 }), 'alice', login)).toMatchObject({ successful: 1 })
    expect(await asterisk.cli('pjsip show contacts')).not.toContain('alice/sip:')
    expect(await run(registers({ expected: 401 }), 'alice', { password: 'wrong', calls: 1 })).toMatchObject({
      successful: 1,
    })
  })

  it('is a phone that answers and hangs up', async () => {
    expect(await run(serverHangsUp(), 'answers')).toMatchObject(FINE)
    expect(await phones.answers.finish()).toMatchObject(FINE)
  })

  it('is a phone that is busy', async () => {
    expect(await run(callerIsRefused(486), 'refuses')).toMatchObject(FINE)
    expect(await phones.refuses.finish()).toMatchObject(FINE)
  })

  it('is a phone that rings until it is cancelled', async () => {
    expect(await run(callerCancels(), 'rings')).toMatchObject(FINE)
    expect(await phones.rings.finish()).toMatchObject(FINE)
  })
})
