import { expect } from 'vitest'
import type { CallEvent } from '../../../src/call/events.ts'
import type { Cases } from './cases.ts'
import type { FarEnd, Trunks } from './rig.ts'
import type { Dialling, Scene } from './scene.ts'

export const trunks: Cases = {
  'each trunk has said whether it is up': async (scene) => {
    const { up, down, failing } = trunksOf(scene)
    const last = (trunk: string): CallEvent['type'] | undefined =>
      [...scene.earlier, ...scene.events].findLast((event) => 'trunk' in event && event.trunk === trunk)?.type
    await scene.until('word of every trunk', () => [up, down, failing].every(last), 20_000)
    expect([up, down, failing].map(last)).toEqual(['trunk.up', 'trunk.down', 'trunk.up'])
  },
  'a number rings over its trunk, and the answer names that': async (scene) => {
    const { up } = trunksOf(scene)
    const { call, id, far } = await ringing(scene, [up])
    far.answer()
    expect(await scene.endingOf(id)).toEqual({ type: 'call.answered', call, command: id, trunk: up })
    await scene.until('they talk', () => far.state() === 'talking')
  },
  'a trunk is told who calls where that is vouched for': async (scene) => {
    const number = '+12025550123'
    const from = { uri: `sip:${number}@far.invalid`, number, name: 'Ann' }
    const { far: known } = await ringing(scene, [trunksOf(scene).up], { from, asserted: true })
    expect(known.header('p-asserted-identity')).toMatch(/^"Ann" ?<sip:\+12025550123@/)
    expect(known.header('from')).toMatch(/^"Ann" ?<sip:\+12025550123@/)
    const { far: claimed } = await ringing(scene, [trunksOf(scene).up], { from })
    expect(claimed.header('from')).toMatch(/^"Ann" ?<sip:\+12025550123@/)
    expect(claimed.header('p-asserted-identity')).toBeUndefined()
    for (const far of [known, claimed]) expect(far.header('privacy')).toBeUndefined()
  },
  'who withholds the number is anonymous on the trunk too (RFC 3323)': async (scene) => {
    const from = { uri: 'sip:anonymous@anonymous.invalid' }
    const { far } = await ringing(scene, [trunksOf(scene).up], { from, asserted: true })
    expect(far.header('from')).toMatch(/^"Anonymous" ?<sip:anonymous@anonymous\.invalid>/)
    expect(far.header('privacy')).toBe('id')
    expect(far.header('p-asserted-identity')).toBeUndefined()
  },
  'a trunk that is down is passed over': async (scene) => {
    const { up, down } = trunksOf(scene)
    const { id, far } = await ringing(scene, [down, up])
    far.answer()
    expect(await scene.endingOf(id)).toMatchObject({ type: 'call.answered', trunk: up })
  },
  'after a trunk that fails the call comes the next': async (scene) => {
    const { up, failing } = trunksOf(scene)
    const { id, far } = await ringing(scene, [failing, up])
    far.answer()
    expect(await scene.endingOf(id)).toMatchObject({ type: 'call.answered', trunk: up })
  },
  'a name that is no trunk counts as one that is down': async (scene) => {
    const { id, far } = await ringing(scene, ['no-such-trunk', trunksOf(scene).up])
    far.answer()
    expect(await scene.endingOf(id)).toMatchObject({ type: 'call.answered' })
  },
  'busy is the word of the callee, after which no other trunk is tried': async (scene) => {
    const { up, failing } = trunksOf(scene)
    const { call, far } = await ringing(scene, [up, failing])
    far.refuse('busy')
    expect(await scene.event('call.ended', call)).toMatchObject({ cause: 'busy', by: 'remote' })
  },
  'a phone that rings is not left for another trunk': async (scene) => {
    const { up, failing } = trunksOf(scene)
    const { call, far } = await ringing(scene, [up, failing])
    expect(scene.typesOf(call)).toContain('call.progress')
    await scene.ending({ type: 'hangup', call })
    await scene.isOver(far)
    expect(scene.typesOf(call).at(-1)).toBe('call.ended')
  },
  'where no trunk carries it a number is unreachable': async (scene) => {
    const { down, failing, subscriber } = trunksOf(scene)
    const { number } = await subscriber()
    for (const over of [[down, failing], [down], []]) {
      const { call } = scene.dial({ number, trunks: over })
      expect(await scene.event('call.ended', call, 8_000)).toMatchObject({ cause: 'unreachable' })
    }
  },
}

function trunksOf({ rig }: Scene): Trunks {
  if (!rig.trunks) throw new Error('this rig has no trunks: skip the case, with the reason')
  return rig.trunks
}

async function ringing(
  scene: Scene,
  over: readonly string[],
  options: Dialling = {},
): Promise<{ readonly call: string; readonly id: string; readonly far: FarEnd }> {
  const { number, farEnd } = await trunksOf(scene).subscriber()
  const { call, id } = scene.dial({ number, trunks: over }, options)
  await scene.event('call.progress', call, 8_000)
  const far = await scene.until('the subscriber is rung', () => farEnd())
  return { call, id, far }
}
