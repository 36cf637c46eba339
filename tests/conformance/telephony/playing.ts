import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { CallEvent } from '../../../src/call/events.ts'
import type { Cases } from './cases.ts'
import type { Scene } from './scene.ts'

function playLong(scene: Scene, call: string, interruptible = true): string {
  return scene.order({ type: 'play', call, items: [{ file: scene.rig.files.long }], interruptible })
}

/** The digits that were reported for a call, in order. */
function digitsOf(events: readonly CallEvent[], call: string): string {
  return events
    .flatMap((event) => (event.type === 'call.digit' && event.call === call ? event.digit : []))
    .join('')
}

export const playing: Cases = {
  'a file is heard and finishes': async (scene) => {
    const { call, far } = await scene.answered()
    const id = scene.order({
      type: 'play',
      call,
      items: [{ file: scene.rig.files.short }],
      interruptible: false,
    })
    await scene.hears(far, 'prompt')
    expect(await scene.endingOf(id)).toEqual({ type: 'call.played', call, command: id, reason: 'finished' })
    await scene.hears(far, 'silence')
  },
  'files and pauses are played one after the other': async (scene) => {
    const { call, far } = await scene.answered()
    const { short } = scene.rig.files
    const id = scene.order({
      type: 'play',
      call,
      items: [{ file: short }, { silenceMs: 600 }, { file: short }],
      interruptible: true,
    })
    await scene.hears(far, 'prompt')
    await scene.hears(far, 'silence')
    expect(scene.typesOf(call)).not.toContain('call.played')
    await scene.hears(far, 'prompt')
    expect(await scene.endingOf(id)).toMatchObject({ reason: 'finished' })
  },
  'a list of nothing finishes': async (scene) => {
    const { call } = await scene.answered()
    const ending = await scene.ending({ type: 'play', call, items: [], interruptible: true })
    expect(ending).toMatchObject({ type: 'call.played', reason: 'finished' })
  },
  'a digit cuts what is interruptible, and is reported first': async (scene) => {
    const { call, far } = await scene.answered()
    const id = playLong(scene, call)
    await scene.hears(far, 'prompt')
    far.press('4')
    expect(await scene.endingOf(id, 1_500)).toMatchObject({ type: 'call.played', reason: 'interrupted' })
    expect(scene.typesOf(call).slice(-2)).toEqual(['call.digit', 'call.played'])
    await scene.hears(far, 'silence')
  },
  'a digit is reported at once while something plays that it does not cut': async (scene) => {
    const { call, far } = await scene.answered()
    const id = playLong(scene, call, false)
    await scene.hears(far, 'prompt')
    far.press('5')
    expect(await scene.event('call.digit', call, 1_500)).toMatchObject({ digit: '5' })
    expect(scene.typesOf(call)).not.toContain('call.played')
    await scene.hears(far, 'prompt')
    expect(await scene.endingOf(id, 6_000)).toMatchObject({ reason: 'finished' })
  },
  'digits pressed ahead are all reported, in order, once each': async (scene) => {
    const { call, far } = await scene.answered()
    far.press('12#')
    await scene.until('three digits', () => digitsOf(scene.events, call).length === 3)
    playLong(scene, call)
    await scene.hears(far, 'prompt')
    far.press('*09D')
    await scene.until('four more', () => digitsOf(scene.events, call).length >= 7)
    expect(digitsOf(scene.events, call)).toBe('12#*09D')
  },
  'the same key twice is two digits': async (scene) => {
    const { call, far } = await scene.answered()
    far.press('11')
    await scene.until('two digits', () => digitsOf(scene.events, call) === '11')
  },
  'play.stop cuts what plays: first its ending, then ours': async (scene) => {
    const { call, far } = await scene.answered()
    const play = playLong(scene, call)
    await scene.hears(far, 'prompt')
    const stop = scene.order({ type: 'play.stop', call })
    expect(await scene.endingOf(stop)).toMatchObject({ type: 'command.done' })
    expect(scene.events.slice(-2)).toEqual([
      { type: 'call.played', call, command: play, reason: 'stopped' },
      { type: 'command.done', call, command: stop },
    ])
    await scene.hears(far, 'silence')
  },
  'play.stop and music.stop are done where nothing plays': async (scene) => {
    const { call } = await scene.answered()
    expect(await scene.ending({ type: 'play.stop', call })).toMatchObject({ type: 'command.done' })
    expect(await scene.ending({ type: 'music.stop', call })).toMatchObject({ type: 'command.done' })
  },
  'another play takes the place of the first': async (scene) => {
    const { call, far } = await scene.answered()
    const first = playLong(scene, call)
    await scene.hears(far, 'prompt')
    const second = scene.order({
      type: 'play',
      call,
      items: [{ file: scene.rig.files.short }],
      interruptible: true,
    })
    expect(await scene.endingOf(first)).toMatchObject({ type: 'call.played', reason: 'stopped' })
    expect(await scene.endingOf(second)).toMatchObject({ type: 'call.played', reason: 'finished' })
  },
  'a file that is not there fails the play and leaves the call': async (scene) => {
    const { call, far } = await scene.answered()
    const items = [{ file: scene.rig.files.short }, { file: join(scene.rig.folder, 'absent.wav') }]
    const ending = await scene.ending({ type: 'play', call, items, interruptible: true })
    expect(ending).toMatchObject({ type: 'command.failed', reason: 'missing-file' })
    expect(ending).toMatchObject({ detail: expect.stringContaining('absent.wav') })
    expect(far.state()).toBe('talking')
    await scene.hears(far, 'silence')
  },
  'a file that is no audio fails the play': async (scene) => {
    const { call } = await scene.answered()
    const file = join(scene.rig.folder, 'text.wav')
    await writeFile(file, 'this is not a WAV file, though it is called one')
    const ending = await scene.ending({ type: 'play', call, items: [{ file }], interruptible: true })
    expect(ending).toMatchObject({ type: 'command.failed', reason: 'missing-file' })
  },
  'hanging up ends a play that is not over': async (scene) => {
    const { call, far } = await scene.answered()
    playLong(scene, call)
    await scene.hears(far, 'prompt')
    far.hangup()
    await scene.event('call.ended', call)
  },
  'music is played round and round until it is stopped': async (scene) => {
    const { call, far } = await scene.answered()
    const start = await scene.ending({ type: 'music.start', call, file: scene.rig.files.music })
    expect(start).toMatchObject({ type: 'command.done' })
    await scene.hears(far, 'music')
    await scene.rig.pass(1_000)
    await scene.hears(far, 'music')
    expect(await scene.ending({ type: 'music.stop', call })).toMatchObject({ type: 'command.done' })
    await scene.hears(far, 'silence')
  },
  'a digit is reported during music, which goes on': async (scene) => {
    const { call, far } = await scene.answered()
    await scene.ending({ type: 'music.start', call, file: scene.rig.files.music })
    far.press('8')
    expect(await scene.event('call.digit', call)).toMatchObject({ digit: '8' })
    await scene.hears(far, 'music')
  },
  'a play takes the place of music, for good': async (scene) => {
    const { call, far } = await scene.answered()
    await scene.ending({ type: 'music.start', call, file: scene.rig.files.music })
    await scene.hears(far, 'music')
    const { short } = scene.rig.files
    const ending = await scene.ending({ type: 'play', call, items: [{ file: short }], interruptible: true })
    expect(ending).toMatchObject({ type: 'call.played', reason: 'finished' })
    await scene.hears(far, 'silence')
  },
  'music takes the place of a play': async (scene) => {
    const { call, far } = await scene.answered()
    const play = playLong(scene, call)
    await scene.hears(far, 'prompt')
    await scene.ending({ type: 'music.start', call, file: scene.rig.files.music })
    expect(await scene.endingOf(play)).toMatchObject({ type: 'call.played', reason: 'stopped' })
    await scene.hears(far, 'music')
  },
  'music.stop does not cut a play': async (scene) => {
    const { call, far } = await scene.answered()
    const play = playLong(scene, call)
    await scene.hears(far, 'prompt')
    expect(await scene.ending({ type: 'music.stop', call })).toMatchObject({ type: 'command.done' })
    await scene.hears(far, 'prompt')
    expect(await scene.endingOf(play, 6_000)).toMatchObject({ reason: 'finished' })
  },
  'music that is not there fails': async (scene) => {
    const { call } = await scene.answered()
    const file = join(scene.rig.folder, 'absent.wav')
    expect(await scene.ending({ type: 'music.start', call, file })).toMatchObject({ reason: 'missing-file' })
  },
  'keys that we send reach the far end': async (scene) => {
    const { call, far } = await scene.answered()
    expect(await scene.ending({ type: 'digits.send', call, digits: '12*#' })).toMatchObject({
      type: 'command.done',
    })
    await scene.until('the keys', () => far.keysReceived() === '12*#')
  },
  'keys that no phone has fail': async (scene) => {
    const { call } = await scene.answered()
    const ending = await scene.ending({ type: 'digits.send', call, digits: '1x' })
    expect(ending).toMatchObject({ type: 'command.failed', reason: 'failed' })
  },
}
