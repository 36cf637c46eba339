import { describe, expect, it } from 'vitest'
import type { FlowInput } from '../../../src/flow/inputs.ts'
import { answered, Conversation, entered, flowOf, playing } from './conversation.ts'

const bye = '\nbye: { type: hangup }'
const hangup = { type: 'hangup', outcome: 'completed' }
const timer = (id: string, ms: number) => ({ type: 'timer.start', timer: id, ms })

describe('play', () => {
  const flow = flowOf(
    `a: { type: play, prompt: [{ audio: one }, { say: "Line \${call.to}" }], next: b }
b: { type: play, prompt: { audio: two }, next: bye, flush: true }${bye}`,
  )

  it('goes on when the prompt is over', () => {
    const [call, first] = answered(flow)
    expect(first).toEqual([
      {
        type: 'play',
        play: 'play-1',
        parts: [{ audio: 'one' }, { say: 'Line 100' }],
        language: 'en',
        interruptible: true,
      },
    ])
    expect(call.finished('play-1')).toEqual([entered('b'), playing('play-2', 'two')])
    expect(call.finished('play-2')).toEqual([entered('bye'), hangup])
  })

  it('goes on at the first key; with `flush` the next one is heard all the same', () => {
    const [call] = answered(flow)
    expect(call.press('5')).toEqual([
      { type: 'play.stop', play: 'play-1' },
      entered('b'),
      playing('play-2', 'two'),
    ])
    expect(call.state.digits).toBe('')
  })

  it('is not heard by a caller who has pressed ahead', () => {
    const ahead = flowOf(
      `a: { type: play, prompt: { audio: one }, interruptible: false, next: b }
b: { type: play, prompt: { audio: two }, next: c }
c: { type: play, prompt: { audio: three }, interruptible: false, next: bye }${bye}`,
    )
    const [call] = answered(ahead)
    call.press('1')
    expect(call.finished('play-1')).toEqual([entered('b'), entered('c'), playing('play-2', 'three', false)])
  })

  it.each([-1, 1_000_000])('cannot read out %i as a number', (n) => {
    const [, first] = answered(
      flowOf(
        `a: { type: play, prompt: { number: "\${n}" }, next: bye }${bye}`,
        'languages: [en]\nvariables: { n: { type: number } }',
      ),
      { variables: { n } },
    )
    const detail = `\${n}: ${n} cannot be read out, only 0 to 999999 can`
    expect(first[0]).toEqual({ type: 'fault', node: 'a', code: 'expression', detail })
  })

  it('leaves out pieces that come to nothing', () => {
    const [, first] = answered(
      flowOf(
        `a: { type: play, prompt: [{ digits: "\${call.from}" }, { say: "\${customer.name}" }], next: bye }${bye}`,
      ),
      { anonymous: true },
    )
    expect(first).toEqual([entered('bye'), hangup])
  })

  it('reads digits and numbers, and speaks a piece in a language of its own', () => {
    const [, first] = answered(
      flowOf(
        `a: { type: play, prompt: [{ digits: "+1 (202) 555" }, { number: "\${1000 + 7}" }, { audio: nine, language: es }], next: bye }${bye}`,
        'languages: [en, es]',
      ),
    )
    expect(first).toEqual([
      {
        type: 'play',
        play: 'play-1',
        parts: [{ digits: '1202555' }, { number: 1007 }, { audio: 'nine', language: 'es' }],
        language: 'en',
        interruptible: true,
      },
    ])
  })
})

describe('set and switch', () => {
  const flow = flowOf(
    `count: { type: set, values: { n: "\${n + 1}", who: "\${customer.name}", was: "\${n}" }, next: enough }
enough:
  type: switch
  cases:
    - { when: n >= 2 && call.to == "100", next: bye }
  otherwise: again
again: { type: play, prompt: { audio: again }, next: count }${bye}`,
    'languages: [en]\nvariables: { n: { type: number }, was: { type: number, default: 9 }, who: { type: string, default: nobody } }',
  )

  it('works out all values before the first is changed; null is the first value', () => {
    const call = new Conversation(flow)
    expect(call.first).toEqual([
      entered('count'),
      { type: 'set', name: 'n', secret: false, value: 1 },
      { type: 'set', name: 'who', secret: false, value: 'nobody' },
      { type: 'set', name: 'was', secret: false, value: 0 },
      entered('enough'),
      entered('again'),
      { type: 'answer' },
    ])
    call.answered()
    expect(call.finished('play-1').slice(-2)).toEqual([entered('bye'), hangup])
  })

  it('changes the language of the prompts that follow', () => {
    const spanish = flowOf(
      `speak: { type: set, language: es, next: hello }
hello: { type: play, prompt: { say: { en: Hello, es: Hola } }, next: bye }${bye}`,
      'languages: [en, es]',
    )
    const [call, first] = answered(spanish)
    expect(call.first).toContainEqual({ type: 'set', name: 'language', secret: false, value: 'es' })
    expect(first).toEqual([
      { type: 'play', play: 'play-1', parts: [{ say: 'Hola' }], language: 'es', interruptible: true },
    ])
  })

  it('says nothing of a language that is spoken already', () => {
    const call = new Conversation(flowOf(`speak: { type: set, language: en, next: bye }${bye}`))
    expect(call.first).toEqual([entered('speak'), entered('bye'), hangup])
  })

  it.each([
    ['es-MX', 'es'],
    ['fr', 'en'],
    ['', 'en'],
  ])('takes the language %j as %s', (tag, language) => {
    const flowWithTag = flowOf(
      `speak: { type: set, language: "\${tag}", next: bye }${bye}`,
      'languages: [en, es]\nvariables: { tag: { type: string } }',
    )
    expect(new Conversation(flowWithTag, { variables: { tag } }).state.language).toBe(language)
  })
})

describe('schedule', () => {
  const flow = flowOf(
    `hours: { type: schedule, calendar: "\${which}", open: a, closed: b, emergency: c, failed: d }
a: { type: hangup }\nb: { type: hangup }\nc: { type: hangup }\nd: { type: hangup }`,
    'languages: [en]\nvariables: { which: { type: string, default: office } }',
  )
  const asked = { type: 'schedule.check', request: 'schedule-1', calendar: 'office' }

  it.each([
    ['open', 'a'],
    ['closed', 'b'],
    ['emergency', 'c'],
  ] as const)('%s', (state, exit) => {
    const call = new Conversation(flow)
    expect(call.first).toEqual([entered('hours'), asked, timer('timer-2', 3000)])
    expect(call.tell({ type: 'schedule.checked', request: 'schedule-1', state })).toEqual([
      { type: 'timer.stop', timer: 'timer-2' },
      entered(exit),
      hangup,
    ])
  })

  it('that does not answer in time has failed', () => {
    const call = new Conversation(flow)
    expect(call.timer('timer-2')).toEqual([
      {
        type: 'fault',
        node: 'hours',
        code: 'schedule',
        detail: 'the calendar office did not answer within 3000 ms',
      },
      entered('d'),
      hangup,
    ])
    expect(call.tell({ type: 'schedule.checked', request: 'schedule-1', state: 'open' })).toEqual([])
  })

  it('takes the calendar from the number plan', () => {
    const call = new Conversation(flow, { variables: { which: 'always' } })
    expect(call.first.at(0)).toEqual({ type: 'set', name: 'which', secret: false, value: 'always' })
    expect(call.first).toContainEqual({ ...asked, calendar: 'always' })
  })
})

describe('customer', () => {
  const flow = flowOf(
    `find: { type: customer, find: caller, found: greet, several: many, none: nobody, failed: broken }
greet: { type: play, prompt: { say: "Hello \${customer.name}" }, next: bye }
many: { type: hangup }\nnobody: { type: hangup }\nbroken: { type: hangup }${bye}`,
  )
  const ann = { id: 'c1', name: 'Ann', tier: 'key' }
  const found = (candidates: readonly (typeof ann)[], failed?: string): FlowInput => ({
    type: 'customer.found',
    request: 'customer-1',
    candidates,
    ...(failed !== undefined && { failed }),
  })

  it('is chosen when exactly one fits, and expressions know it from then on', () => {
    const call = new Conversation(flow)
    expect(call.first).toEqual([
      entered('find'),
      { type: 'customer.find', request: 'customer-1', by: 'caller' },
      timer('timer-2', 3000),
    ])
    expect(call.tell(found([ann]))).toEqual([
      { type: 'customer.chosen', customer: 'c1' },
      { type: 'timer.stop', timer: 'timer-2' },
      entered('greet'),
      { type: 'answer' },
    ])
    expect(call.answered()).toMatchObject([{ type: 'play', parts: [{ say: 'Hello Ann' }] }])
    expect(call.state.customer).toEqual({ ...ann, language: null, owner: null, account: null })
  })

  it('is unknown when several fit', () => {
    const call = new Conversation(flow)
    expect(call.tell(found([ann, { ...ann, id: 'c2' }]))).toContainEqual(entered('many'))
    expect(call.state.customer.id).toBeNull()
  })

  it('is nobody when nobody fits', () => {
    expect(new Conversation(flow).tell(found([]))).toContainEqual(entered('nobody'))
  })

  it('is not looked up for an anonymous caller', () => {
    expect(new Conversation(flow, { anonymous: true }).first).toEqual([
      entered('find'),
      entered('nobody'),
      hangup,
    ])
  })

  it('takes the failed exit when the look-up fails or takes too long', () => {
    expect(new Conversation(flow).tell(found([], 'no database'))).toEqual([
      { type: 'fault', node: 'find', code: 'customer', detail: 'no database' },
      { type: 'timer.stop', timer: 'timer-2' },
      entered('broken'),
      hangup,
    ])
    expect(new Conversation(flow).timer('timer-2')).toContainEqual(entered('broken'))
  })

  it('that was found too late is not taken for the answer of the next look-up', () => {
    const call = new Conversation(
      flowOf(
        `a: { type: customer, find: caller, found: bye, none: b }
b: { type: customer, find: number, value: "1", found: bye, none: bye }${bye}`,
      ),
    )
    expect(call.timer('timer-2')).toContainEqual(entered('b'))
    expect(call.tell(found([ann]))).toEqual([])
    expect(call.state.node).toBe('b')
  })

  it('is looked up by a value', () => {
    const byAccount = flowOf(
      `find: { type: customer, find: account, value: "A\${n}", found: bye, none: bye, timeout: 1s }${bye}`,
      'languages: [en]\nvariables: { n: { type: number, default: 7 } }',
    )
    expect(new Conversation(byAccount).first).toContainEqual({
      type: 'customer.find',
      request: 'customer-1',
      by: 'account',
      value: 'A7',
    })
  })
})

describe('hangup', () => {
  it('refuses a call that nothing has answered', () => {
    const call = new Conversation(flowOf('bye: { type: hangup }'))
    expect(call.first).toEqual([entered('bye'), hangup])
    expect(call.ended()).toEqual([])
  })

  it('answers without a prompt where it is told to', () => {
    const call = new Conversation(flowOf('bye: { type: hangup, answer: true }'))
    expect(call.first).toEqual([entered('bye'), { type: 'answer' }])
    expect(call.tell({ type: 'answered' })).toEqual([hangup])
  })

  it('with a prompt answers, plays it to its end and hangs up, even when it cannot be played', () => {
    const flow = flowOf('bye: { type: hangup, prompt: { audio: goodbye } }')
    const [call, first] = answered(flow)
    expect(first).toEqual([playing('play-1', 'goodbye', false)])
    expect(call.press('1')).toEqual([])
    expect(call.finished('play-1')).toEqual([hangup])
    const [silent] = answered(flow)
    expect(silent.tell({ type: 'play.failed', play: 'play-1', detail: 'missing' })).toEqual([
      { type: 'fault', node: 'bye', code: 'prompt', detail: 'missing' },
      hangup,
    ])
  })
})
