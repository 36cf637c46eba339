import type { Skills } from './ids.ts'

/** The same text for the same skills at the same levels, in whatever order they were written. */
export function signature(skills: Skills): string {
  const entries = Object.entries(skills)
  return JSON.stringify(entries.sort(([one], [other]) => (one < other ? -1 : 1)))
}
