import type { Agent, Work } from './agent.ts'
import type { Channel } from './ids.ts'
import type { CapacityRules } from './rules.ts'
import type { LosingReason } from './why.ts'

/** What an agent does, as far as contacts of one channel care. Everybody who is not `free` loses for that reason. */
export type Activity =
  | 'free'
  | Exclude<
      LosingReason,
      'ranked-lower' | 'refused-this-contact' | 'lacks-skills' | 'not-in-step' | 'not-yet'
    >

/** In the order in which explanations count them. */
export const activities: readonly Activity[] = [
  'free',
  'being-offered',
  'talking',
  'wrapping-up',
  'at-capacity',
  'left-alone',
  'paused',
  'device-unregistered',
  'device-failed',
  'logged-out',
]

const numbers = Object.fromEntries(activities.map((activity, index) => [activity, index]))

/** Its place in `activities`. */
export function numberOf(activity: Activity): number {
  return numbers[activity] ?? 0
}

/** What those do who take contacts: now, or when they are through with what they have. */
export const atWork: readonly number[] = [0, 1, 2, 3, 4, 5]
export const FREE = 0
export const LOGGED_OUT = activities.length - 1

/** Contacts of a channel that somebody with these rules takes at a time. */
export function slotsFor(capacity: CapacityRules, channel: Channel): number {
  return capacity.slots[channel] ?? (channel === 'voice' ? 1 : 0)
}

export function activityOf(agent: Agent, channel: Channel, capacity: CapacityRules): Activity {
  if (agent.presence === 'logged-out') return 'logged-out'
  const slots = slotsFor(capacity, channel)
  const { work } = agent
  if (work.length > 0) {
    const here = work.filter((each) => each.channel === channel)
    if (here.length >= slots && here.length > 0) return filledBy(here)
  }
  if (slots <= 0) return 'at-capacity'
  if (agent.presence !== 'available') return 'paused'
  if (channel === 'voice' && agent.device !== 'ok') {
    return agent.device === 'failed' ? 'device-failed' : 'device-unregistered'
  }
  if (work.length > 0 && isHeldBack(work, channel, capacity)) return 'at-capacity'
  return agent.leftAlone ? 'left-alone' : 'free'
}

/** Whether work of another channel leaves no room for one more of this. */
function isHeldBack(work: readonly Work[], channel: Channel, capacity: CapacityRules): boolean {
  const here = work.filter((each) => each.channel === channel).length
  return work.some((each) => here >= (capacity.while[each.channel]?.[channel] ?? Number.POSITIVE_INFINITY))
}

function filledBy(work: readonly Work[]): Activity {
  if (work.some(({ state }) => state === 'reserved' || state === 'offered')) return 'being-offered'
  return work.some(({ state }) => state === 'connected') ? 'talking' : 'wrapping-up'
}
