import { expect, test } from 'vitest'
import { callerOf, identityOf } from '../../../src/telephony/identity.ts'

const asserted = {
  from: ['"Cullen Jennings" <sip:+14085264000@example.com>;tag=1928301774'],
  'p-asserted-identity': ['"Cullen Jennings" <sip:+14085264000@example.com>', 'tel:+14085264000'],
}

test('a trusted peer asserts a SIP and a tel URI of one caller (RFC 3325 9.1)', () => {
  expect(identityOf(asserted, true)).toEqual({
    asserted: [
      { uri: 'sip:+14085264000@example.com', number: '+14085264000', name: 'Cullen Jennings' },
      { uri: 'tel:+14085264000', number: '+14085264000' },
    ],
  })
})

test('two identities may stand in one header field', () => {
  const headers = { 'p-asserted-identity': ['"Jennings, C." <sip:fluffy@cisco.com>, <tel:+1-408-526-4000>'] }
  expect(identityOf(headers, true)?.asserted).toEqual([
    { uri: 'sip:fluffy@cisco.com', number: 'fluffy', name: 'Jennings, C.' },
    { uri: 'tel:+1-408-526-4000', number: '+1-408-526-4000' },
  ])
})

test('what anybody else asserts does not count', () => {
  expect(identityOf(asserted, false)).toBeUndefined()
  const spoofed = {
    'remote-party-id': ['<sip:911@example.com>;party=calling;screen=yes'],
    from: ['<sip:+12155551212;verstat=TN-Validation-Passed@example.com;user=phone>;tag=1'],
  }
  expect(identityOf(spoofed, false)).toBeUndefined()
})

test('the caller is the one asserted, then the remote party, then From', () => {
  const from = { uri: 'sip:100@pbx.test', number: '100' }
  expect(callerOf(from, undefined)).toBe(from)
  expect(callerOf(from, identityOf(asserted, true))).toMatchObject({ number: '+14085264000' })
  const remote = identityOf({ 'remote-party-id': ['"Ana" <sip:7001@pbx.test>;screen=yes'] }, true)
  expect(callerOf(from, remote)).toEqual({ uri: 'sip:7001@pbx.test', number: '7001', name: 'Ana' })
  expect(callerOf(from, identityOf({ diversion: ['<sip:200@pbx.test>'] }, true))).toBe(from)
})

test.each([
  ['Privacy: id', { privacy: ['id'] }],
  ['Privacy: user among others', { privacy: ['critical; user'] }],
  [
    'a private remote party',
    { 'remote-party-id': ['<sip:7001@pbx.test>;party=calling;privacy=full;screen=yes'] },
  ],
])('an identity that is withheld is shown to nobody: %s', (_, headers) => {
  const identity = identityOf({ ...asserted, ...headers }, true)
  expect(identity).toMatchObject({ withheld: true, asserted: [{}, {}] })
  const from = { uri: 'sip:+14085264000@example.com', number: '+14085264000', name: 'Cullen Jennings' }
  expect(callerOf(from, identity)).toEqual({ uri: 'sip:anonymous@anonymous.invalid' })
})

test('whoever asks to be shown to nobody need not be trusted', () => {
  const remote = { 'remote-party-id': ['<sip:7001@pbx.test>;privacy=full'] }
  expect(identityOf(remote, false)).toEqual({ withheld: true })
  expect(identityOf({ privacy: ['id'] }, false)).toEqual({ withheld: true })
})

test.each([
  ['yes', { screened: true }],
  ['no', {}],
])('a remote party with screen=%s', (screen, more) => {
  const headers = { 'remote-party-id': [`<sip:7001@pbx.test>;party=calling;screen=${screen}`] }
  expect(identityOf(headers, true)).toEqual({
    remoteParty: { uri: 'sip:7001@pbx.test', number: '7001' },
    ...more,
  })
})

test('no privacy is asked for by none, or by history', () => {
  expect(identityOf({ ...asserted, privacy: ['none'] }, true)).not.toHaveProperty('withheld')
  expect(identityOf({ ...asserted, privacy: ['history'] }, true)).not.toHaveProperty('withheld')
})

test('a remote party that is called is not the caller', () => {
  expect(identityOf({ 'remote-party-id': ['<sip:7001@pbx.test>;party=called'] }, true)).toBeUndefined()
})

test('an anonymous identity has no number', () => {
  const headers = { 'p-asserted-identity': ['"Anonymous" <sip:anonymous@anonymous.invalid>'] }
  expect(identityOf(headers, true)?.asserted).toEqual([{ uri: 'sip:anonymous@anonymous.invalid' }])
})

test.each([
  ['tel:+12155551212;verstat=TN-Validation-Passed', { status: 'passed' }],
  ['sip:+12155551212;verstat=TN-Validation-Failed@vzw.test;user=phone', { status: 'failed' }],
  ['sip:+12155551212@vzw.test;user=phone;verstat=No-TN-Validation', { status: 'none' }],
  ['sip:+12155551212;verstat=TN-Validation-Passed-B@vzw.test', { status: 'passed', attestation: 'B' }],
])('the network says whether the number is the caller’s: %s', (uri, verification) => {
  expect(identityOf({ 'p-asserted-identity': [`<${uri}>`] }, true)).toMatchObject({
    asserted: [{ number: '+12155551212' }],
    verification,
  })
  expect(identityOf({ from: [`<${uri}>;tag=9fxced76sl`] }, true)).toEqual({ verification })
})

test('an attestation has a header of its own', () => {
  const from = ['<tel:+12155551212;verstat=TN-Validation-Passed>;tag=a']
  expect(identityOf({ from, 'attestation-info': ['A;x=1'] }, true)?.verification?.attestation).toBe('A')
  expect(identityOf({ from, 'p-attestation-indicator': ['c'] }, true)?.verification?.attestation).toBe('C')
  expect(identityOf({ from, 'attestation-info': ['gold'] }, true)?.verification).toEqual({ status: 'passed' })
})

test('diversions stand with the last one first (RFC 5806)', () => {
  const headers = {
    diversion: [
      '<sip:+19195551002@pstn.test>;reason=no-answer;privacy=off;counter=1;screen=no',
      '"Sales, main" <tel:+19195551001>;reason=User-Busy;counter=3, <sip:x@y.test>',
    ],
  }
  expect(identityOf(headers, false)?.diversions).toEqual([
    { party: { uri: 'sip:+19195551002@pstn.test', number: '+19195551002' }, reason: 'no-answer' },
    {
      party: { uri: 'tel:+19195551001', number: '+19195551001', name: 'Sales, main' },
      reason: 'user-busy',
    },
    { party: { uri: 'sip:x@y.test', number: 'x' } },
  ])
})

test('history has index and cause (RFC 7044)', () => {
  const headers = {
    'history-info': [
      '<sip:bob@example.com>;index=1, <sip:bob@192.0.2.4?Reason=SIP%3Bcause%3D302>;index=1.1;rc=1',
      '"Voicemail" <sip:vm@example.com;target=sip:bob%40example.com>;index=1.2;mp=1',
      '<sip:lost@example.com>',
    ],
  }
  expect(identityOf(headers, false)?.history).toEqual([
    { party: { uri: 'sip:bob@example.com', number: 'bob' }, index: '1' },
    { party: { uri: 'sip:bob@192.0.2.4', number: 'bob' }, index: '1.1', cause: 302 },
    {
      party: {
        uri: 'sip:vm@example.com;target=sip:bob%40example.com',
        number: 'vm',
        name: 'Voicemail',
      },
      index: '1.2',
    },
  ])
})

test('data of another application comes as it was sent (RFC 7433)', () => {
  const headers = {
    'user-to-user': [
      '56a390f3d2b7310023a2;encoding=hex;purpose=isdn-uui;content=isdn-uui',
      '"ticket 4711, urgent";encoding=Text, 00c8',
    ],
  }
  expect(identityOf(headers, false)?.userToUser).toEqual([
    { data: '56a390f3d2b7310023a2', encoding: 'hex' },
    { data: 'ticket 4711, urgent', encoding: 'text' },
    { data: '00c8', encoding: 'hex' },
  ])
})

test.each([
  ['"open <sip:a@b.test>', 'an open quote'],
  ['<sip:a@b.test', 'an open bracket'],
  ['', 'nothing'],
  [',,;;', 'separators'],
])('malformed values are left out: %s (%s)', (value) => {
  const headers = Object.fromEntries(
    ['p-asserted-identity', 'remote-party-id', 'diversion', 'history-info', 'from'].map((name) => [
      name,
      [value],
    ]),
  )
  expect(identityOf(headers, true)).toBeUndefined()
})

test('a header that repeats without end is cut', () => {
  const headers = { diversion: Array.from({ length: 500 }, (_, at) => `<sip:${at}@pbx.test>`) }
  expect(identityOf(headers, false)?.diversions).toHaveLength(20)
})
