import { expect } from 'vitest'
import type { Cases } from './cases.ts'
import type { Scene } from './scene.ts'

function whisper(scene: Scene, call: string, file = scene.rig.files.long): string {
  return scene.order({ type: 'whisper', call, items: [{ file }] })
}

export const whispering: Cases = {
  'a whisper in a bridge is heard beside the other one, who hears nothing of it': async (scene) => {
    const [caller, agent] = await scene.bridged()
    const id = whisper(scene, agent.call)
    caller.far.speak(3_000)
    agent.far.speak(3_000)
    await scene.hearsToo(agent.far, 'prompt', 'voice')
    await scene.hears(caller.far, 'voice')
    expect(caller.far.hearsToo('prompt')).toBe(false)
    expect(await scene.endingOf(id, 6_000)).toEqual({
      type: 'call.played',
      call: agent.call,
      command: id,
      reason: 'finished',
    })
    agent.far.speak(1_000)
    caller.far.speak(2_000)
    await scene.hears(agent.far, 'voice')
    await scene.hears(caller.far, 'voice')
    expect(agent.far.hearsToo('prompt')).toBe(false)
  },
  'a whisper takes the place of the one before': async (scene) => {
    const [, agent] = await scene.bridged()
    const first = whisper(scene, agent.call)
    await scene.hearsToo(agent.far, 'prompt')
    const second = whisper(scene, agent.call, scene.rig.files.short)
    expect(await scene.endingOf(first)).toMatchObject({ type: 'call.played', reason: 'stopped' })
    expect(await scene.endingOf(second)).toMatchObject({ type: 'call.played', reason: 'finished' })
  },
  'a digit does not cut a whisper': async (scene) => {
    const [, agent] = await scene.bridged()
    const id = whisper(scene, agent.call, scene.rig.files.short)
    agent.far.press('5')
    expect(await scene.event('call.digit', agent.call)).toMatchObject({ digit: '5' })
    expect(await scene.endingOf(id)).toMatchObject({ type: 'call.played', reason: 'finished' })
  },
  'a whisper to somebody who is not bridged is a wrong state': async (scene) => {
    const { call } = await scene.answered()
    const ending = await scene.ending({ type: 'whisper', call, items: [{ silenceMs: 20 }] })
    expect(ending).toMatchObject({ type: 'command.failed', reason: 'wrong-state' })
  },
  'when the other one hangs up a whisper ends in its time': async (scene) => {
    const [caller, agent] = await scene.bridged()
    const id = whisper(scene, agent.call)
    await scene.hearsToo(agent.far, 'prompt')
    caller.far.hangup()
    await scene.event('call.ended', caller.call)
    expect(await scene.endingOf(id, 6_000)).toMatchObject({ type: 'call.played', reason: 'finished' })
  },
  'a hold ends a whisper, and there is none on hold': async (scene) => {
    const [, agent] = await scene.bridged()
    const id = whisper(scene, agent.call)
    await scene.hearsToo(agent.far, 'prompt')
    await scene.ending({ type: 'hold', call: agent.call })
    expect(await scene.endingOf(id)).toMatchObject({ type: 'call.played', reason: 'stopped' })
    const ending = await scene.ending({ type: 'whisper', call: agent.call, items: [{ silenceMs: 20 }] })
    expect(ending).toMatchObject({ type: 'command.failed', reason: 'wrong-state' })
  },
  'the end of the call ends a whisper': async (scene) => {
    const [, agent] = await scene.bridged()
    whisper(scene, agent.call)
    await scene.hearsToo(agent.far, 'prompt')
    agent.far.hangup()
    await scene.event('call.ended', agent.call)
  },
  'a file that is not there cannot be whispered': async (scene) => {
    const [, agent] = await scene.bridged()
    const items = [{ file: `${scene.rig.folder}/nothing.wav` }]
    const ending = await scene.ending({ type: 'whisper', call: agent.call, items })
    expect(ending).toMatchObject({ type: 'command.failed', reason: 'missing-file' })
  },
  'a whisper to a phone that rings is a wrong state': async (scene) => {
    const { call } = await scene.ringing()
    const ending = await scene.ending({ type: 'whisper', call, items: [{ silenceMs: 20 }] })
    expect(ending).toMatchObject({ type: 'command.failed', reason: 'wrong-state' })
  },
}
