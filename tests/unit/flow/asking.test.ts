import { describe, expect, it } from 'vitest'
import { answered, Conversation, entered, flowOf, playing } from './conversation.ts'

const bye = '\nbye: { type: hangup }\nlost: { type: hangup }'
const menu = (keys = '') =>
  flowOf(
    `ask: { type: menu, prompt: { audio: menu }, choices: { "1": bye, "#": bye }, noInputPrompt: { audio: silent }, noMatchPrompt: { audio: wrong }, attempts: 2, otherwise: lost${keys} }${bye}`,
  )
const gather = (keys: string, type = 'string', next = 'bye') =>
  flowOf(
    `ask: { type: gather, prompt: { audio: number }, variable: number, attempts: 2, next: ${next}, otherwise: lost, ${keys} }${bye}
second: { type: menu, prompt: { audio: second }, choices: { "2": bye }, otherwise: lost }`,
    `languages: [en]\nvariables: { number: { type: ${type} } }`,
  )
const hangup = { type: 'hangup', outcome: 'completed' }

describe('menu', () => {
  it('answers the call before it speaks', () => {
    const call = new Conversation(menu())
    expect(call.first).toEqual([entered('ask'), { type: 'answer' }])
    expect(call.answered()).toEqual([playing('play-1', 'menu')])
  })

  it('is cut by the first key and goes where it leads', () => {
    const [call] = answered(menu())
    expect(call.press('1')).toEqual([{ type: 'play.stop', play: 'play-1' }, entered('bye'), hangup])
  })

  it('waits for a key once the prompt is over', () => {
    const [call] = answered(menu(', timeout: 7s'))
    expect(call.finished('play-1')).toEqual([{ type: 'timer.start', timer: 'timer-2', ms: 7000 }])
    expect(call.press('1')).toEqual([{ type: 'timer.stop', timer: 'timer-2' }, entered('bye'), hangup])
  })

  it('says that nothing was pressed, asks again, and gives up after the last attempt', () => {
    const [call] = answered(menu())
    call.finished('play-1')
    expect(call.timer('timer-2')).toEqual([playing('play-3', 'silent menu')])
    call.finished('play-3')
    expect(call.timer('timer-4')).toEqual([entered('lost'), hangup])
  })

  it('forgets what was pressed after a wrong key', () => {
    const [call] = answered(menu(', interruptible: false'))
    call.press('91')
    expect(call.finished('play-1')).toEqual([playing('play-2', 'wrong menu', false)])
    expect(call.finished('play-2')).toEqual([{ type: 'timer.start', timer: 'timer-3', ms: 5000 }])
  })

  it('says that the key was wrong', () => {
    const [call] = answered(menu())
    expect(call.press('9')).toEqual([{ type: 'play.stop', play: 'play-1' }, playing('play-2', 'wrong menu')])
    expect(call.press('8')).toEqual([{ type: 'play.stop', play: 'play-2' }, entered('lost'), hangup])
  })

  it('has exits of its own for silence and for wrong keys', () => {
    const flow = flowOf(
      `ask: { type: menu, prompt: { audio: menu }, choices: { "1": bye }, attempts: 1, noInput: silent, noMatch: lost }${bye}\nsilent: { type: hangup }`,
    )
    const [silent] = answered(flow)
    silent.finished('play-1')
    expect(silent.timer('timer-2')).toContainEqual(entered('silent'))
    const [wrong] = answered(flow)
    expect(wrong.press('2')).toContainEqual(entered('lost'))
  })

  it('uses a key that was pressed in an earlier prompt and plays nothing then', () => {
    const flow = flowOf(
      `legal: { type: play, prompt: { audio: legal }, interruptible: false, next: ask }
ask: { type: menu, prompt: { audio: menu }, choices: { "1": bye }, otherwise: lost }${bye}`,
    )
    const [call, first] = answered(flow)
    expect(first).toEqual([playing('play-1', 'legal', false)])
    expect(call.press('1')).toEqual([])
    expect(call.finished('play-1')).toEqual([entered('ask'), entered('bye'), hangup])
  })

  it('with `flush` forgets the keys that were pressed before', () => {
    const flow = flowOf(
      `legal: { type: play, prompt: { audio: legal }, interruptible: false, next: ask }
ask: { type: menu, prompt: { audio: menu }, choices: { "1": bye }, otherwise: lost, flush: true }${bye}`,
    )
    const [call] = answered(flow)
    call.press('1')
    expect(call.finished('play-1')).toEqual([entered('ask'), playing('play-2', 'menu')])
  })

  it('that may not be interrupted is heard to its end, and takes the key then', () => {
    const [call] = answered(menu(', interruptible: false'))
    expect(call.press('1')).toEqual([])
    expect(call.finished('play-1')).toEqual([entered('bye'), hangup])
  })

  it('ignores what was cut: its ending and old timers change nothing', () => {
    const [call] = answered(menu())
    call.press('9')
    expect(call.tell({ type: 'played', play: 'play-1', reason: 'interrupted' })).toEqual([])
    expect(call.timer('timer-1')).toEqual([])
  })

  it('whose prompt cannot be played takes the failed exit', () => {
    const [call] = answered(menu(', failed: lost'))
    expect(call.tell({ type: 'play.failed', play: 'play-1', detail: 'menu.wav is missing' })).toEqual([
      { type: 'fault', node: 'ask', code: 'prompt', detail: 'menu.wav is missing' },
      entered('lost'),
      hangup,
    ])
  })
})

describe('gather', () => {
  const set = (value: string | number) => ({ type: 'set', name: 'number', secret: false, value })

  it('ends with the terminator, which is no part of the entry', () => {
    const [call] = answered(gather(''))
    expect(call.press('42')).toEqual([
      { type: 'play.stop', play: 'play-1' },
      { type: 'timer.start', timer: 'timer-2', ms: 3000 },
      { type: 'timer.stop', timer: 'timer-2' },
      { type: 'timer.start', timer: 'timer-3', ms: 3000 },
    ])
    expect(call.press('#')).toEqual([
      { type: 'timer.stop', timer: 'timer-3' },
      set('42'),
      entered('bye'),
      hangup,
    ])
  })

  it('ends with the last digit that fits', () => {
    const [call] = answered(gather('maxDigits: 3'))
    expect(call.press('007').slice(-3)).toEqual([set('007'), entered('bye'), hangup])
  })

  it('ends when the next digit takes too long', () => {
    const [call] = answered(gather('digitTimeout: 2s'))
    expect(call.press('4')).toContainEqual({ type: 'timer.start', timer: 'timer-2', ms: 2000 })
    expect(call.timer('timer-2')).toEqual([set('4'), entered('bye'), hangup])
  })

  it('asks again after too few digits, with an empty entry', () => {
    const [call] = answered(gather('minDigits: 3, noMatchPrompt: { audio: short }'))
    expect(call.press('12#').at(-1)).toEqual(playing('play-4', 'short number'))
    expect(call.press('123#').slice(-3)).toEqual([set('123'), entered('bye'), hangup])
  })

  it('takes only what fits the pattern as a whole', () => {
    const [call] = answered(gather('pattern: "[1-9][0-9]", noMatchPrompt: { audio: wrong }'))
    expect(call.press('123#').at(-1)).toEqual(playing('play-5', 'wrong number'))
    expect(call.press('12#').at(-3)).toEqual(set('12'))
  })

  it('gives up after the last attempt', () => {
    const [call] = answered(gather(''))
    call.finished('play-1')
    expect(call.timer('timer-2')).toEqual([playing('play-3', 'number')])
    call.finished('play-3')
    expect(call.timer('timer-4')).toEqual([entered('lost'), hangup])
  })

  it('takes the terminator alone only where no digit is needed', () => {
    const [needed] = answered(gather(''))
    expect(needed.press('#').at(-1)).toEqual(playing('play-2', 'number'))
    const [optional] = answered(gather('minDigits: 0'))
    expect(optional.press('#')).toContainEqual(set(''))
  })

  it('without a terminator takes # as a digit', () => {
    const [call] = answered(gather('terminator: none, maxDigits: 2'))
    expect(call.press('1#')).toContainEqual(set('1#'))
  })

  it('fills a number variable with a number, and asks again for what is none', () => {
    const [call] = answered(gather('maxDigits: 4', 'number'))
    expect(call.press('1*34').at(-1)).toMatchObject({ type: 'play' })
    expect(call.press('0042')).toContainEqual(set(42))
  })

  it('is skipped when the whole entry was pressed ahead, and leaves the rest to the next node', () => {
    const [call] = answered(
      flowOf(
        `legal: { type: play, prompt: { audio: legal }, interruptible: false, next: ask }
ask: { type: gather, prompt: { audio: number }, variable: number, maxDigits: 2, next: second, otherwise: bye }
second: { type: menu, prompt: { audio: second }, choices: { "2": bye }, otherwise: bye }
bye: { type: hangup }`,
        'languages: [en]\nvariables: { number: { type: string } }',
      ),
    )
    call.press('12#2')
    expect(call.finished('play-1')).toEqual([
      entered('ask'),
      set('12'),
      entered('second'),
      entered('bye'),
      hangup,
    ])
  })

  describe('a terminator out of habit, after the last digit', () => {
    it('does not reach the next node: its prompt, cut at the backend, begins again', () => {
      const [call] = answered(gather('maxDigits: 2', 'string', 'second'))
      expect(call.press('12').slice(-2)).toEqual([entered('second'), playing('play-3', 'second')])
      expect(call.press('#')).toEqual([playing('play-4', 'second')])
      expect(call.press('2')).toContainEqual(entered('bye'))
    })

    it('is a wrong key once the prompt has been heard', () => {
      const [call] = answered(gather('maxDigits: 2', 'string', 'second'))
      call.press('12')
      call.finished('play-3')
      expect(call.press('#').at(-1)).toEqual(playing('play-5', 'second'))
      expect(call.state.activity.attempt).toBe(2)
    })

    it('is a choice where the menu has it', () => {
      const flow = flowOf(
        `ask: { type: gather, prompt: { audio: number }, variable: number, maxDigits: 1, next: second, otherwise: bye }
second: { type: menu, prompt: { audio: second }, choices: { "#": bye }, otherwise: ask }
bye: { type: hangup }`,
        'languages: [en]\nvariables: { number: { type: string } }',
      )
      const [call] = answered(flow)
      call.press('1')
      expect(call.press('#')).toContainEqual(entered('bye'))
    })
  })

  it('with `secret` never shows the value', () => {
    const [call] = answered(gather('secret: true, maxDigits: 4'))
    expect(call.press('1234')).toContainEqual({ type: 'set', name: 'number', secret: true })
    expect(call.state.variables).toEqual({ number: '1234' })
  })
})
