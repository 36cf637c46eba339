import type { Skills } from '../ids.ts'

/** The levels of these skills, added up; up to 9,999. */
export function levelsIn(held: Skills, asked: readonly string[]): number {
  let sum = 0
  for (const skill of asked) if (Object.hasOwn(held, skill)) sum += held[skill] ?? 0
  return Math.min(sum, 9_999)
}
