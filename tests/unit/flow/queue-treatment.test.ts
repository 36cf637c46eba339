import { describe, expect, it } from 'vitest'
import { flowOf } from './conversation.ts'
import { WaitingCaller } from './waiting-caller.ts'

const announce = `
  announce:
    every: 1m
    position:
      prompt: [{ audio: place }, { number: "\${queue.position}" }]
      front: { audio: you-are-next }
      limit: 10
      beyond: { audio: many }
    wait:
      prompt: [{ audio: within }, { duration: "\${queue.wait}" }]
      between: [{ audio: from }, { duration: "\${queue.waitFrom}" }, { audio: to }, { duration: "\${queue.wait}" }]
      longer: { audio: takes-longer }
      limit: 20m
      beyond: { audio: long }`
const comfort = `
  comfort: { first: 30s, every: 40s, prompts: [{ audio: comfort-1 }, { audio: comfort-2 }] }`

const queue = (keys = '', top?: string) =>
  flowOf(
    `wait:
  type: queue
  queue: billing
  music: calm
  prompt: { audio: hold }${keys}
bye: { type: hangup }
later: { type: play, prompt: { audio: later }, next: bye }`,
    top,
  )
const between = (fromMinutes: number, upToMinutes: number) =>
  ({ says: 'between', fromMs: fromMinutes * 60_000, upToMs: upToMinutes * 60_000 }) as const

function waiting(keys: string, status: WaitingCaller['status'] = {}): WaitingCaller {
  const caller = new WaitingCaller(queue(keys))
  caller.status = status
  return caller
}

describe('announcements', () => {
  it('follow the prompt, come again at their interval, and have music between them', () => {
    const caller = waiting(announce, { position: 3, wait: between(2, 4) })
    caller.wait(1.5)
    caller.status = { position: 2, wait: between(0, 3) }
    caller.wait(1)
    expect(caller.log).toEqual(['0:00 at wait', '0:00 hold', '0:02 place 2 within 3min'])
    caller.status = { position: 1, wait: between(0, 1) }
    caller.wait(120)
    expect(caller.log).toEqual([
      '0:10 music',
      '1:00 you-are-next within 1min',
      '1:06 music',
      '2:00 you-are-next within 1min',
    ])
  })

  it('say both ends of the estimate where the lower one is worth it', () => {
    const caller = waiting(announce, { wait: between(2, 4) })
    caller.wait(3)
    expect(caller.log.at(-1)).toBe('0:02 from 2min to 4min')
  })

  it('never say a place that is worse than one that was said', () => {
    const caller = waiting(announce, { position: 4 })
    const heard = (position: number) => {
      caller.status = { position }
      caller.wait(60)
      return caller.log.filter((entry) => !entry.endsWith('music'))
    }
    caller.wait(2)
    expect(caller.log.at(-1)).toBe('0:02 place 4')
    expect(heard(6)).toEqual([])
    expect(heard(4)).toEqual(['2:00 place 4'])
    expect(heard(2)).toEqual(['3:00 place 2'])
    expect(heard(3)).toEqual([])
  })

  it('keep the music going when there is nothing to say', () => {
    const caller = waiting(announce)
    caller.wait(200)
    expect(caller.log).toEqual(['0:00 at wait', '0:00 hold', '0:02 music'])
  })

  it('say places and waits beyond their limits in other words', () => {
    const caller = waiting(announce, { position: 11, wait: between(20, 25) })
    caller.wait(50)
    expect(caller.log).toContain('0:02 many long')
    caller.status = { position: 10, wait: { says: 'more-than', fromMs: 3_600_000 } }
    caller.wait(20)
    expect(caller.log).toContain('1:00 place 10 long')
  })

  it('say that it takes longer, and no figure, when the estimate has outgrown what was said', () => {
    const caller = waiting(announce, { wait: between(0, 4) })
    caller.wait(30)
    caller.status = { wait: { says: 'longer-than-expected' } }
    caller.wait(40)
    expect(caller.log.slice(2)).toEqual(['0:02 within 4min', '0:06 music', '1:00 takes-longer', '1:02 music'])
    expect(caller.call.state.queue).toMatchObject({ wait: 240, longer: true })
  })

  it('wait for their first time, and come once where they say so', () => {
    const once = announce.replace('every: 1m', 'first: 20s\n    every: 0s')
    const caller = waiting(once, { position: 3 })
    caller.wait(300)
    expect(caller.log).toEqual(['0:00 at wait', '0:00 hold', '0:02 music', '0:20 place 3', '0:24 music'])
  })

  it('are in the language of the caller', () => {
    const caller = new WaitingCaller(queue(announce, 'languages: [en, es]'), { language: 'es' })
    caller.status = { position: 3 }
    caller.wait(3)
    expect(caller.log).toEqual(['0:00 at wait', '0:00 es: hold', '0:02 es: place 3'])
  })

  it('begin at once where there is no prompt', () => {
    const flow = flowOf(
      `wait: { type: queue, queue: billing, music: calm, announce: { position: { prompt: { audio: hello } } } }`,
    )
    const caller = new WaitingCaller(flow)
    expect(caller.log).toEqual(['0:00 at wait', '0:00 music'])
    const told = new WaitingCaller(
      flowOf(
        `legal: { type: play, prompt: { audio: legal }, next: wait }
wait: { type: queue, queue: billing, music: calm, announce: { position: { prompt: { audio: hello } } } }`,
      ),
    )
    told.status = { position: 2 }
    told.wait(3)
    expect(told.log).toEqual(['0:00 at legal', '0:00 legal', '0:02 at wait', '0:02 hello'])
  })

  it('follow a prompt that cannot be worked out, which does not cost the place either', () => {
    const caller = new WaitingCaller(
      flowOf(
        `wait: { type: queue, queue: billing, music: calm, prompt: { number: "\${1 / queue.position}" }, failed: bye }
bye: { type: hangup }`,
      ),
    )
    caller.wait(1)
    expect(caller.log).toEqual(['0:00 at wait', expect.stringMatching(/^0:00 fault: .*zero/), '0:00 music'])
  })

  it('that cannot be worked out cost what was to be said, not the place', () => {
    const caller = waiting(announce.replace('${queue.position}', '${1 / (queue.position - 3)}'), {
      position: 3,
    })
    caller.wait(10)
    expect(caller.log.slice(2)).toEqual([expect.stringMatching(/^0:02 fault: .*zero/), '0:02 music'])
    expect(caller.call.state).toMatchObject({ node: 'wait', activity: { stage: 'waiting' } })
  })

  it('whose answer comes late are not said over something else', () => {
    const caller = waiting(`${announce}${comfort}`)
    const call = caller.call
    caller.wait(29)
    const request = call.tell({ type: 'timer', timer: call.state.activity.clocks['status'] ?? '' }).at(-1)
    caller.wait(1.5)
    expect(caller.log.at(-1)).toBe('0:30 comfort-1')
    if (request?.type !== 'queue.status') throw new Error('the status was not asked for')
    caller.status = { position: 5 }
    caller.tell({ type: 'queue.status', request: request.request, position: 6 })
    caller.wait(10)
    expect(caller.log).toEqual(['0:32 music', '0:37 place 5'])
  })
})

describe('comfort messages', () => {
  it('take turns, with music between them', () => {
    const caller = waiting(comfort)
    caller.wait(120)
    expect(caller.log).toEqual([
      '0:00 at wait',
      '0:00 hold',
      '0:02 music',
      '0:30 comfort-1',
      '0:32 music',
      '1:10 comfort-2',
      '1:12 music',
      '1:50 comfort-1',
      '1:52 music',
    ])
  })

  it('and announcements never come over each other: what is due later waits, and for some music', () => {
    const caller = waiting(`${announce}${comfort.replace('40s', '30s')}`, { position: 7 })
    caller.wait(125)
    expect(caller.log).toEqual([
      '0:00 at wait',
      '0:00 hold',
      '0:02 place 7',
      '0:06 music',
      '0:30 comfort-1',
      '0:32 music',
      '1:00 place 7',
      '1:04 music',
      '1:09 comfort-2',
      '1:11 music',
      '1:30 comfort-1',
      '1:32 music',
      '2:00 place 7',
      '2:04 music',
    ])
  })

  it('that cannot be played are passed over', () => {
    const caller = waiting(comfort)
    caller.wait(30.5)
    const { play } = caller.call.state.activity
    expect(caller.call.tell({ type: 'play.failed', play: play?.id ?? '', detail: 'missing' })).toEqual([
      { type: 'fault', node: 'wait', code: 'prompt', detail: 'missing' },
      { type: 'music.start', music: 'calm' },
      expect.objectContaining({ type: 'timer.start', ms: 5000 }),
    ])
  })
})

describe('an agent who answers', () => {
  it.each([
    ['the prompt', 1],
    ['an announcement', 3],
    ['the music', 20],
    ['a comfort message', 31],
    ['the pause after one', 34],
  ])('cuts %s at once, and nothing is said any more', (_, seconds) => {
    const caller = waiting(`${announce}${comfort}\n  timeout: 5m\n  timedOut: later`, { position: 3 })
    caller.wait(seconds)
    caller.agentAnswers()
    const { log } = caller
    caller.wait(600)
    expect(caller.log).toEqual([])
    expect(log.length).toBeGreaterThan(1)
    caller.leaves('done')
    expect(caller.log).toEqual([expect.stringMatching(/ hung up$/)])
  })

  it('and cannot be connected leaves the caller with music, and what was said is not said worse again', () => {
    const caller = waiting(announce, { position: 2 })
    caller.wait(30)
    caller.agentAnswers()
    caller.wait(5)
    expect(caller.log.at(-1)).toBe('0:06 music')
    caller.status = { position: 3 }
    caller.tell({ type: 'queue.returned' })
    caller.wait(65)
    expect(caller.log).toEqual(['0:35 music'])
    caller.status = { position: 1 }
    caller.wait(60)
    expect(caller.log).toEqual(['2:35 you-are-next', '2:37 music'])
  })
})

describe('the way out', () => {
  const exits = `
  timeout: 5m
  timedOut: late
  keys: { "1": one, any: other }
  unserved: unserved
  closed: closed
  nobodyLoggedIn: empty
  tooMany: full
  tooLong: long
  overflowed: overflowed
  calledBack: later`
  const nodes = ['late', 'one', 'other', 'unserved', 'closed', 'empty', 'full', 'long', 'overflowed']
  const reasons = 'languages: [en]\nvariables: { why: { type: string }, key: { type: string } }'
  const told = (keys: string) =>
    new WaitingCaller(
      flowOf(
        `wait:
  type: queue
  queue: billing
  music: calm${keys}
${nodes.map((node) => `${node}: { type: set, values: { why: "\${queue.reason}", key: "\${queue.key}" }, next: bye }`).join('\n')}
bye: { type: hangup }
later: { type: set, values: { why: "\${queue.reason}" }, next: bye }`,
        reasons,
      ),
    )

  it.each([
    ['unserved', 'unserved'],
    ['closed', 'closed'],
    ['nobody-logged-in', 'empty'],
    ['too-many', 'full'],
    ['too-long', 'long'],
    ['overflowed', 'overflowed'],
    ['callback', 'later'],
  ] as const)('has an exit when the queue says %s, and the reason in queue.reason', (reason, node) => {
    const caller = told(exits)
    caller.leaves(reason)
    expect(caller.log).toContain(`0:00 at ${node}`)
    expect(caller.call.state.variables['why']).toBe(reason)
  })

  it('has one for the time-out, and for keys', () => {
    const late = told(exits)
    late.wait(301)
    expect(late.log).toContain('5:00 at late')
    expect(late.call.state.variables).toMatchObject({ why: 'timeout', key: '' })
    const one = told(exits)
    one.press('1')
    expect(one.log).toContain('0:00 at one')
    expect(one.call.state.variables).toMatchObject({ why: 'key', key: '1' })
    const other = told(exits)
    other.press('7')
    expect(other.call.state.variables).toMatchObject({ why: 'key', key: '7' })
  })

  it.each(['closed', 'nobody-logged-in', 'too-many', 'too-long', 'overflowed'] as const)(
    'without an exit for %s it is the one for unserved',
    (reason) => {
      const caller = new WaitingCaller(queue('\n  unserved: later'))
      caller.leaves(reason)
      expect(caller.log).toContain('0:00 at later')
    },
  )

  it('without any exit it is a fault that says why', () => {
    const caller = new WaitingCaller(queue())
    caller.leaves('too-many')
    expect(caller.log.slice(2)).toEqual(['0:00 fault: too many callers wait', '0:00 cut', '0:00 hung up'])
  })

  it('is not taken for what happened in the queue before', () => {
    const caller = new WaitingCaller(
      flowOf(`first: { type: queue, queue: a, closed: second, unserved: bye }
second: { type: queue, queue: b, unserved: bye }
bye: { type: hangup }`),
    )
    caller.leaves('closed')
    expect(caller.call.state).toMatchObject({ node: 'second', queue: { reason: '' } })
  })

  it('of queues that send a caller round and round ends', () => {
    const caller = new WaitingCaller(
      flowOf(`first: { type: queue, queue: a, closed: second }
second: { type: switch, cases: [{ when: "queue.reason == 'closed'", next: third }], otherwise: third }
third: { type: play, prompt: { audio: sorry }, next: first }`),
    )
    for (let i = 0; i < 5; i++) {
      caller.leaves('closed')
      caller.wait(3)
    }
    expect(caller.call.state.node).toBe('first')
  })
})
