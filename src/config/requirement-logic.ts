import type { Requirement } from '../acd/requirement.ts'

/**
 * What is asked of one person at once: skills between two levels, teams to be in or not. A skill that is not held
 * meets `below` and no `from`.
 */
interface Conjunction {
  readonly skills: ReadonlyMap<string, { readonly from: number; readonly below: number }>
  readonly teams: ReadonlyMap<string, boolean>
}

/** Beyond so many alternatives a requirement is too rich to be judged: then it counts as fine. */
const MOST_ALTERNATIVES = 2000
const ANY_LEVEL = { from: 0, below: 11 }

/** Whether no person could ever meet this, whatever their skills and teams; false where that is not known. */
export function isImpossible(requirement: Requirement): boolean {
  return alternatives(requirement, true)?.length === 0
}

/** Whether everybody who meets `one` meets `other` too, whatever their skills and teams; false where not known. */
export function implies(one: Requirement, other: Requirement): boolean {
  return isImpossible({ all: [one, { not: other }] })
}

/** The ways in which it can be met (or, not `positive`, failed): none where there is no way. */
function alternatives(requirement: Requirement, positive: boolean): readonly Conjunction[] | undefined {
  if ('not' in requirement) return alternatives(requirement.not, !positive)
  if ('skill' in requirement) {
    const { skill, atLeast } = requirement
    const range = positive ? { ...ANY_LEVEL, from: atLeast } : { ...ANY_LEVEL, below: atLeast }
    return [{ skills: new Map([[skill, range]]), teams: new Map() }]
  }
  if ('team' in requirement) {
    return [{ skills: new Map(), teams: new Map([[requirement.team, positive]]) }]
  }
  const [parts, together] = 'all' in requirement ? [requirement.all, positive] : [requirement.any, !positive]
  let found: readonly Conjunction[] = together ? [{ skills: new Map(), teams: new Map() }] : []
  for (const part of parts) {
    const ways = alternatives(part, positive)
    if (!ways || found.length * ways.length > MOST_ALTERNATIVES) return undefined
    found = together ? found.flatMap((one) => ways.flatMap((other) => join(one, other))) : [...found, ...ways]
  }
  return found
}

/** Both at once; nothing where they exclude each other. */
function join(one: Conjunction, other: Conjunction): readonly Conjunction[] {
  const skills = new Map(one.skills)
  for (const [skill, range] of other.skills) {
    const before = skills.get(skill) ?? ANY_LEVEL
    const both = { from: Math.max(before.from, range.from), below: Math.min(before.below, range.below) }
    if (both.from >= both.below) return []
    skills.set(skill, both)
  }
  const teams = new Map(one.teams)
  for (const [team, inside] of other.teams) {
    if (teams.get(team) === !inside) return []
    teams.set(team, inside)
  }
  return [{ skills, teams }]
}
