import { meets } from '../acd/requirement.ts'
import { type CenterFinding, errorAt, warningAt } from './center-finding.ts'
import type { Check, KnownPerson, Source } from './known-names.ts'
import { requirementOf } from './queue-rules.ts'
import type { Team } from './queue-schema.ts'
import { requirementFindings } from './requirement-findings.ts'
import { parseRequirement } from './requirement-text.ts'

/** What is wrong with the teams. */
export function teamFindings(
  teams: Source<'teams.yaml'>,
  { isSkill, isTeam, isAgent }: { readonly isSkill: Check; readonly isTeam: Check; readonly isAgent: Check },
): CenterFinding[] {
  return Object.entries(teams.value.teams).flatMap(([id, { agents, who }]) => {
    const found = agents.flatMap((agent, at) =>
      isAgent(agent, teams.place('teams', id, 'agents', String(at))),
    )
    if (who !== undefined) {
      const path = ['teams', id, 'who']
      const inside = teamsIn(who).map(({ name, index }) =>
        errorAt(
          teams.inside(index, ...path),
          'TEAM_IN_TEAM',
          `team ${id} asks for team ${name}: teams are made of agents and skills only`,
          `Name the skills of ${name} here, or ask for both teams where ${id} is asked for.`,
        ),
      )
      if (inside.length > 0) return [...found, ...inside]
      return [...found, ...requirementFindings({ value: who, path, source: teams }, { isSkill, isTeam })]
    }
    if (agents.length > 0) return found
    const message = `nobody is in team ${id}: it has no agents and no who`
    return [warningAt(teams.place('teams', id), 'EMPTY_TEAM', message, 'Add agents, or who.')]
  })
}

function teamsIn(who: NonNullable<Team['who']>) {
  if (typeof who !== 'string') return []
  const parsed = parseRequirement(who)
  return 'fault' in parsed ? [] : parsed.mentions.filter(({ kind }) => kind === 'team')
}

/** The teams that somebody belongs to: where they are listed, or meet `who`. */
export function teamsOf(
  { id, skills }: KnownPerson,
  teams: Readonly<Record<string, Pick<Team, 'agents' | 'who'>>>,
): readonly string[] {
  return Object.entries(teams).flatMap(([team, { agents, who }]) => {
    const inside =
      agents.includes(id) || (who !== undefined && meets({ skills, teams: [] }, requirementOf(who)))
    return inside ? [team] : []
  })
}
