import { join } from 'node:path'
import { expect } from 'vitest'
import type { Cases } from './cases.ts'
import type { EventOf } from './rig.ts'
import type { Scene } from './scene.ts'
import { measureRecording } from './tones.ts'

interface Limits {
  readonly maxMs?: number
  readonly silenceMs?: number
  readonly stopDigits?: string
}

/** Somebody who is answered and being recorded. */
async function recorded(scene: Scene, name: string, limits: Limits = {}) {
  const line = await scene.answered()
  const file = join(scene.rig.folder, `${name}.wav`)
  const id = scene.order({ type: 'record.start', call: line.call, file, maxMs: 20_000, ...limits })
  const ending = async (): Promise<EventOf<'call.recorded'>> => {
    const event = await scene.endingOf(id)
    if (event.type !== 'call.recorded') throw new Error(`the recording ended in ${JSON.stringify(event)}`)
    return event
  }
  return { ...line, file, id, ending }
}

export const recording: Cases = {
  'record.stop ends the recording: first its ending, then ours': async (scene) => {
    const { call, far, file, id } = await recorded(scene, 'stopped')
    far.speak(600)
    await scene.rig.pass(1_000)
    const stop = scene.order({ type: 'record.stop', call })
    expect(await scene.endingOf(stop)).toMatchObject({ type: 'command.done' })
    expect(scene.events.at(-2)).toMatchObject({ type: 'call.recorded', command: id, file, reason: 'stopped' })
  },
  'the file has what the far end said, as long as it lasted': async (scene) => {
    const { call, far, file, ending } = await recorded(scene, 'content')
    far.speak(800)
    await scene.rig.pass(1_200)
    await scene.ending({ type: 'record.stop', call })
    const { durationMs } = await ending()
    const { ms, peak } = await measureRecording(file)
    expect(durationMs).toBeGreaterThan(700)
    expect(Math.abs(ms - durationMs)).toBeLessThan(150)
    expect(peak).toBeGreaterThan(1_000)
  },
  'it ends at its longest time': async (scene) => {
    const { far, ending } = await recorded(scene, 'longest', { maxMs: 500 })
    far.speak(2_000)
    const { reason, durationMs } = await ending()
    expect(reason).toBe('max-length')
    expect(Math.abs(durationMs - 500)).toBeLessThan(250)
  },
  'it ends after silence, and not before': async (scene) => {
    const { call, far, ending } = await recorded(scene, 'silence', { silenceMs: 800 })
    far.speak(1_200)
    await scene.rig.pass(1_000)
    expect(scene.typesOf(call)).not.toContain('call.recorded')
    expect((await ending()).reason).toBe('silence')
  },
  'a stop digit ends it, and is reported first': async (scene) => {
    const { call, far, ending } = await recorded(scene, 'digit', { stopDigits: '#*' })
    far.press('1')
    expect(await scene.event('call.digit', call)).toMatchObject({ digit: '1' })
    expect(scene.typesOf(call)).not.toContain('call.recorded')
    far.press('#')
    expect((await ending()).reason).toBe('digit')
    expect(scene.typesOf(call).slice(-2)).toEqual(['call.digit', 'call.recorded'])
  },
  'hanging up ends it with a complete file, before the call': async (scene) => {
    const { call, far, file, ending } = await recorded(scene, 'hangup')
    far.speak(500)
    await scene.rig.pass(700)
    far.hangup()
    expect((await ending()).reason).toBe('hangup')
    await scene.event('call.ended', call)
    expect(scene.typesOf(call).slice(-2)).toEqual(['call.recorded', 'call.ended'])
    expect((await measureRecording(file)).ms).toBeGreaterThan(300)
  },
  'a second recording at the same time is a wrong state': async (scene) => {
    const { call } = await recorded(scene, 'first')
    const file = join(scene.rig.folder, 'second.wav')
    const ending = await scene.ending({ type: 'record.start', call, file, maxMs: 1_000 })
    expect(ending).toMatchObject({ type: 'command.failed', reason: 'wrong-state' })
  },
  'one recording can follow another': async (scene) => {
    const { call } = await recorded(scene, 'one')
    await scene.ending({ type: 'record.stop', call })
    const file = join(scene.rig.folder, 'another.wav')
    const ending = await scene.ending({ type: 'record.start', call, file, maxMs: 300 })
    expect(ending).toMatchObject({ type: 'call.recorded', file, reason: 'max-length' })
  },
  'a file that cannot be written fails the recording and leaves the call': async (scene) => {
    const { call, far } = await scene.answered()
    const file = join(scene.rig.folder, 'no-such-folder', 'voicemail.wav')
    const ending = await scene.ending({ type: 'record.start', call, file, maxMs: 1_000 })
    expect(ending).toMatchObject({ type: 'command.failed', reason: 'failed' })
    expect(far.state()).toBe('talking')
  },
  'record.stop is done where nothing is recorded': async (scene) => {
    const { call } = await scene.answered()
    expect(await scene.ending({ type: 'record.stop', call })).toMatchObject({ type: 'command.done' })
  },
}
