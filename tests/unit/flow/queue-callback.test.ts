import { describe, expect, it } from 'vitest'
import type { FlowStart } from '../../../src/flow/state.ts'
import { flowOf } from './conversation.ts'
import { WaitingCaller } from './waiting-caller.ts'

const flow = (more = '') =>
  flowOf(`wait:
  type: queue
  queue: billing
  music: calm
  announce:
    first: 1m
    wait: { prompt: [{ audio: within }, { duration: "\${queue.wait}" }], longer: { audio: takes-longer } }
  callback:
    key: "2"
    offer: { audio: offer }
    above: 3m
    confirm: [{ audio: call-you-at }, { digits: "\${queue.callback}" }]
    ask: { audio: type-number }
    refused: { audio: sorry }
    minDigits: 4
    maxDigits: 10${more}
  calledBack: thanks
  keys: { "*": bye }
thanks: { type: play, prompt: [{ audio: thanks }, { digits: "\${queue.callback}" }], next: bye }
bye: { type: hangup }`)

function waiting(callback: WaitingCaller['callback'], start: Partial<FlowStart> = {}): WaitingCaller {
  const caller = new WaitingCaller(flow(), { from: '+12025550123', ...start })
  caller.callback = callback
  caller.wait(10)
  expect(caller.log).toEqual(['0:00 at wait', '0:00 music'])
  return caller
}

describe('a call back', () => {
  it.each([
    ['the wait is long', { says: 'between', fromMs: 0, upToMs: 180_000 }, 'within 3min offer'],
    ['it takes longer than said', { says: 'longer-than-expected' }, 'takes-longer offer'],
    ['nothing is known of the wait', undefined, 'offer'],
    ['the wait is short', { says: 'between', fromMs: 0, upToMs: 120_000 }, 'within 2min'],
  ] as const)('is offered where %s', (_, wait, said) => {
    const caller = new WaitingCaller(flow())
    caller.status = wait ? { wait } : {}
    caller.wait(61)
    expect(caller.log).toContain(`1:00 ${said}`)
  })

  it('is arranged with the number that calls, read back, and leads out of the queue', () => {
    const caller = waiting('accepted')
    caller.press('2')
    caller.wait(5)
    caller.press('1')
    expect(caller.log).toEqual([
      '0:10 call-you-at 12025550123',
      '0:15 callback agent-first +12025550123',
      '0:15 at thanks',
      '0:15 thanks 12025550123',
    ])
    expect(caller.call.state.queue.reason).toBe('callback')
  })

  it('is confirmed before its question is over', () => {
    const caller = waiting('accepted')
    caller.press('21')
    expect(caller.log.slice(1, 3)).toEqual(['0:10 cut', '0:10 callback agent-first +12025550123'])
  })

  it('is arranged with another number: typed with #, read back, and typed again where it was wrong', () => {
    const caller = waiting('accepted')
    caller.press('22')
    caller.wait(3)
    caller.press('5550199#')
    caller.wait(1)
    caller.press('2')
    caller.press('2025550177#')
    caller.wait(5)
    caller.press('1')
    expect(caller.log).toEqual([
      '0:10 call-you-at 12025550123',
      '0:10 cut',
      '0:10 type-number',
      '0:13 call-you-at 5550199',
      '0:14 cut',
      '0:14 type-number',
      '0:14 cut',
      '0:14 call-you-at 2025550177',
      '0:14 call-you-at 2025550177', // again after a # too many
      '0:19 callback agent-first 2025550177',
      '0:19 at thanks',
      '0:19 thanks 2025550177',
    ])
  })

  it.each([
    ['is withheld', { anonymous: true }],
    ['is no number', { from: 'alice' }],
  ])('of a caller whose number %s begins with the question for one', (_, start) => {
    const caller = waiting('accepted', start)
    caller.press('2')
    expect(caller.log).toEqual(['0:10 type-number'])
    caller.press('20255')
    caller.wait(4)
    expect(caller.log).toEqual(['0:10 cut', '0:13 call-you-at 20255'])
  })

  it('that nobody answers is asked for three times, and then the caller waits on', () => {
    const caller = waiting('accepted')
    caller.press('2')
    caller.wait(40)
    expect(caller.log).toEqual([
      '0:10 call-you-at 12025550123',
      '0:19 call-you-at 12025550123',
      '0:28 call-you-at 12025550123',
      '0:37 music',
    ])
    expect(caller.call.state).toMatchObject({ activity: { stage: 'waiting' }, queue: { callback: '' } })
  })

  it('is given up with *, which does not leave the queue', () => {
    const caller = waiting('accepted')
    caller.press('2*')
    expect(caller.log).toEqual(['0:10 call-you-at 12025550123', '0:10 cut', '0:10 music'])
    caller.press('*')
    expect(caller.log).toEqual(['0:10 at bye', '0:10 hung up'])
  })

  it('that cannot be is refused, and the caller waits on in the same place', () => {
    const caller = waiting('not-possible')
    caller.press('21')
    caller.wait(60)
    expect(caller.log.slice(2)).toEqual([
      '0:10 callback agent-first +12025550123',
      '0:10 sorry',
      '0:12 music',
      '1:00 offer',
      '1:02 music',
    ])
    expect(caller.effects.filter(({ type }) => type === 'queue.leave' || type === 'queue.join')).toHaveLength(
      1,
    )
  })

  it('that the queue says nothing to is refused after a while; an answer that comes then counts still', () => {
    const caller = waiting(undefined)
    caller.press('21')
    caller.wait(8)
    expect(caller.log.slice(2)).toEqual([
      '0:10 callback agent-first +12025550123',
      '0:15 sorry',
      '0:17 music',
    ])
    const { request } = caller.call.state.activity
    caller.tell({ type: 'callback.refused', request: request ?? '', reason: 'bad-number' })
    expect(caller.log).toEqual([])
    caller.leaves('callback')
    expect(caller.log[0]).toBe('0:18 at thanks')
  })

  it('to a number that nobody can call asks for another one, three times in all', () => {
    const caller = waiting('bad-number')
    caller.press('21')
    expect(caller.log.at(-1)).toBe('0:10 type-number')
    caller.press('0000#1')
    expect(caller.log.at(-1)).toBe('0:10 type-number')
    caller.press('0001#1')
    expect(caller.log.at(-1)).toBe('0:10 sorry')
  })

  it('is over when an agent answers meanwhile', () => {
    for (const keys of ['2', '22', '22123', '21']) {
      const caller = waiting(undefined)
      caller.press(keys)
      caller.agentAnswers()
      caller.press('1')
      caller.leaves('done')
      expect(caller.log.at(-1)).toBe('0:10 hung up')
    }
  })

  it('is not cut short by the longest wait, nor by announcements', () => {
    const caller = new WaitingCaller(flow('\n  timeout: 1m\n  timedOut: bye'))
    caller.wait(58)
    caller.press('22')
    caller.wait(4)
    caller.press('123')
    expect(caller.log).toEqual([
      '0:00 at wait',
      '0:00 music',
      '0:58 call-you-at 12025550123',
      '0:58 cut',
      '0:58 type-number',
    ])
    caller.press('*')
    expect(caller.log).toEqual(['1:02 at bye', '1:02 hung up'])
  })

  it('ends a number at its last digit; a # that comes after it is no answer', () => {
    const caller = waiting('accepted')
    caller.press('222025550177')
    expect(caller.log.at(-1)).toBe('0:10 call-you-at 2025550177')
    caller.press('#')
    expect(caller.log).toEqual(['0:10 call-you-at 2025550177'])
    caller.press('1')
    expect(caller.log).toContain('0:10 callback agent-first 2025550177')
  })
})
