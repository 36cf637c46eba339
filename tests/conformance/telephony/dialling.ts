import { expect } from 'vitest'
import type { EndCause } from '../../../src/call/call.ts'
import type { Cases } from './cases.ts'

type Refusal = 'busy' | 'rejected' | 'no-answer' | 'unreachable'

const refusals: Cases = Object.fromEntries(
  (['busy', 'rejected', 'no-answer', 'unreachable'] satisfies (Refusal & EndCause)[]).map((cause) => [
    `a phone that refuses as ${cause} ends the call so`,
    async (scene) => {
      const { call, id, far } = await scene.ringing()
      far.refuse(cause)
      expect(await scene.endingOf(id)).toMatchObject({ type: 'call.ended', call, cause, by: 'remote' })
    },
  ]),
)

export const dialling: Cases = {
  'a phone rings, and answers': async (scene) => {
    const { call, id, far } = await scene.ringing()
    expect(far.state()).toBe('ringing')
    far.answer()
    expect(await scene.endingOf(id)).toEqual({ type: 'call.answered', call, command: id })
    expect(scene.typesOf(call)).toEqual(['call.progress', 'call.answered'])
    expect(far.state()).toBe('talking')
  },
  'headers of ours reach the phone': async (scene) => {
    const { far } = await scene.ringing({ headers: { 'x-switchroom-contact': 'contact-7' } })
    expect(far.header('x-switchroom-contact')).toBe('contact-7')
  },
  ...refusals,
  'nobody answers: after the ring time the call is withdrawn': async (scene) => {
    const { call, id, far } = await scene.ringing({ ringMs: 600 })
    const ending = await scene.endingOf(id)
    expect(ending).toMatchObject({ type: 'call.ended', call, cause: 'no-answer' })
    await scene.isOver(far)
  },
  'nothing to ring: unreachable at once': async (scene) => {
    const { call, id } = scene.dial(scene.rig.nobody())
    expect(await scene.endingOf(id)).toMatchObject({ type: 'call.ended', call, cause: 'unreachable' })
    expect(scene.typesOf(call)).toEqual(['call.ended'])
  },
  'a phone that has gone is unreachable': async (scene) => {
    const phone = await scene.rig.phone()
    phone.unregister()
    await scene.until('it is gone', () => scene.events.some((event) => event.type === 'device.unreachable'))
    const { call, id } = scene.dial(phone.target)
    expect(await scene.endingOf(id)).toMatchObject({ type: 'call.ended', call, cause: 'unreachable' })
  },
  'hang up while it rings: the phone stops ringing': async (scene) => {
    const { call, id, far } = await scene.ringing()
    const ending = await scene.ending({ type: 'hangup', call })
    expect(ending).toMatchObject({ type: 'call.ended', call, cause: 'cancelled', by: 'local' })
    expect(await scene.endingOf(id)).toEqual(ending)
    await scene.isOver(far)
  },
  'hang up at the moment of dialling: nothing is left ringing': async (scene) => {
    const phone = await scene.rig.phone()
    const { call } = scene.dial(phone.target)
    const ending = await scene.ending({ type: 'hangup', call })
    expect(ending).toMatchObject({ type: 'call.ended', cause: 'cancelled', by: 'local' })
    await scene.until('nothing rings', () => (phone.farEnd()?.state() ?? 'gone') === 'gone')
  },
  'an answer that crosses our hang-up connects nobody': async (scene) => {
    const { call, phone, far } = await scene.ringing()
    phone.answerTooLate()
    const ending = await scene.ending({ type: 'hangup', call })
    expect(ending).toMatchObject({ type: 'call.ended', call, cause: 'cancelled', by: 'local' })
    await scene.isOver(far)
    expect(scene.typesOf(call)).toEqual(['call.progress', 'call.ended'])
  },
  'a phone that hangs up after the answer ends the call normally': async (scene) => {
    const { call, far } = await scene.talking()
    far.hangup()
    expect(await scene.event('call.ended', call)).toMatchObject({ cause: 'normal', by: 'remote' })
  },
  'a phone that was dialled hears what is played, and sends digits': async (scene) => {
    const { call, far } = await scene.talking()
    scene.order({ type: 'play', call, items: [{ file: scene.rig.files.long }], interruptible: true })
    await scene.hears(far, 'prompt')
    far.press('3')
    expect(await scene.event('call.digit', call)).toMatchObject({ digit: '3' })
  },
  'a call id that is in use cannot be dialled': async (scene) => {
    const { call } = await scene.answered()
    const phone = await scene.rig.phone()
    const from = { uri: 'sip:100@127.0.0.1' }
    const ending = await scene.ending({ type: 'dial', call, target: phone.target, from, ringMs: 1_000 })
    expect(ending).toMatchObject({ type: 'command.failed', reason: 'wrong-state' })
    expect(scene.typesOf(call)).not.toContain('call.ended')
  },
  'answer and reject are for calls that were offered': async (scene) => {
    const { call } = await scene.ringing()
    expect(await scene.ending({ type: 'answer', call })).toMatchObject({ reason: 'wrong-state' })
    const ending = await scene.ending({ type: 'reject', call, cause: 'busy' })
    expect(ending).toMatchObject({ type: 'command.failed', reason: 'wrong-state' })
  },
}
