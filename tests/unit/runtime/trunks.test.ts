import { describe, expect, test } from 'vitest'
import { answersAfter } from '../../../src/telephony/simulated/behaviours.ts'
import { Stage, segmentsOf } from './stage.ts'

const flow = (to: string): string =>
  `out: { type: transfer, to: "${to}", next: bye, busy: bye, noAnswer: bye, failed: bye }\nbye: { type: hangup }`

describe('a transfer to a number', () => {
  test('goes over the trunks of its route', async () => {
    const stage = await Stage.open({ flow: flow('+12025550177') })
    stage.telephony.trunk('gone', 'down')
    stage.telephony.trunk('provider', 'up')
    stage.telephony.subscriber('+12025550177', answersAfter(1000))
    const caller = await stage.call()
    await stage.pass(5000)
    expect(stage.commands.find(({ type }) => type === 'dial')).toMatchObject({
      target: { number: '+12025550177', trunks: ['gone', 'provider'] },
    })
    caller.hangup()
    await stage.pass(100)
    expect(stage.last.outcome).toBe('transferred')
  })

  test('that no route carries has failed, and nobody is dialled', async () => {
    const stage = await Stage.open({ flow: flow('0900123456') })
    await stage.call()
    await stage.pass(5000)
    expect(stage.commands.map(({ type }) => type)).not.toContain('dial')
    expect(segmentsOf(stage.last)).toEqual(['ivr transfer', 'transfer no-route', 'ivr hung-up'])
    expect(stage.center.sizes()).toEqual({ legs: 0, contacts: 0, offers: 0, wrapUps: 0 })
  })

  test('goes on while its trunks are down', async () => {
    const stage = await Stage.open({ flow: flow('+12025550177') })
    await stage.call()
    await stage.pass(5000)
    expect(segmentsOf(stage.last)).toEqual(['ivr transfer', 'transfer unreachable', 'ivr hung-up'])
  })
})

describe('a transferred caller is vouched for', () => {
  const number = '+12025550123'
  const party = { uri: `sip:${number}@far.invalid`, number }
  test.each([
    ['whom a trusted trunk asserts', { trunk: 'provider', identity: { asserted: [party] } }, true],
    ['whom it has screened', { trunk: 'provider', identity: { remoteParty: party, screened: true } }, true],
    ['whom it has not screened', { trunk: 'provider', identity: { remoteParty: party } }, false],
    ['who is in From alone', { trunk: 'provider' }, false],
    ['who is a stranger', {}, false],
    ['who is the device that proved itself', { device: number }, true],
    ['who is a device under another number', { device: 'alice' }, false],
    [
      'who withholds the number',
      { from: { uri: 'sip:anonymous@anonymous.invalid' }, identity: { asserted: [party], withheld: true } },
      false,
    ],
  ] as const)('%s', async (_, call, asserted) => {
    const stage = await Stage.open({ flow: flow('+12025550177') })
    const from = { ...party }
    stage.telephony.incoming({ from, to: { uri: 'sip:100@here.invalid', number: '100' }, ...call })
    await stage.pass(1000)
    expect(stage.commands.find(({ type }) => type === 'dial')).toMatchObject({ asserted })
  })
})

test('what signalling says of a call reaches the flow and the record', async () => {
  const stage = await Stage.open({
    flow: `line:
  type: switch
  cases:
    - { when: 'call.verification == "passed" && call.attestation == "A" && call.divertedFrom == "+12025550100" && call.trunk == "provider" && call.userToUser == "00c8"', next: yes }
  otherwise: no
yes: { type: hangup, answer: true }
no: { type: hangup }`,
  })
  stage.telephony.incoming({
    from: { uri: 'sip:+12025550123@far.invalid', number: '+12025550123' },
    to: { uri: 'sip:100@here.invalid', number: '100' },
    trunk: 'provider',
    identity: {
      verification: { status: 'passed', attestation: 'A' },
      diversions: [{ party: { uri: 'tel:+12025550100', number: '+12025550100' }, reason: 'no-answer' }],
      userToUser: [{ data: '00c8', encoding: 'hex' }],
    },
  })
  await stage.pass(1000)
  expect(stage.last.path.map(({ node }) => node)).toEqual(['line', 'yes'])
  expect(stage.last.data).toEqual({
    'call.trunk': 'provider',
    'call.divertedFrom': '+12025550100',
    'call.verification': 'passed',
    'call.attestation': 'A',
    'call.userToUser': '00c8',
  })
})
