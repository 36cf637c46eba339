import type { Skills } from './contract.ts'

/** Whether somebody with `held` meets `required`. A skill that is not held is not level 0: it is never enough. */
export function meets(held: Skills, required: Skills): boolean {
  for (const skill of Object.keys(required)) if (shortfall(held, required, skill) !== undefined) return false
  return true
}

/** Why `held` does not meet `required`, in words; undefined when it does. */
export function whyNot(held: Skills, required: Skills): string | undefined {
  const shortfalls = Object.keys(required)
    .sort()
    .flatMap((skill) => shortfall(held, required, skill) ?? [])
  return shortfalls.length > 0 ? shortfalls.join(', ') : undefined
}

/** Both requirements at once: where both name a skill, the higher level. */
export function both(one: Skills, other: Skills): Skills {
  const levels = new Map(Object.entries(one))
  for (const [skill, level] of Object.entries(other)) {
    levels.set(skill, Math.max(level, levels.get(skill) ?? level))
  }
  return Object.fromEntries(levels)
}

/** The same text for the same skills at the same levels, in whatever order they were written. */
export function signature(skills: Skills): string {
  const entries = Object.entries(skills)
  return JSON.stringify(entries.sort(([one], [other]) => (one < other ? -1 : 1)))
}

function shortfall(held: Skills, required: Skills, skill: string): string | undefined {
  const level = Object.hasOwn(held, skill) ? held[skill] : undefined
  const needed = required[skill]
  if (level === undefined) return `no ${skill}`
  return needed === undefined || level >= needed ? undefined : `${skill} ${level} is below ${needed}`
}
