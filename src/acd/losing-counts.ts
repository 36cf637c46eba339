import { activities } from './activity.ts'
import type { Agent } from './agent.ts'
import { losing, type Question, whyNotAsked } from './losing.ts'
import type { LosingReason, ReasonCount } from './why.ts'

/** In the order in which they are told: first what agents do, the free ones as ranked lower. */
const reasons: readonly LosingReason[] = [
  ...activities.map((activity) => (activity === 'free' ? 'ranked-lower' : activity)),
  'not-yet',
  'not-in-step',
  'lacks-skills',
]
const LACKS_SKILLS = reasons.length - 1

/**
 * Everybody but those who are named already, counted by reason. Touches profiles, not people.
 * @param named each once
 */
export function countOthers(question: Question, named: readonly Agent[]): readonly ReasonCount[] {
  const counts = countEverybody(question)
  for (const agent of named) {
    const loss = losing(question, agent)
    const reason = loss && loss[0] !== 'refused-this-contact' ? reasons.indexOf(loss[0]) : 0
    counts[reason] = (counts[reason] ?? 0) - 1
  }
  const told: ReasonCount[] = []
  for (let at = 0; at < reasons.length; at++) {
    const agents = counts[at] ?? 0
    const reason = reasons[at]
    if (agents > 0 && reason) told.push({ reason, agents })
  }
  return told
}

/** By number of the reason. */
function countEverybody(question: Question): Int32Array {
  const { floor, pool, place } = question
  const { profiles: people } = floor.index
  const { lane, profiles } = pool.profiles
  const counts = new Int32Array(reasons.length)
  const { doing } = lane
  let unasked = people.headcount
  for (let at = profiles.next(0); at >= 0; at = profiles.next(at + 1)) {
    const from = at * activities.length
    for (let number = 0; number < activities.length; number++) {
      const agents = doing[from + number] ?? 0
      counts[number] = (counts[number] ?? 0) + agents
      unasked -= agents
    }
  }
  const base = place.plan?.base
  // Those whom a later step or a delay keeps out meet everything else.
  if (base && base !== pool.profiles) {
    for (let at = base.profiles.next(0); at >= 0; at = base.profiles.next(at + 1)) {
      const profile = profiles.has(at) ? undefined : people.get(at)
      if (!profile) continue
      const reason = reasons.indexOf(whyNotAsked(question, profile)[0])
      counts[reason] = (counts[reason] ?? 0) + profile.size
      unasked -= profile.size
    }
  }
  counts[LACKS_SKILLS] = (counts[LACKS_SKILLS] ?? 0) + unasked
  return counts
}
