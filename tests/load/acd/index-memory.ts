import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { placeOf } from '../../../src/acd/contact.ts'
import { comeIn } from '../../../src/acd/queue.ts'
import { State } from '../../../src/acd/state.ts'
import type { BusyCenter } from './busy-center.ts'

/**
 * Bytes that the index holds per waiting contact: places, heaps and lines are built beside the facts of the
 * contacts, which are there already, and the heap is measured before and after.
 */
export function indexBytesPerContact(center: BusyCenter): number {
  const snapshot = center.engine.snapshot()
  const waiting = snapshot.contacts.filter(({ state }) => state === 'waiting')
  const state = State.restore({ ...snapshot, contacts: [], timers: [] })
  const places: unknown[] = []
  const before = heapUsed()
  for (const contact of waiting) {
    const place = placeOf(contact)
    const queue = state.queues.get(contact.queue)
    if (!queue) continue
    comeIn(queue, place)
    state.index.enter(place, queue)
    state.index.setStage(place, state.now)
    state.index.wait(place)
    places.push(place)
  }
  const bytes = heapUsed() - before
  // The list itself is the benchmark's.
  return bytes / places.length - 8
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') for (let round = 0; round < 3; round++) collect()
  return process.memoryUsage().heapUsed
}
