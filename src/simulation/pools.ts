import type { QueueRules, RoutingRules } from '../acd/contract.ts'
import { meets } from '../acd/requirement.ts'
import type { CenterPlan, Profile } from './center-plan.ts'

/** Queues that depend on each other because they share agents or overflow, and everybody who serves them. */
export interface Pool {
  readonly queues: readonly string[]
  readonly profiles: readonly Profile[]
}

/** Cuts a center into parts that have nothing to do with each other. Queues without traffic do not join others. */
export function poolsOf({ rules, profiles, streams }: CenterPlan): Pool[] {
  const busy = new Set(streams.flatMap(({ requests }) => requests.map(({ request }) => request.queue)))
  const pools: { queues: string[]; profiles: Profile[] }[] = []
  for (const queue of rules.queues.filter(({ id }) => busy.has(id))) {
    const ways = [queue, ...overflowsOf(queue, rules)]
    const members = profiles.filter((profile) => ways.some((way) => serves(profile, way, rules)))
    const shared = pools.filter((pool) => pool.profiles.some((profile) => members.includes(profile)))
    for (const pool of shared) pools.splice(pools.indexOf(pool), 1)
    pools.push({
      queues: [...shared.flatMap((pool) => pool.queues), queue.id],
      profiles: [...new Set([...shared.flatMap((pool) => pool.profiles), ...members])],
    })
  }
  return pools
}

/** The queues into which contacts of this one may go on, each once. */
function overflowsOf(from: QueueRules, { queues }: RoutingRules): QueueRules[] {
  const found: QueueRules[] = []
  for (let at: QueueRules | undefined = from; at; ) {
    const { afterwards }: QueueRules = at
    at = afterwards.do === 'overflow' ? queues.find(({ id }) => id === afterwards.queue) : undefined
    if (at && found.includes(at)) break
    if (at) found.push(at)
  }
  return found
}

function serves({ agents, skills }: Profile, { members }: QueueRules, { teams }: RoutingRules): boolean {
  return agents.some((agent) => {
    const own = teams.filter(
      (team) => team.agents.includes(agent) || (team.who && meets({ skills, teams: [] }, team.who)),
    )
    const able = { skills, teams: own.map(({ id }) => id) }
    return members.some(({ who }) => meets(able, who))
  })
}
