import { describe, expect, it } from 'vitest'
import { answered, Conversation, entered, flowOf, playing } from './conversation.ts'

const failed = { type: 'hangup', outcome: 'failed' }

describe('a fault', () => {
  const broken = 'a: { type: play, prompt: { number: "${n / 0}" }, next: bye }'
  const fault = (node: string) => ({
    type: 'fault',
    node,
    code: 'expression',
    detail: 'n / 0: division by zero',
  })
  const variables = 'languages: [en]\nvariables: { n: { type: number } }'

  it('ends the call as failed when there is no exit for it', () => {
    const [, effects] = answered(flowOf(`${broken}\nbye: { type: hangup }`, variables))
    expect(effects).toEqual([fault('a'), failed])
  })

  it("takes the flow's own exit once per call", () => {
    const nodes = `${broken}\nbye: { type: hangup }\nhelp: { type: play, prompt: { audio: sorry }, next: a }`
    const [call, effects] = answered(flowOf(nodes, `failed: help\n${variables}`))
    expect(effects).toEqual([fault('a'), entered('help'), playing('play-1', 'sorry')])
    expect(call.finished('play-1')).toEqual([entered('a'), fault('a'), failed])
  })

  it("takes the node's own exit as often as it comes", () => {
    const nodes = `${broken.replace('next: bye', 'next: bye, failed: b')}\nb: { type: play, prompt: { audio: sorry }, next: a }\nbye: { type: hangup }`
    const [call] = answered(flowOf(nodes, variables))
    for (const play of ['play-1', 'play-2', 'play-3']) {
      expect(call.finished(play)).toContainEqual(fault('a'))
      expect(call.state.phase).toBe('running')
    }
  })

  it('of an expression with a secret tells neither its value nor the reason', () => {
    const flow = flowOf(
      'a: { type: switch, cases: [{ when: "int(pin) > 1", next: b }], otherwise: b }\nb: { type: hangup }',
      'languages: [en]\nvariables: { pin: { type: string, default: 12x4, secret: true } }',
    )
    expect(new Conversation(flow).first).toEqual([
      entered('a'),
      {
        type: 'fault',
        node: 'a',
        code: 'expression',
        detail: 'int(pin) > 1: it reads a secret variable and cannot be evaluated',
      },
      failed,
    ])
  })

  it('is raised by a circle that never waits, which answers of the machine do not break', () => {
    const nodes = 'a: { type: play, prompt: { audio: x }, next: bye, failed: a }\nbye: { type: hangup }'
    const [call] = answered(flowOf(nodes))
    let effects: ReturnType<Conversation['tell']> = []
    for (let play = 1; call.state.phase === 'running' && play < 100; play++) {
      effects = call.tell({ type: 'play.failed', play: `play-${play}`, detail: 'missing' })
    }
    expect(effects.slice(-2)).toEqual([
      { type: 'fault', node: 'a', code: 'loop', detail: '50 nodes in a row without waiting for anything' },
      failed,
    ])
  })
})

describe('a call', () => {
  const flow = flowOf(
    'a: { type: play, prompt: { say: "${call.from}, ${call.name}, ${string(call.anonymous)}" }, next: bye }\nbye: { type: hangup }',
    'languages: [en, es-MX]\nvariables: { n: { type: number, default: 3 }, s: { type: string, secret: true } }',
  )
  const said = (start: object) => answered(flow, start)[1]

  it('is known to expressions by number and name; an anonymous one by neither', () => {
    expect(said({ fromName: 'Ann' })).toMatchObject([{ parts: [{ say: '+12025550123, Ann, false' }] }])
    expect(said({ fromName: 'Ann', anonymous: true })).toMatchObject([{ parts: [{ say: ', , true' }] }])
  })

  it('begins in the language of the number plan, or in the nearest that the flow speaks', () => {
    expect(said({ language: 'es' })).toMatchObject([{ language: 'es-MX' }])
    expect(said({ language: 'de' })).toMatchObject([{ language: 'en' }])
  })

  it('begins with the values of the number plan; those that do not fit are faults', () => {
    const call = new Conversation(flow, { variables: { n: 7, s: 'x', m: true, constructor: 'x' } })
    expect(call.state.variables).toEqual({ n: 7, s: 'x' })
    expect(call.first.slice(0, 4)).toEqual([
      { type: 'set', name: 'n', secret: false, value: 7 },
      { type: 'set', name: 's', secret: true },
      expect.objectContaining({
        type: 'fault',
        detail: 'the number plan sets m, which is no variable of this flow',
      }),
      expect.objectContaining({
        type: 'fault',
        detail: 'the number plan sets constructor, which is no variable of this flow',
      }),
    ])
  })

  it('that ends before it is answered is over', () => {
    const call = new Conversation(flow)
    expect(call.ended()).toEqual([])
    expect(call.answered()).toEqual([])
  })

  it('remembers keys that come while it is being answered, and no more than can be meant', () => {
    const call = new Conversation(flow)
    call.press('1'.repeat(100))
    call.tell({ type: 'digit', digit: 'x' })
    expect(call.state.digits).toBe('1'.repeat(64))
  })

  it('whose state is of another version of the flow ends as failed', () => {
    const other = flowOf('other: { type: hangup, prompt: { audio: x } }')
    const call = new Conversation(other)
    call.state = { ...call.state, node: 'gone' }
    expect(call.answered()).toEqual([
      { type: 'fault', node: 'gone', code: 'loop', detail: 'the flow has no node gone' },
      failed,
    ])
  })
})
