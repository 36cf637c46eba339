import { expect } from 'vitest'
import type { Cases } from './cases.ts'

export const bridging: Cases = {
  'two who are bridged hear each other': async (scene) => {
    const [caller, agent] = await scene.bridged()
    caller.far.speak(3_000)
    await scene.hears(agent.far, 'voice')
    agent.far.speak(3_000)
    await scene.hears(caller.far, 'voice')
  },
  'bridging stops what plays on either': async (scene) => {
    const [caller, agent] = [await scene.answered(), await scene.talking()]
    const { files } = scene.rig
    const play = scene.order({
      type: 'play',
      call: caller.call,
      items: [{ file: files.long }],
      interruptible: true,
    })
    await scene.ending({ type: 'music.start', call: agent.call, file: files.music })
    await scene.hears(caller.far, 'prompt')
    await scene.hears(agent.far, 'music')
    await scene.ending({ type: 'bridge', call: caller.call, with: agent.call })
    expect(await scene.endingOf(play)).toMatchObject({ type: 'call.played', reason: 'stopped' })
    agent.far.speak(3_000)
    caller.far.speak(3_000)
    await scene.hears(caller.far, 'voice')
    await scene.hears(agent.far, 'voice')
  },
  'unbridge parts them; both stay up': async (scene) => {
    const [caller, agent] = await scene.bridged()
    const id = scene.order({ type: 'unbridge', call: agent.call })
    const ending = await scene.endingOf(id)
    expect(ending).toMatchObject({ type: 'call.unbridged', command: id })
    expect(new Set('calls' in ending ? ending.calls : [])).toEqual(new Set([caller.call, agent.call]))
    caller.far.speak(2_000)
    await scene.hears(agent.far, 'silence')
    scene.order({ type: 'music.start', call: caller.call, file: scene.rig.files.music })
    await scene.hears(caller.far, 'music')
    expect(agent.far.state()).toBe('talking')
  },
  'they can be bridged again': async (scene) => {
    const [caller, agent] = await scene.bridged()
    await scene.ending({ type: 'unbridge', call: caller.call })
    const ending = await scene.ending({ type: 'bridge', call: agent.call, with: caller.call })
    expect(ending).toMatchObject({ type: 'call.bridged', calls: [agent.call, caller.call] })
    caller.far.speak(3_000)
    await scene.hears(agent.far, 'voice')
  },
  'when one of the two hangs up they are parted, and the other stays': async (scene) => {
    const [caller, agent] = await scene.bridged()
    agent.far.hangup()
    expect(await scene.event('call.ended', agent.call)).toMatchObject({ cause: 'normal', by: 'remote' })
    expect(scene.typesOf(agent.call).slice(-2)).toEqual(['call.unbridged', 'call.ended'])
    expect(scene.typesOf(caller.call).at(-1)).toBe('call.unbridged')
    expect(await scene.event('call.unbridged', caller.call)).not.toHaveProperty('command')
    const { short } = scene.rig.files
    const play = { type: 'play', call: caller.call, items: [{ file: short }], interruptible: true } as const
    expect(await scene.ending(play)).toMatchObject({ type: 'call.played', reason: 'finished' })
  },
  'hang up in a bridge ends one call only': async (scene) => {
    const [caller, agent] = await scene.bridged()
    await scene.ending({ type: 'hangup', call: caller.call })
    await scene.isOver(caller.far)
    expect(scene.typesOf(caller.call).slice(-2)).toEqual(['call.unbridged', 'call.ended'])
    expect(agent.far.state()).toBe('talking')
    expect(scene.typesOf(agent.call)).not.toContain('call.ended')
  },
  'digits are reported in a bridge, for the one who pressed': async (scene) => {
    const [caller, agent] = await scene.bridged()
    caller.far.press('6')
    expect(await scene.event('call.digit', caller.call)).toMatchObject({ digit: '6' })
    expect(scene.typesOf(agent.call)).not.toContain('call.digit')
  },
  'a ringing phone cannot be bridged': async (scene) => {
    const caller = await scene.answered()
    const agent = await scene.ringing()
    for (const [call, other] of [
      [caller.call, agent.call],
      [agent.call, caller.call],
    ] as const) {
      const ending = await scene.ending({ type: 'bridge', call, with: other })
      expect(ending).toMatchObject({ type: 'command.failed', reason: 'wrong-state' })
    }
  },
  'a bridge to a call that is not there finds no such call': async (scene) => {
    const { call } = await scene.answered()
    const ending = await scene.ending({ type: 'bridge', call, with: 'never-was' })
    expect(ending).toMatchObject({ type: 'command.failed', call, reason: 'no-such-call' })
  },
  'whoever is bridged cannot be bridged with a third': async (scene) => {
    const [caller, agent] = await scene.bridged()
    const third = await scene.answered()
    expect(await scene.ending({ type: 'bridge', call: third.call, with: agent.call })).toMatchObject({
      reason: 'wrong-state',
    })
    expect(await scene.ending({ type: 'bridge', call: caller.call, with: third.call })).toMatchObject({
      reason: 'wrong-state',
    })
  },
  'unbridge of somebody who is not bridged is a wrong state': async (scene) => {
    const { call } = await scene.answered()
    expect(await scene.ending({ type: 'unbridge', call })).toMatchObject({ reason: 'wrong-state' })
  },
}
