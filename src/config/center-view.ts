import { meets } from '../acd/requirement.ts'
import type { RoutingRules, StrategyName } from '../acd/rules.ts'
import type { CenterRules } from './center.ts'
import type { KnownPerson } from './known-names.ts'
import { type Bound, type Membership, overtakingBounds, type StaffedQueue } from './queue-bounds.ts'

export interface PersonRef {
  readonly id: string
  readonly name: string
}

/** What the rules come to with the people that there are. */
export interface StaffedRules {
  readonly queues: readonly {
    readonly id: string
    readonly name: string
    readonly strategy: StrategyName
    readonly strictClass: number
    /** Those of the best preference first. */
    readonly members: readonly {
      readonly agent: PersonRef
      readonly preference: number
      readonly delayMs: number
    }[]
    readonly bounds: readonly Bound[]
  }[]
  readonly teams: readonly {
    readonly id: string
    readonly name: string
    readonly agents: readonly PersonRef[]
  }[]
}

export function staffedRules(
  { queues, teams, routing }: CenterRules,
  people: readonly (KnownPerson & PersonRef)[],
): StaffedRules {
  const named = new Map(people.map(({ id, name }) => [id, { id, name }]))
  const personOf = (id: string): PersonRef => named.get(id) ?? { id, name: id }
  const able = people.map((person) => ({ ...person, teams: teamsOf(person, routing) }))
  const staffed: readonly StaffedQueue[] = queues.map(({ rules }) => ({
    rules,
    members: able
      .flatMap((person): Membership[] => {
        const entry = rules.members.find(({ who }) => meets(person, who))
        return entry ? [{ agent: person.id, preference: entry.preference, delayMs: entry.delayMs }] : []
      })
      .toSorted((one, other) => one.preference - other.preference),
  }))
  const bounds = overtakingBounds(staffed)
  return {
    queues: staffed.map((queue, at) => ({
      id: queue.rules.id,
      name: queues[at]?.name ?? queue.rules.id,
      strategy: queue.rules.strategy,
      strictClass: queue.rules.strictClass,
      members: queue.members.map(({ agent, preference, delayMs }) => ({
        agent: personOf(agent),
        preference,
        delayMs,
      })),
      bounds: bounds[at] ?? [],
    })),
    teams: teams.map(({ id, name }) => ({
      id,
      name,
      agents: able.flatMap((person) => (person.teams.includes(id) ? [personOf(person.id)] : [])),
    })),
  }
}

function teamsOf({ id, skills }: KnownPerson, { teams }: RoutingRules): readonly string[] {
  return teams.flatMap(({ id: team, agents, who }) =>
    agents.includes(id) || (who !== undefined && meets({ skills, teams: [] }, who)) ? [team] : [],
  )
}
