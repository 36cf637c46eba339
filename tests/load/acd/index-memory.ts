import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { placeOf } from '../../../src/acd/contact.ts'
import type { Contact, Place } from '../../../src/acd/model.ts'
import { comeIn } from '../../../src/acd/queue.ts'
import { State } from '../../../src/acd/state.ts'
import type { BusyCenter } from './busy-center.ts'

/**
 * Bytes that the index holds per waiting contact: places, heaps and lines are built beside the facts of the
 * contacts, which are there already, and the heap is measured before and after. The greatest of several times: what
 * else is given free meanwhile makes it less, and nothing makes it more.
 */
export function indexBytesPerContact(center: BusyCenter): number {
  const built = [1, 2, 3].map(() => build(factsOf(center)))
  return Math.max(...built.map(({ bytes, places }) => bytes / places.length))
}

function build({ waiting, state }: ReturnType<typeof factsOf>): { bytes: number; places: readonly Place[] } {
  const places: Place[] = Array.from({ length: waiting.length })
  const before = heapUsed()
  for (const [number, contact] of waiting.entries()) {
    const place = placeOf(contact)
    const queue = state.queues.get(contact.queue)
    if (!queue) continue
    comeIn(queue, place)
    state.index.enter(place, queue)
    state.index.setStage(place, state.now)
    state.index.wait(place)
    places[number] = place
  }
  return { bytes: heapUsed() - before, places }
}

/** In a function of its own, so that nothing else of the snapshot is alive while memory is measured. */
function factsOf(center: BusyCenter): { waiting: readonly Contact[]; state: State } {
  const snapshot = center.engine.snapshot()
  const waiting = snapshot.contacts.filter((contact) => contact.state === 'waiting')
  return { waiting, state: State.restore({ ...snapshot, contacts: [], timers: [] }) }
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') for (let round = 0; round < 3; round++) collect()
  return process.memoryUsage().heapUsed
}
