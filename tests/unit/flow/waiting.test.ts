import { describe, expect, it } from 'vitest'
import type { FlowInput } from '../../../src/flow/inputs.ts'
import { answered, Conversation, entered, flowOf, playing } from './conversation.ts'

const bye = '\nbye: { type: hangup }\nlater: { type: hangup }'
const hangup = { type: 'hangup', outcome: 'completed' }
const left = (reason: 'done' | 'unserved' | 'left'): FlowInput => ({ type: 'queue.left', reason })

describe('queue', () => {
  const queue = (keys = '') =>
    flowOf(`wait: { type: queue, queue: billing, music: calm, prompt: { audio: hold }${keys} }${bye}`)
  const join = { type: 'queue.join', queue: 'billing', skills: {}, priority: 5, language: 'en' }

  it('gives the caller a place at once, then plays the prompt, then music', () => {
    const call = new Conversation(queue())
    expect(call.first).toEqual([entered('wait'), { type: 'answer' }])
    expect(call.answered()).toEqual([join, playing('play-1', 'hold', false)])
    expect(call.finished('play-1')).toEqual([{ type: 'music.start', music: 'calm' }])
  })

  it('stops everything when an agent has answered, and hangs up when the talk is over', () => {
    const [call] = answered(queue(', timeout: 10m, timedOut: later'))
    expect(call.tell({ type: 'queue.connected', agent: 'ana' })).toEqual([
      { type: 'play.stop', play: 'play-1' },
      { type: 'timer.stop', timer: 'timer-2' },
    ])
    expect(call.press('1')).toEqual([])
    expect(call.tell(left('done'))).toEqual([hangup])
  })

  it('stops the music when an agent has answered, and goes on after the talk', () => {
    const [call] = answered(queue(', next: later'))
    call.finished('play-1')
    expect(call.tell({ type: 'queue.connected', agent: 'ana' })).toEqual([{ type: 'music.stop' }])
    call.press('12')
    expect(call.tell(left('done'))).toEqual([entered('later'), hangup])
    expect(call.state.digits).toBe('')
  })

  it('waits on, with music and all its time, when the agent who answered could not be connected', () => {
    const [call] = answered(queue(', timeout: 10m, timedOut: later, keys: { "*": later }'))
    call.tell({ type: 'queue.connected', agent: 'ana' })
    expect(call.tell({ type: 'queue.returned' })).toEqual([
      { type: 'timer.start', timer: 'timer-3', ms: 600_000 },
      { type: 'music.start', music: 'calm' },
    ])
    expect(call.press('*')).toContainEqual({ type: 'queue.leave' })
  })

  it('works out skills, named agent and priority', () => {
    const flow = flowOf(
      `find: { type: customer, find: caller, found: wait, none: wait }
wait:
  type: queue
  queue: "\${team}"
  skills: { billing: 3, "\${language}": 1, gold: "\${customer.tier == 'key' ? 12 : 0}" }
  agent: "\${customer.owner}"
  priority: "\${customer.tier == 'key' ? 0 : 5}"`,
      'languages: [en]\nvariables: { team: { type: string, default: billing } }',
    )
    const known = new Conversation(flow)
    const ann = { id: 'c1', name: 'Ann', tier: 'key', owner: 'ana' }
    known.tell({ type: 'customer.found', request: 'customer-1', candidates: [ann] })
    expect(known.answered()).toEqual([
      { ...join, skills: { billing: 3, en: 1, gold: 10 }, agent: 'ana', priority: 1 },
    ])
    const unknown = new Conversation(flow, { anonymous: true })
    expect(unknown.answered()).toEqual([{ ...join, skills: { billing: 3, en: 1 } }])
  })

  it('is left when the time is over: the exit is taken once the queue has let the caller go', () => {
    const [call, first] = answered(queue(', timeout: 1m, timedOut: later'))
    expect(first.at(-1)).toEqual({ type: 'timer.start', timer: 'timer-2', ms: 60_000 })
    call.finished('play-1')
    expect(call.timer('timer-2')).toEqual([{ type: 'music.stop' }, { type: 'queue.leave' }])
    expect(call.tell(left('left'))).toEqual([entered('later'), hangup])
  })

  it('is left by a key; others do nothing', () => {
    const [call] = answered(queue(', keys: { "*": later }'))
    expect(call.press('1')).toEqual([])
    expect(call.press('*')).toEqual([{ type: 'play.stop', play: 'play-1' }, { type: 'queue.leave' }])
    expect(call.press('*')).toEqual([])
    expect(call.tell(left('left'))).toEqual([entered('later'), hangup])
  })

  it('is left by any key where `any` says so', () => {
    const [call] = answered(queue(', keys: { any: later, "2": bye }'))
    call.press('7')
    expect(call.tell(left('left'))).toContainEqual(entered('later'))
  })

  it('is not left by keys that were pressed ahead', () => {
    const flow = flowOf(
      `legal: { type: play, prompt: { audio: legal }, next: wait }
wait: { type: queue, queue: billing, keys: { any: bye } }${bye}`,
    )
    const [call] = answered(flow)
    expect(call.press('1')).toEqual([{ type: 'play.stop', play: 'play-1' }, entered('wait'), join])
  })

  it('knows only the keys that are pressed in it', () => {
    const flow = flowOf(
      `legal: { type: play, prompt: { audio: legal }, next: wait }
wait: { type: queue, queue: billing, keys: { "*": bye } }${bye}`,
    )
    const [call] = answered(flow)
    call.press('1')
    expect(call.press('*')).toEqual([{ type: 'queue.leave' }])
  })

  it('is not left by a key during the talk', () => {
    const [call] = answered(queue(', keys: { "*": later }'))
    call.tell({ type: 'queue.connected', agent: 'ana' })
    expect(call.press('*')).toEqual([])
    expect(call.tell(left('done'))).toEqual([hangup])
  })

  it('stays connected when an agent answers while the caller is leaving', () => {
    const [call] = answered(queue(', keys: { "*": later }'))
    call.press('*')
    expect(call.tell({ type: 'queue.connected', agent: 'ana' })).toEqual([])
    expect(call.tell(left('done'))).toEqual([hangup])
  })

  it('takes its exit when nobody can ever serve the caller', () => {
    const [call] = answered(queue(', unserved: later'))
    expect(call.tell(left('unserved'))).toEqual([
      { type: 'play.stop', play: 'play-1' },
      entered('later'),
      hangup,
    ])
    const [lost] = answered(queue())
    expect(lost.tell(left('unserved'))).toEqual([
      { type: 'fault', node: 'wait', code: 'queue', detail: 'nobody can serve the caller' },
      { type: 'play.stop', play: 'play-1' },
      { type: 'hangup', outcome: 'failed' },
    ])
  })

  it('plays music when its prompt cannot be played: the caller keeps the place', () => {
    const [call] = answered(queue())
    expect(call.tell({ type: 'play.failed', play: 'play-1', detail: 'missing' })).toEqual([
      { type: 'fault', node: 'wait', code: 'prompt', detail: 'missing' },
      { type: 'music.start', music: 'calm' },
    ])
  })

  it('leaves the end of a caller who hangs up to the queue', () => {
    const [call] = answered(queue(', timeout: 1m, timedOut: later'))
    expect(call.ended()).toEqual([{ type: 'timer.stop', timer: 'timer-2' }])
  })
})

describe('voicemail', () => {
  const flow = flowOf(
    `box: { type: voicemail, mailbox: main, prompt: { audio: greeting }, minLength: 2s, silence: 4s, maxLength: 1m, next: bye, empty: later, failed: later }${bye}`,
  )
  const start = {
    type: 'record.start',
    recording: 'recording-3',
    mailbox: 'main',
    maxMs: 60_000,
    silenceMs: 4000,
    stopDigits: '#',
  }
  const keep = { type: 'voicemail.keep', recording: 'recording-3', mailbox: 'main' }
  type Reason = Extract<FlowInput, { type: 'recorded' }>['reason']
  const recorded = (durationMs: number, reason: Reason): FlowInput => ({
    type: 'recorded',
    recording: 'recording-3',
    durationMs,
    reason,
  })
  const recording = () => {
    const [call, first] = answered(flow)
    expect(first).toEqual([playing('play-1', 'greeting')])
    expect(call.finished('play-1')).toEqual([playing('play-2', 'beep', false)])
    expect(call.finished('play-2')).toEqual([start])
    return call
  }

  it('plays greeting and beep, records, keeps the message and goes on', () => {
    expect(recording().tell(recorded(9000, 'max-length'))).toEqual([
      keep,
      entered('bye'),
      { type: 'hangup', outcome: 'voicemail' },
    ])
  })

  it('skips the greeting at a key, not the beep', () => {
    const [call] = answered(flow)
    expect(call.press('1')).toEqual([{ type: 'play.stop', play: 'play-1' }, playing('play-2', 'beep', false)])
    expect(call.press('1')).toEqual([])
  })

  it('ends with #, which does not reach the next node', () => {
    const call = recording()
    expect(call.press('#')).toEqual([])
    expect(call.tell(recorded(5000, 'digit'))).toEqual([
      keep,
      entered('bye'),
      { type: 'hangup', outcome: 'voicemail' },
    ])
    expect(call.state.digits).toBe('')
  })

  it('and # told after the recording is not taken for a key of the next node', () => {
    const again = flowOf(
      `box: { type: voicemail, mailbox: main, beep: false, next: ask }
ask: { type: menu, prompt: { audio: more }, choices: { "1": box }, noMatchPrompt: { audio: wrong }, otherwise: bye }${bye}`,
    )
    const ended: FlowInput = { type: 'recorded', recording: 'recording-1', durationMs: 9000, reason: 'digit' }
    const [late] = answered(again)
    expect(late.tell(ended)).toContainEqual(playing('play-2', 'more'))
    expect(late.press('#')).toEqual([playing('play-3', 'more')])
    const [early] = answered(again)
    early.press('#')
    early.tell(ended)
    expect(early.press('#')).toEqual([{ type: 'play.stop', play: 'play-2' }, playing('play-3', 'wrong more')])
  })

  it('keeps the message of a caller who hangs up after speaking', () => {
    const call = recording()
    expect(call.tell(recorded(2000, 'hangup'))).toEqual([keep])
    expect(call.ended()).toEqual([])
  })

  it('keeps nothing of a caller who hangs up at once', () => {
    expect(recording().tell(recorded(1999, 'hangup'))).toEqual([])
  })

  it('does not take silence for a message', () => {
    expect(recording().tell(recorded(5999, 'silence'))).toEqual([entered('later'), hangup])
    expect(recording().tell(recorded(6000, 'silence'))).toContainEqual(keep)
  })

  it('takes the failed exit when it cannot record', () => {
    expect(
      recording().tell({ type: 'record.failed', recording: 'recording-3', detail: 'disk full' }),
    ).toEqual([
      { type: 'fault', node: 'box', code: 'recording', detail: 'disk full' },
      entered('later'),
      hangup,
    ])
  })

  it('records although greeting and beep are missing', () => {
    const [call] = answered(flow)
    call.tell({ type: 'play.failed', play: 'play-1', detail: 'missing' })
    expect(call.tell({ type: 'play.failed', play: 'play-2', detail: 'missing' }).at(-1)).toEqual(start)
  })
})

describe('transfer', () => {
  const flow = flowOf(
    `out: { type: transfer, to: "sip:\${who}@example.com", prompt: { audio: moment }, music: calm, ringTime: 20s, busy: bye, noAnswer: later, failed: broken }
broken: { type: hangup }${bye}`,
    'languages: [en]\nvariables: { who: { type: string, default: duty } }',
  )
  const ended = (result: 'completed' | 'busy' | 'no-answer' | 'failed'): FlowInput => ({
    type: 'transfer.ended',
    request: 'transfer-2',
    result,
  })
  const ringing = () => {
    const [call, first] = answered(flow)
    expect(first).toEqual([playing('play-1', 'moment', false)])
    expect(call.finished('play-1')).toEqual([
      { type: 'music.start', music: 'calm' },
      { type: 'transfer', request: 'transfer-2', to: 'sip:duty@example.com', ringMs: 20_000 },
    ])
    return call
  }

  it('ends as transferred when the talk is over', () => {
    expect(ringing().tell(ended('completed'))).toEqual([
      { type: 'music.stop' },
      { type: 'hangup', outcome: 'transferred' },
    ])
  })

  it('has an exit for each failure', () => {
    expect(ringing().tell(ended('busy'))).toEqual([{ type: 'music.stop' }, entered('bye'), hangup])
    expect(ringing().tell(ended('no-answer'))).toEqual([{ type: 'music.stop' }, entered('later'), hangup])
    expect(ringing().tell(ended('failed'))).toEqual([
      { type: 'fault', node: 'out', code: 'transfer', detail: 'failed' },
      { type: 'music.stop' },
      entered('broken'),
      hangup,
    ])
  })

  it('forgets keys that are pressed during the talk', () => {
    const call = ringing()
    call.press('12')
    expect(call.state.digits).toBe('')
  })

  it('to something that is no SIP URI is a fault', () => {
    const [call] = answered(
      flowOf(`out: { type: transfer, to: "\${customer.name}", failed: bye }\nbye: { type: hangup }`),
    )
    expect(call.state.node).toBe('bye')
  })
})
