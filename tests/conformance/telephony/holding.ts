import { join } from 'node:path'
import { expect } from 'vitest'
import type { Cases } from './cases.ts'
import type { Line } from './rig.ts'
import type { Scene } from './scene.ts'

/** What is said would have been heard by then. */
const SAID_MS = 300

export const holding: Cases = {
  'a call on hold hears music, and nobody hears it': async (scene) => {
    const [caller, agent] = await held(scene)
    agent.far.speak(3_000)
    caller.far.speak(3_000)
    await scene.rig.pass(SAID_MS)
    await scene.hears(caller.far, 'music')
    await scene.hears(agent.far, 'silence')
  },
  'hold without music is silence': async (scene) => {
    const [caller, agent] = await scene.bridged()
    agent.far.speak(5_000)
    await scene.hears(caller.far, 'voice')
    expect(await scene.ending({ type: 'hold', call: caller.call })).toMatchObject({ type: 'command.done' })
    await scene.hears(caller.far, 'silence')
  },
  'unhold lets the two hear each other again': async (scene) => {
    const [caller, agent] = await held(scene)
    const ending = await scene.ending({ type: 'unhold', call: caller.call })
    expect(ending).toMatchObject({ type: 'command.done', call: caller.call })
    agent.far.speak(3_000)
    await scene.hears(caller.far, 'voice')
    caller.far.speak(3_000)
    await scene.hears(agent.far, 'voice')
    expect(scene.typesOf(caller.call)).not.toContain('call.unbridged')
  },
  'each side of a bridge can be held by itself': async (scene) => {
    const [caller, agent] = await held(scene)
    await scene.ending({ type: 'hold', call: agent.call })
    await scene.ending({ type: 'unhold', call: caller.call })
    caller.far.speak(3_000)
    agent.far.speak(3_000)
    await scene.rig.pass(SAID_MS)
    await scene.hears(caller.far, 'silence')
    await scene.hears(agent.far, 'silence')
    await scene.ending({ type: 'unhold', call: agent.call })
    caller.far.speak(3_000)
    await scene.hears(agent.far, 'voice')
  },
  'a call that is not bridged can be held': async (scene) => {
    const { call, far } = await scene.answered()
    await scene.ending({ type: 'hold', call, file: scene.rig.files.music })
    await scene.hears(far, 'music')
    await scene.ending({ type: 'unhold', call })
    await scene.hears(far, 'silence')
    await scene.ending({ type: 'play', call, items: [{ file: scene.rig.files.short }], interruptible: true })
  },
  'hold stops what plays': async (scene) => {
    const { call, far } = await scene.answered()
    const { files } = scene.rig
    const play = scene.order({ type: 'play', call, items: [{ file: files.long }], interruptible: true })
    await scene.hears(far, 'prompt')
    await scene.ending({ type: 'hold', call, file: files.music })
    expect(await scene.endingOf(play)).toMatchObject({ type: 'call.played', reason: 'stopped' })
    await scene.hears(far, 'music')
  },
  'what would be heard instead is a wrong state while a call is on hold': async (scene) => {
    const [caller, agent] = await held(scene)
    const { call } = caller
    const { short, music } = scene.rig.files
    const wrong = { type: 'command.failed', reason: 'wrong-state' }
    expect(await scene.ending({ type: 'hold', call })).toMatchObject(wrong)
    expect(
      await scene.ending({ type: 'play', call, items: [{ file: short }], interruptible: true }),
    ).toMatchObject(wrong)
    expect(await scene.ending({ type: 'music.start', call, file: music })).toMatchObject(wrong)
    await scene.ending({ type: 'unbridge', call })
    expect(await scene.ending({ type: 'bridge', call, with: agent.call })).toMatchObject(wrong)
    expect(await scene.ending({ type: 'bridge', call: agent.call, with: call })).toMatchObject(wrong)
    await scene.hears(caller.far, 'music')
  },
  'play.stop and music.stop leave a hold as it is': async (scene) => {
    const [caller] = await held(scene)
    for (const type of ['play.stop', 'music.stop'] as const) {
      expect(await scene.ending({ type, call: caller.call })).toMatchObject({ type: 'command.done' })
    }
    await scene.rig.pass(500)
    await scene.hears(caller.far, 'music')
  },
  'hold before the answer, and unhold without a hold, are a wrong state': async (scene) => {
    const offered = await scene.offered()
    expect(await scene.ending({ type: 'hold', call: offered.call })).toMatchObject({ reason: 'wrong-state' })
    const answered = await scene.answered()
    expect(await scene.ending({ type: 'unhold', call: answered.call })).toMatchObject({
      reason: 'wrong-state',
    })
  },
  'music that is not there fails the hold, and the two still hear each other': async (scene) => {
    const [caller, agent] = await scene.bridged()
    const file = join(scene.rig.folder, 'no-such-music.wav')
    expect(await scene.ending({ type: 'hold', call: caller.call, file })).toMatchObject({
      type: 'command.failed',
      reason: 'missing-file',
    })
    agent.far.speak(3_000)
    await scene.hears(caller.far, 'voice')
    expect(await scene.ending({ type: 'unhold', call: caller.call })).toMatchObject({ reason: 'wrong-state' })
  },
  'digits of a call on hold are reported and not passed on': async (scene) => {
    const [caller, agent] = await held(scene)
    caller.far.press('7')
    expect(await scene.event('call.digit', caller.call)).toMatchObject({ digit: '7' })
    // It was reported at its beginning; until its end it is held down.
    await scene.rig.pass(300)
    await scene.ending({ type: 'unhold', call: caller.call })
    caller.far.press('8')
    await scene.until('the other side has a key', () => agent.far.keysReceived() !== '')
    expect(agent.far.keysReceived()).toBe('8')
  },
  'when the other side hangs up the hold goes on': async (scene) => {
    const [caller, agent] = await held(scene)
    agent.far.hangup()
    await scene.event('call.ended', agent.call)
    expect(scene.typesOf(caller.call).at(-1)).toBe('call.unbridged')
    await scene.rig.pass(300)
    await scene.hears(caller.far, 'music')
    expect(await scene.ending({ type: 'unhold', call: caller.call })).toMatchObject({ type: 'command.done' })
    await scene.hears(caller.far, 'silence')
  },
  'after unbridge the hold goes on, and after unhold they can be bridged again': async (scene) => {
    const [caller, agent] = await held(scene)
    await scene.ending({ type: 'unbridge', call: caller.call })
    await scene.rig.pass(300)
    await scene.hears(caller.far, 'music')
    await scene.ending({ type: 'unhold', call: caller.call })
    await scene.ending({ type: 'bridge', call: caller.call, with: agent.call })
    agent.far.speak(3_000)
    await scene.hears(caller.far, 'voice')
  },
  'whoever hangs up while on hold ends like anybody': async (scene) => {
    const [caller, agent] = await held(scene)
    caller.far.hangup()
    expect(await scene.event('call.ended', caller.call)).toMatchObject({ cause: 'normal', by: 'remote' })
    expect(scene.typesOf(agent.call).at(-1)).toBe('call.unbridged')
    expect(agent.far.state()).toBe('talking')
  },
  'a far end that holds us is told of once, and when it takes us back': async (scene) => {
    const { call, far } = await scene.answered()
    far.hold()
    await scene.event('call.held', call)
    far.unhold()
    await scene.event('call.unheld', call)
    expect(scene.typesOf(call).slice(-2)).toEqual(['call.held', 'call.unheld'])
  },
  'a phone that was dialled can hold us too, and hang up on hold': async (scene) => {
    const [caller, agent] = await scene.bridged()
    agent.far.hold()
    await scene.event('call.held', agent.call)
    expect(scene.typesOf(caller.call)).not.toContain('call.held')
    agent.far.hangup()
    await scene.event('call.ended', agent.call)
    expect(scene.typesOf(agent.call)).not.toContain('call.unheld')
  },
}

/** Two who were bridged, the first of whom is on hold with music. */
async function held(scene: Scene): Promise<readonly [Line, Line]> {
  const [caller, agent] = await scene.bridged()
  const { music } = scene.rig.files
  const ending = await scene.ending({ type: 'hold', call: caller.call, file: music })
  expect(ending).toMatchObject({ type: 'command.done', call: caller.call })
  await scene.hears(caller.far, 'music')
  return [caller, agent]
}
