import { expect } from 'vitest'
import type { EndCause } from '../../../src/call/call.ts'
import type { RejectCause } from '../../../src/call/commands.ts'
import type { Cases } from './cases.ts'

const causes: Readonly<Record<RejectCause, EndCause>> = {
  'not-found': 'not-found',
  'not-allowed': 'not-allowed',
  overloaded: 'overloaded',
  busy: 'busy',
  rejected: 'rejected',
  unavailable: 'no-answer',
}

const rejections: Cases = Object.fromEntries(
  Object.entries(causes).map(([cause, ends]) => [
    `reject as ${cause} ends the call as ${ends}, and tells the caller`,
    async (scene) => {
      const { call, far } = await scene.offered()
      const ending = await scene.ending({ type: 'reject', call, cause: cause as RejectCause })
      expect(ending).toMatchObject({ type: 'call.ended', call, cause: ends, by: 'local' })
      await scene.isOver(far)
    },
  ]),
)

export const calling: Cases = {
  'a call is offered with who calls and what was dialled': async (scene) => {
    const { call } = await scene.offered('101')
    expect(await scene.event('call.offered', call)).toMatchObject({
      from: { number: expect.stringMatching(/^55501/), uri: expect.stringContaining('sip:') },
      to: { number: '101' },
    })
  },
  'answer ends in call.answered, and the caller talks': async (scene) => {
    const { call, far } = await scene.offered()
    expect(far.state()).toBe('ringing')
    const id = scene.order({ type: 'answer', call })
    expect(await scene.endingOf(id)).toEqual({ type: 'call.answered', call, command: id })
    await scene.until('the caller talks', () => far.state() === 'talking')
  },
  'answering twice is a wrong state': async (scene) => {
    const { call } = await scene.answered()
    expect(await scene.ending({ type: 'answer', call })).toMatchObject({ reason: 'wrong-state' })
  },
  ...rejections,
  'reject after the answer is a wrong state': async (scene) => {
    const { call, far } = await scene.answered()
    const ending = await scene.ending({ type: 'reject', call, cause: 'busy' })
    expect(ending).toMatchObject({ type: 'command.failed', reason: 'wrong-state' })
    expect(far.state()).toBe('talking')
  },
  'a caller who gives up before the answer has cancelled': async (scene) => {
    const { call, far } = await scene.offered()
    far.hangup()
    expect(await scene.event('call.ended', call)).toMatchObject({ cause: 'cancelled', by: 'remote' })
  },
  'hang up before the answer declines the call': async (scene) => {
    const { call, far } = await scene.offered()
    const ending = await scene.ending({ type: 'hangup', call })
    expect(ending).toMatchObject({ type: 'call.ended', cause: 'rejected', by: 'local' })
    await scene.isOver(far)
  },
  'a caller who hangs up after the answer ends the call normally': async (scene) => {
    const { call, far } = await scene.answered()
    far.hangup()
    expect(await scene.event('call.ended', call)).toMatchObject({ cause: 'normal', by: 'remote' })
  },
  'hang up after the answer ends the call normally, and tells the caller': async (scene) => {
    const { call, far } = await scene.answered()
    const ending = await scene.ending({ type: 'hangup', call })
    expect(ending).toMatchObject({ type: 'call.ended', cause: 'normal', by: 'local' })
    await scene.isOver(far)
  },
  'what needs audio is a wrong state before the answer': async (scene) => {
    const { call } = await scene.offered()
    const { short, music } = scene.rig.files
    const other = await scene.answered()
    const commands = [
      { type: 'play', call, items: [{ file: short }], interruptible: true },
      { type: 'play.stop', call },
      { type: 'music.start', call, file: music },
      { type: 'music.stop', call },
      { type: 'digits.send', call, digits: '1' },
      { type: 'record.start', call, file: `${scene.rig.folder}/early.wav`, maxMs: 1000 },
      { type: 'record.stop', call },
      { type: 'bridge', call, with: other.call },
      { type: 'unbridge', call },
    ] as const
    for (const command of commands) {
      expect(await scene.ending(command), command.type).toMatchObject({
        type: 'command.failed',
        call,
        reason: 'wrong-state',
      })
    }
    expect(scene.typesOf(call)).not.toContain('call.ended')
  },
  'a command to a call that has ended, or never was, finds no such call': async (scene) => {
    const { call, far } = await scene.answered()
    far.hangup()
    await scene.event('call.ended', call)
    for (const gone of [call, 'never-was']) {
      for (const type of [
        'answer',
        'play.stop',
        'music.stop',
        'record.stop',
        'unbridge',
        'hangup',
      ] as const) {
        expect(await scene.ending({ type, call: gone }), type).toMatchObject({
          type: 'command.failed',
          call: gone,
          reason: 'no-such-call',
        })
      }
    }
  },
  'calls do not disturb each other': async (scene) => {
    const [one, other] = [await scene.answered(), await scene.answered()]
    const { files } = scene.rig
    scene.order({ type: 'play', call: one.call, items: [{ file: files.long }], interruptible: true })
    scene.order({ type: 'music.start', call: other.call, file: files.music })
    await scene.hears(one.far, 'prompt')
    await scene.hears(other.far, 'music')
    other.far.press('7')
    expect(await scene.event('call.digit', other.call)).toMatchObject({ digit: '7' })
    other.far.hangup()
    await scene.event('call.ended', other.call)
    expect(scene.typesOf(one.call)).toEqual(['call.offered', 'call.answered'])
    await scene.hears(one.far, 'prompt')
  },
}
