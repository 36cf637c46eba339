import type { Skills } from '../acd/contract.ts'
import { SwitchroomError } from '../errors.ts'

/**
 * Skills as they are typed: `billing=5`. Level 0 takes a skill away, so it is allowed here.
 * @throws SwitchroomError USAGE
 */
export function readSkills(texts: readonly string[], usage: string): Skills {
  return Object.fromEntries(
    texts.map((text) => {
      const [, skill, level] = /^([^=]+)=(10|\d)$/.exec(text) ?? []
      if (skill !== undefined && level !== undefined) return [skill, Number(level)] as const
      throw new SwitchroomError('USAGE', `found "${text}", expected skill=level with a level of 1 to 10`, {
        remedy: usage,
      })
    }),
  )
}

/** Those of `changes` over those of `before`; level 0 takes a skill away. */
export function mergedSkills(before: Skills, changes: Skills): Skills {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, level]) => level > 0))
}

/** For people: `billing 5, en 10`. */
export function skillsText(skills: Skills): string {
  const list = Object.entries(skills).map(([skill, level]) => `${skill} ${level}`)
  return list.length === 0 ? '-' : list.join(', ')
}
