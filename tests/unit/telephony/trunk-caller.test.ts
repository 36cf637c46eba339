import { describe, expect, test } from 'vitest'
import type { Trunk } from '../../../src/telephony/trunk.ts'
import { trunkCaller } from '../../../src/telephony/trunk-caller.ts'

const unchanged = { strip: 0, prepend: '' }
const TRUNK: Trunk = {
  name: 'provider',
  hosts: ['198.51.100.1'],
  transport: 'udp',
  trusted: true,
  identity: 'none',
  sources: [],
  numbers: {
    countryCode: '49',
    nationalPrefix: '0',
    internationalPrefix: '00',
    receives: 'national',
    sends: 'national',
    received: unchanged,
    sent: unchanged,
  },
}
const JUNE = { uri: 'sip:030555@far.invalid', number: '+4930555000', name: 'June "J", P.\r\nX: y' }
const NOBODY = { uri: 'sip:anonymous@anonymous.invalid' }
const ADDRESS = '"June \\"J\\", P. X: y" <sip:030555000@far.test>'

function caller(change: Partial<Trunk>, from: typeof JUNE | typeof NOBODY, asserted: boolean) {
  return trunkCaller({ ...TRUNK, ...change }, 'far.test', from, asserted)
}

describe('a trunk that is told who calls', () => {
  test.each([
    ['none', true, {}],
    ['none', false, {}],
    ['p-asserted-identity', true, { 'P-Asserted-Identity': ADDRESS }],
    ['p-asserted-identity', false, {}],
    ['remote-party-id', true, { 'Remote-Party-ID': `${ADDRESS};party=calling;screen=yes;privacy=off` }],
    ['remote-party-id', false, { 'Remote-Party-ID': `${ADDRESS};party=calling;screen=no;privacy=off` }],
  ] as const)('by %s, vouched for: %s', (identity, asserted, headers) => {
    expect(caller({ identity }, JUNE, asserted)).toEqual({ from: ADDRESS, headers })
  })

  test.each(['none', 'p-asserted-identity', 'remote-party-id'] as const)(
    'by %s hears of nobody who withholds the number, and is asked to keep it so (RFC 3323)',
    (identity) => {
      expect(caller({ identity }, NOBODY, true)).toEqual({
        from: '"Anonymous" <sip:anonymous@anonymous.invalid>',
        headers: { Privacy: 'id' },
      })
    },
  )

  test('has its own number in From where it wants that', () => {
    const change = { identity: 'p-asserted-identity', callerId: 'account' } as const
    expect(caller(change, NOBODY, false)).toEqual({
      from: '<sip:account@far.test>',
      headers: { Privacy: 'id' },
    })
    expect(caller(change, JUNE, true).headers).toEqual({ 'P-Asserted-Identity': ADDRESS })
  })
})
