import { type Activity, activities } from './activity.ts'
import type { Agent } from './agent.ts'
import { losing, type Question, whyNotAsked } from './losing.ts'
import type { LosingReason, ReasonCount } from './why.ts'

const reasons: readonly LosingReason[] = [
  'ranked-lower',
  'refused-this-contact',
  ...activities.filter((activity): activity is Exclude<Activity, 'free'> => activity !== 'free'),
  'not-yet',
  'not-in-step',
  'lacks-skills',
]

/** Everybody but those who are named already, counted by reason. Touches profiles, not people. */
export function countOthers(question: Question, named: ReadonlySet<Agent>): readonly ReasonCount[] {
  const { floor, pool, place } = question
  const { lane } = pool.profiles
  const doing = new Int32Array(activities.length)
  let asked = 0
  const { profiles } = pool.profiles
  for (let at = profiles.next(0); at >= 0; at = profiles.next(at + 1)) {
    const profile = floor.index.profiles.get(at)
    const here = profile?.lanes[lane.index]?.doing
    if (!profile || !here) continue
    asked += profile.size
    for (let number = 0; number < doing.length; number++) {
      doing[number] = (doing[number] ?? 0) + (here[number] ?? 0)
    }
  }
  const counts = new Map<LosingReason, number>()
  const add = (reason: LosingReason, agents: number): void => {
    counts.set(reason, (counts.get(reason) ?? 0) + agents)
  }
  for (const [number, activity] of activities.entries()) {
    add(activity === 'free' ? 'ranked-lower' : activity, doing[number] ?? 0)
  }
  let unasked = floor.index.profiles.headcount - asked
  // Those whom a later step or a delay keeps out meet everything else.
  const base = place.plan?.base.profiles
  for (let at = base?.next(0) ?? -1; at >= 0; at = base?.next(at + 1) ?? -1) {
    const profile = profiles.has(at) ? undefined : floor.index.profiles.get(at)
    if (!profile) continue
    const [reason] = whyNotAsked(question, profile)
    add(reason, profile.size)
    unasked -= profile.size
  }
  add('lacks-skills', unasked)
  for (const agent of named) {
    const [reason] = losing(question, agent) ?? ['ranked-lower' as const]
    const isCountedFree = reason === 'refused-this-contact'
    add(isCountedFree ? 'ranked-lower' : reason, -1)
  }
  return reasons.flatMap((reason) => {
    const agents = counts.get(reason) ?? 0
    return agents > 0 ? [{ reason, agents }] : []
  })
}
