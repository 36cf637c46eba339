import { expect } from 'vitest'
import type { Cases } from './cases.ts'
import type { EventOf, Faults } from './rig.ts'
import type { Scene } from './scene.ts'

/** A backend may look for what it has lost in steps of seconds. */
const PATIENCE_MS = 30_000

export const losses: Cases = {
  'what the backend stands on is ready at the start': async (scene) => {
    faultsOf(scene)
    const ready = scene.earlier.filter((event) => event.type === 'backend.ready')
    expect(ready.length).toBeGreaterThan(0)
    expect(ready.at(-1)).toMatchObject({ serving: true })
  },
  'a loss is told once, and that it is mended too': async (scene) => {
    const { lose, mend } = faultsOf(scene)
    await lose()
    const { backend, detail } = await lost(scene)
    expect(detail).not.toBe('')
    await mend()
    expect((await ready(scene)).backend).toBe(backend)
    expect(scene.events.filter((event) => event.type === 'backend.lost')).toHaveLength(1)
  },
  'a call that was up goes on, or ends as backend-lost': async (scene) => {
    const { lose, mend } = faultsOf(scene)
    const { call } = await scene.answered()
    await lose()
    await lost(scene)
    await mend()
    await ready(scene)
    const { short } = scene.rig.files
    const play = { type: 'play', call, items: [{ file: short }], interruptible: true } as const
    const ending = await scene.ending(play, PATIENCE_MS)
    if (ending.type === 'call.played') return
    const end = scene.events.find((event) => event.type === 'call.ended' && event.call === call)
    expect(end).toMatchObject({ cause: 'backend-lost', by: 'network' })
  },
  'a phone that rings through a loss is left in peace or can still answer; the dial ends': async (scene) => {
    const { lose, mend } = faultsOf(scene)
    const { call, far, id } = await scene.ringing()
    await lose()
    await lost(scene)
    await mend()
    await ready(scene)
    if (!scene.typesOf(call).includes('call.ended')) far.answer()
    const ending = await scene.endingOf(id, PATIENCE_MS)
    if (ending.type === 'call.ended') expect(ending).toMatchObject({ cause: 'backend-lost', by: 'network' })
    else expect(ending).toMatchObject({ type: 'call.answered' })
  },
  'a dial during a loss ends as backend-lost': async (scene) => {
    const { lose, mend } = faultsOf(scene)
    const phone = await scene.rig.phone()
    await lose()
    await lost(scene)
    const { call } = scene.dial(phone.target)
    expect(await scene.event('call.ended', call)).toMatchObject({ cause: 'backend-lost', by: 'network' })
    await mend()
    await ready(scene)
  },
  'after a loss calls come and go as before': async (scene) => {
    const { lose, mend } = faultsOf(scene)
    await lose()
    await lost(scene)
    await mend()
    await ready(scene)
    const [caller, agent] = await scene.bridged()
    caller.far.speak(3_000)
    await scene.hears(agent.far, 'voice')
  },
}

function faultsOf({ rig }: Scene): Faults {
  if (!rig.faults) throw new Error('nothing of this rig can be lost: skip the case, with the reason')
  return rig.faults
}

function lost(scene: Scene): Promise<EventOf<'backend.lost'>> {
  return scene.until(
    'backend.lost',
    () => scene.events.find((event): event is EventOf<'backend.lost'> => event.type === 'backend.lost'),
    PATIENCE_MS,
  )
}

function ready(scene: Scene): Promise<EventOf<'backend.ready'>> {
  return scene.until(
    'backend.ready',
    () =>
      scene.events.find(
        (event): event is EventOf<'backend.ready'> => event.type === 'backend.ready' && event.serving,
      ),
    PATIENCE_MS,
  )
}
