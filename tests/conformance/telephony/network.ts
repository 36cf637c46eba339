import { expect } from 'vitest'
import type { Cases } from './cases.ts'

export const network: Cases = {
  'a phone that registers is reachable; when it goes it is not': async (scene) => {
    const phone = await scene.rig.phone()
    const device = 'device' in phone.target ? phone.target.device : ''
    await scene.until('device.reachable', () =>
      scene.events.some((event) => event.type === 'device.reachable' && event.device === device),
    )
    phone.unregister()
    const gone = await scene.until('device.unreachable', () =>
      scene.events.find((event) => event.type === 'device.unreachable' && event.device === device),
    )
    expect(gone).toMatchObject({ reason: 'unregistered' })
  },
  'audio that stops coming is lost, said once; and back when it comes again': async (scene) => {
    const { call, far } = await scene.answered()
    far.speak(60_000)
    far.loseMedia()
    const { mediaLostAfterMs } = scene.rig
    const lost = await scene.event('call.media-lost', call, mediaLostAfterMs + 3_000)
    expect(lost.silentMs).toBeGreaterThanOrEqual(mediaLostAfterMs)
    await scene.rig.pass(mediaLostAfterMs)
    expect(scene.typesOf(call).filter((type) => type === 'call.media-lost')).toHaveLength(1)
    far.regainMedia()
    await scene.event('call.media-back', call)
  },
}
