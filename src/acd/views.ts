import type { Activity } from './agent.ts'
import { byPlace, type Contact, viewOf } from './contact.ts'
import type { ContactView, QueueRules, QueueView } from './contract.ts'
import type { Groups } from './groups.ts'
import { requiredOf } from './required.ts'
import { ANYONE, meets } from './requirement.ts'

/** A queue and everybody in it who is not connected yet, in the order of arrival. */
export interface Queue {
  rules: QueueRules
  /** False when the latest rules no longer have it; its contacts are still served. */
  configured: boolean
  readonly line: Set<Contact>
}

const column: Readonly<Partial<Record<Activity, keyof QueueView['agents']>>> = {
  free: 'free',
  'being-offered': 'busy',
  talking: 'busy',
  'wrapping-up': 'busy',
  'left-alone': 'busy',
  paused: 'paused',
  'device-unregistered': 'unreachable',
  'device-failed': 'unreachable',
}

export function queueView(queue: Queue, groups: Groups, now: number): QueueView {
  const agents = { free: 0, busy: 0, paused: 0, unreachable: 0 }
  for (const group of groups.agentGroups()) {
    if (!meets({ skills: group.skills, teams: [] }, requiredOf(queue.rules, ANYONE))) continue
    for (const [activity, count] of group.doing) {
      const name = column[activity]
      if (name) agents[name] += count
    }
  }
  const [longest] = queue.line
  return {
    queue: queue.rules.id,
    waiting: queue.line.size,
    longestWaitMs: longest ? Math.max(0, now - longest.joinedAt) : 0,
    agents,
  }
}

/** The contacts of a queue with their positions: 1 is next. */
export function lineView(queue: Queue): ContactView[] {
  return [...queue.line].sort(byPlace).map((contact, index) => viewOf(contact, index + 1))
}

/** The position of one contact in its queue. */
export function positionOf(queue: Queue, contact: Contact): number | undefined {
  if (!queue.line.has(contact)) return undefined
  let position = 1
  for (const other of queue.line) if (byPlace(other, contact) < 0) position++
  return position
}
