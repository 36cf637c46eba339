import { describe, expect, it } from 'vitest'
import { ALICE, BOB, CALLER, Stage } from './stage.ts'

const INVITE = ['INVITE sip:100@192.0.2.1 SIP/2.0', '1 INVITE'] as const
const OK = ['SIP/2.0 200 OK', '1 INVITE'] as const

describe('the messages of a call', () => {
  it('are found by contact, call, Call-ID, and by a part of one of them', () => {
    const stage = new Stage()
    stage.caller('one')
    const trace = stage.trace('contact-one')
    expect(trace.contact).toBe('contact-one')
    for (const id of ['call-one', 'one@far', 'act-one', 'one@']) expect(stage.trace(id)).toEqual(trace)
    for (const id of ['one', 'nobody', '']) expect(stage.traces.find(id)).toEqual({ type: 'none' })
  })

  it('are not guessed where a part fits several calls: the latest are named', () => {
    const stage = new Stage()
    for (const name of ['one', 'two']) stage.caller(name)
    expect(stage.traces.find('contact-')).toEqual({ type: 'several', ids: ['contact-two', 'contact-one'] })
  })

  it('are there whoever says first whose they are', () => {
    const orders = [
      ['message', 'leg', 'contact'],
      ['leg', 'message', 'contact'],
      ['contact', 'leg', 'message'],
      ['contact', 'message', 'leg'],
      ['message', 'contact', 'leg'],
    ]
    for (const order of orders) {
      const stage = new Stage()
      stage.caller('one')
      const party = { kind: 'agent', name: 'alice' } as const
      const say = {
        message: () => stage.sent('alice@us', ALICE, ...INVITE),
        leg: () => stage.traces.leg('call-alice', 'alice@us'),
        contact: () => stage.traces.contactLeg({ contact: 'contact-one', call: 'call-alice', party }),
      }
      for (const each of order) say[each as keyof typeof say]()
      stage.received('alice@us', ALICE, ...OK)
      const { legs, messages } = stage.trace('contact-one')
      expect(legs).toMatchObject([
        { call: 'call-one', party: { kind: 'caller' }, sipCallIds: ['one@far'] },
        { call: 'call-alice', party, sipCallIds: ['alice@us'] },
      ])
      expect(messages.map(({ summary }) => summary)).toEqual(['INVITE', '200 OK', 'INVITE', '200 OK'])
      expect(stage.traces.sizes()).toMatchObject({ calls: 1, strangers: 0 })
    }
  })

  it('belong to the later of two legs with one Call-ID from its INVITE on', () => {
    const stage = new Stage()
    const { traces, clock } = stage
    stage.caller('one')
    const rest = 'To: <sip:100@192.0.2.1>'
    stage.received('one@far', CALLER, ...INVITE, `${rest};tag=x`)
    stage.received('one@far', CALLER, 'INVITE sip:101@192.0.2.1 SIP/2.0', `1 INVITE\r\n${rest}`)
    traces.leg('again', 'one@far')
    traces.leg('again', 'one@far')
    traces.contactLeg({ contact: 'contact-again', call: 'again', party: { kind: 'caller' } })
    stage.sent('one@far', CALLER, ...OK)
    expect(stage.trace('contact-one').messages).toHaveLength(3)
    expect(stage.trace('contact-again').messages.map(({ text }) => text.slice(0, 14))).toEqual([
      'INVITE sip:101',
      'SIP/2.0 200 OK',
    ])
    expect(stage.trace('one@far').contact).toBe('contact-again')
    clock.advance(3_600_001)
    expect(traces.find('one@far')).toEqual({ type: 'none' })
    expect(traces.sizes()).toEqual({ calls: 0, strangers: 0, bytes: 0 })
  })

  it('have no response before its request, in whatever order they were told', () => {
    const stage = new Stage()
    stage.caller('june')
    stage.received('june@far', CALLER, 'SIP/2.0 200 OK', '1 BYE')
    stage.clock.advance(2)
    stage.sent('june@far', CALLER, 'BYE sip:june@198.51.100.7 SIP/2.0', '1 BYE')
    const { messages } = stage.trace('contact-june')
    expect(messages.map(({ summary, method }) => `${summary} ${method}`)).toEqual([
      'INVITE INVITE',
      '200 OK INVITE',
      'BYE BYE',
      '200 OK BYE',
    ])
  })

  it('say which ones are repetitions: the same bytes the same way', () => {
    const stage = new Stage()
    stage.received('x@far', CALLER, ...INVITE)
    stage.received('x@far', CALLER, ...INVITE)
    stage.sent('x@far', CALLER, ...OK)
    stage.sent('x@far', CALLER, ...OK)
    expect(stage.trace('x@far').messages.map(({ repeated }) => repeated)).toEqual([false, true, false, true])
  })

  it('are masked when they are kept', () => {
    const stage = new Stage()
    stage.received('x@far', CALLER, 'INVITE sip:a:secret@host SIP/2.0', '1 INVITE')
    stage.received('x@far', CALLER, 'INFO sip:a SIP/2.0', '2 INFO\r\nContent-Type: application/dtmf', '7')
    expect(JSON.stringify(stage.trace('x@far'))).not.toMatch(/secret|\\r\\n7/)
  })

  it('do not tell which keys were pressed', () => {
    const stage = new Stage()
    stage.caller('one')
    const before = stage.trace('call-one').notes.length
    const digit = {
      type: 'call.digit',
      call: 'call-one',
      digit: '7',
      source: 'rtp',
      durationMs: 100,
    } as const
    stage.traces.happened(digit)
    expect(stage.trace('call-one').notes).toHaveLength(before)
  })
})

describe('memory', () => {
  it('is bounded: the oldest calls are forgotten as a whole', () => {
    const bytes = 200_000
    const stage = new Stage({ bytes })
    for (let i = 0; i < 2000; i++) {
      stage.caller(`${i}.`)
      expect(stage.traces.sizes().bytes).toBeLessThanOrEqual(bytes)
    }
    const { calls } = stage.traces.sizes()
    expect(calls).toBeGreaterThan(50)
    expect(calls).toBeLessThan(200)
    expect(stage.traces.find('contact-0.')).toEqual({ type: 'none' })
    expect(stage.trace(`contact-${2000 - calls}.`).messages).toHaveLength(2)
    expect(stage.trace('contact-1999.').messages).toHaveLength(2)
  })

  it('is counted right: when all is forgotten nothing is left', () => {
    const stage = new Stage({ keepMs: 60_000 })
    for (const name of ['one', 'two']) {
      stage.caller(name)
      const party = { kind: 'agent', name: 'alice' } as const
      stage.traces.leg(`alice-${name}`, `alice-${name}@us`)
      stage.sent(`alice-${name}@us`, ALICE, ...INVITE)
      stage.traces.contactLeg({ contact: `contact-${name}`, call: `alice-${name}`, party })
      stage.traces.happened({ type: 'call.bridged', calls: [`call-${name}`, `alice-${name}`], command: 'c' })
      stage.traces.happened({ type: 'call.ended', call: `call-${name}`, cause: 'normal', by: 'remote' })
    }
    stage.received('stranger@far', BOB, ...INVITE)
    stage.clock.advance(60_001)
    expect(stage.traces.find('contact-two')).toEqual({ type: 'none' })
    expect(stage.traces.find('stranger@far')).toEqual({ type: 'none' })
    expect(stage.traces.sizes()).toEqual({ calls: 0, strangers: 0, bytes: 0 })
  })

  it('holds the beginning and the end of a leg that does not stop talking', () => {
    const stage = new Stage()
    stage.caller('one')
    for (let i = 2; i < 1002; i++) stage.received('one@far', CALLER, 'INFO sip:a SIP/2.0', `${i} INFO`)
    const { legs, messages } = stage.trace('contact-one')
    expect(messages).toHaveLength(400)
    expect(legs[0]?.omitted).toBe(602)
    expect(messages[0]?.summary).toBe('INVITE')
    expect(messages.at(-1)?.text).toContain('CSeq: 1001 INFO')
  })

  it('is not filled by strangers, who push out each other and no call', () => {
    const stage = new Stage()
    stage.caller('one')
    for (let i = 0; i < 20_000; i++) {
      stage.received(`scan-${i}@far`, BOB, 'INVITE sip:900441@192.0.2.1 SIP/2.0', '1 INVITE', 'x'.repeat(500))
      stage.received(`options-${i}@far`, BOB, 'OPTIONS sip:192.0.2.1 SIP/2.0', '1 OPTIONS')
      stage.received(`register-${i}@far`, BOB, 'REGISTER sip:192.0.2.1 SIP/2.0', '1 REGISTER')
    }
    const { calls, strangers, bytes } = stage.traces.sizes()
    expect(calls).toBe(1)
    expect(strangers).toBeLessThan(2000)
    expect(bytes).toBeLessThan(1.2 * 1024 * 1024)
    expect(stage.trace('contact-one').messages).toHaveLength(2)
    expect(stage.trace('scan-19999@far').messages).toHaveLength(1)
    expect(stage.traces.find('options-19999@far')).toEqual({ type: 'none' })
  })
})
