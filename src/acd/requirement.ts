import type { Skills } from './ids.ts'

/**
 * What somebody must be able to do: a boolean expression over skills and teams, as plain data.
 *
 * A skill that is not held fails every comparison: it is not level 0. `not` of that is true.
 */
export type Requirement =
  /** Holds the skill at this level, 1 to 10, or better. */
  | { readonly skill: string; readonly atLeast: number }
  | { readonly team: string }
  /** Every one of these; of none: anyone. */
  | { readonly all: readonly Requirement[] }
  /** At least one of these; of none: nobody. */
  | { readonly any: readonly Requirement[] }
  | { readonly not: Requirement }

/** A person, as a requirement sees one. */
export interface Able {
  readonly skills: Skills
  readonly teams: readonly string[]
}

export const ANYONE: Requirement = { all: [] }
export const NOBODY: Requirement = { any: [] }

/** All of these skills, at these levels. */
export function allSkills(skills: Skills): Requirement {
  return allOf(Object.entries(skills).map(([skill, atLeast]) => ({ skill, atLeast })))
}

export function allOf(requirements: readonly Requirement[]): Requirement {
  return joined('all', requirements)
}

export function anyOf(requirements: readonly Requirement[]): Requirement {
  return joined('any', requirements)
}

export function meets(person: Able, requirement: Requirement): boolean {
  if ('skill' in requirement) {
    const { skill, atLeast } = requirement
    return Object.hasOwn(person.skills, skill) && (person.skills[skill] ?? 0) >= atLeast
  }
  if ('team' in requirement) return person.teams.includes(requirement.team)
  if ('all' in requirement) return requirement.all.every((part) => meets(person, part))
  if ('any' in requirement) return requirement.any.some((part) => meets(person, part))
  return !meets(person, requirement.not)
}

/** Why this person does not meet the requirement, in words; undefined when they do. */
export function whyNot(person: Able, requirement: Requirement): string | undefined {
  if (meets(person, requirement)) return undefined
  if ('skill' in requirement) {
    const { skill, atLeast } = requirement
    const held = Object.hasOwn(person.skills, skill) ? person.skills[skill] : undefined
    return held === undefined ? `no ${skill}` : `${skill} ${held} is below ${atLeast}`
  }
  if ('team' in requirement) return `not in team ${requirement.team}`
  if ('all' in requirement) return requirement.all.flatMap((part) => whyNot(person, part) ?? []).join(', ')
  if ('not' in requirement) return `has ${inWords(requirement.not)}, which is ruled out`
  if (requirement.any.length === 0) return 'nobody is asked for'
  return requirement.any.map((part) => whyNot(person, part)).join(' and ')
}

/** As files write it: `billing:3 and (en or es:5) and not team:trainees`. */
export function inWords(requirement: Requirement): string {
  if ('skill' in requirement) {
    const { skill, atLeast } = requirement
    return atLeast <= 1 ? skill : `${skill}:${atLeast}`
  }
  if ('team' in requirement) return `team:${requirement.team}`
  if ('not' in requirement) return `not ${bracketed(requirement.not)}`
  const [word, parts] = 'all' in requirement ? ['and', requirement.all] : ['or', requirement.any]
  if (parts.length === 0) return word === 'and' ? 'anyone' : 'nobody'
  if (parts.length === 1 && parts[0]) return inWords(parts[0])
  return parts.map(bracketed).join(` ${word} `)
}

/** Skills and teams that the requirement names, each once. */
export function namesIn(requirement: Requirement): { readonly skills: string[]; readonly teams: string[] } {
  const skills = new Set<string>()
  const teams = new Set<string>()
  const collect = (part: Requirement): void => {
    if ('skill' in part) skills.add(part.skill)
    else if ('team' in part) teams.add(part.team)
    else if ('not' in part) collect(part.not)
    else for (const each of 'all' in part ? part.all : part.any) collect(each)
  }
  collect(requirement)
  return { skills: [...skills], teams: [...teams] }
}

/**
 * The same requirement without detours, in an order of its own: two that ask for the same parts become the same
 * data, in whatever order they were written. Of several levels of one skill the decisive one is left.
 */
export function normalForm(requirement: Requirement): Requirement {
  if ('not' in requirement) {
    const part = normalForm(requirement.not)
    return 'not' in part ? part.not : { not: part }
  }
  if ('skill' in requirement) return { skill: requirement.skill, atLeast: requirement.atLeast }
  if ('team' in requirement) return { team: requirement.team }
  const kind = 'all' in requirement ? 'all' : 'any'
  const written = 'all' in requirement ? requirement.all : requirement.any
  if (written.length === 0) return requirement
  const levels = new Map<string, number>()
  const others = new Map<string, Requirement>()
  for (const part of written.flatMap((each) => flattened(kind, normalForm(each)))) {
    if ('skill' in part) {
      const level = levels.get(part.skill) ?? part.atLeast
      levels.set(part.skill, kind === 'all' ? Math.max(level, part.atLeast) : Math.min(level, part.atLeast))
    } else others.set(JSON.stringify(part), part)
  }
  const skills = [...levels].sort(byKey).map(([skill, atLeast]) => ({ skill, atLeast }))
  const parts = [...skills, ...[...others].sort(byKey).map(([, part]) => part)]
  // Nobody among all, or anyone among some, decides alone.
  const decisive = parts.find((part) => flattened(kind === 'all' ? 'any' : 'all', part).length === 0)
  return decisive ?? joined(kind, parts)
}

function flattened(kind: 'all' | 'any', part: Requirement): readonly Requirement[] {
  if (kind === 'all' && 'all' in part) return part.all
  if (kind === 'any' && 'any' in part) return part.any
  return [part]
}

function joined(kind: 'all' | 'any', parts: readonly Requirement[]): Requirement {
  const [only, ...others] = parts
  if (only && others.length === 0) return only
  return kind === 'all' ? { all: parts } : { any: parts }
}

function bracketed(part: Requirement): string {
  const words = inWords(part)
  return / (and|or) /.test(words) ? `(${words})` : words
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}
