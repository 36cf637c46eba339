import { type Activity, activities } from './activity.ts'
import { membershipOf } from './classes.ts'
import { viewOf } from './contact.ts'
import type { FloorIndex } from './floor-index.ts'
import type { Place, Queue } from './model.ts'
import { doingIn } from './profiles.ts'
import type { ContactView, QueueView } from './view.ts'

const column: Readonly<Partial<Record<Activity, keyof QueueView['agents']>>> = {
  free: 'free',
  'being-offered': 'busy',
  talking: 'busy',
  'wrapping-up': 'busy',
  'at-capacity': 'busy',
  'left-alone': 'busy',
  paused: 'paused',
  'device-unregistered': 'unreachable',
  'device-failed': 'unreachable',
}

/** The figures of a queue. Agents are counted by what they do on the phone. */
export function queueView(queue: Queue, index: FloorIndex, now: number): QueueView {
  const agents = { free: 0, busy: 0, paused: 0, unreachable: 0 }
  const [voice] = index.lanes()
  for (const profile of index.profiles.values()) {
    if (!membershipOf(profile, queue)) continue
    for (const [number, activity] of activities.entries()) {
      const name = column[activity]
      if (name && voice) agents[name] += doingIn(voice, profile, number)
    }
  }
  const longest = queue.first?.contact
  return {
    queue: queue.rules.id,
    waiting: queue.line.size,
    longestWaitMs: longest ? Math.max(0, now - longest.joinedAt) : 0,
    agents,
  }
}

/** The contacts of a queue with their positions: 1 is next. */
export function lineView(queue: Queue): ContactView[] {
  return [...queue.line].map((place, index) => viewOf(place, index + 1))
}

/** The position of one contact in its queue; undefined when it is not in the line. */
export function positionOf(queue: Queue, place: Place): number | undefined {
  const before = queue.line.countBefore(place)
  return before === undefined ? undefined : before + 1
}
