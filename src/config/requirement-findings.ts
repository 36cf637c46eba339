import type { Requirement } from '../acd/requirement.ts'
import { type CenterFinding, errorAt } from './center-finding.ts'
import type { Check } from './known-names.ts'
import { requirementOf, type WrittenRequirement } from './queue-rules.ts'
import { isImpossible } from './requirement-logic.ts'
import { parseRequirement } from './requirement-text.ts'
import type { YamlSource } from './yaml-file.ts'

/** A requirement as it stands in a file. */
export interface Written {
  readonly value: WrittenRequirement
  readonly source: Pick<YamlSource<unknown>, 'place' | 'inside'>
  readonly path: readonly string[]
}

/** What is wrong with a requirement by itself: words, names, and whether anybody could ever meet it. */
export function requirementFindings(
  { value, source, path }: Written,
  { isSkill, isTeam }: { readonly isSkill: Check; readonly isTeam: Check },
): CenterFinding[] {
  if (typeof value === 'string') {
    const parsed = parseRequirement(value)
    if ('fault' in parsed) {
      const { index, message, remedy } = parsed.fault
      return [errorAt(source.inside(index, ...path), 'BAD_REQUIREMENT', message, remedy)]
    }
    const unknown = parsed.mentions.flatMap(({ kind, name, index }) =>
      (kind === 'skill' ? isSkill : isTeam)(name, source.inside(index, ...path)),
    )
    if (unknown.length > 0) return unknown
  } else {
    const unknown = Object.keys(value).flatMap((skill) => isSkill(skill, source.place(...path, skill)))
    if (unknown.length > 0) return unknown
  }
  return isImpossible(requirementOf(value))
    ? [
        errorAt(
          source.place(...path),
          'NOBODY_FITS',
          'nobody could ever meet this: its parts exclude each other',
          'Write or where one of several is enough; remove what contradicts the rest.',
        ),
      ]
    : []
}

/** The requirement; undefined where the text is none. */
export function readable(value: WrittenRequirement): Requirement | undefined {
  if (typeof value !== 'string') return requirementOf(value)
  const parsed = parseRequirement(value)
  return 'fault' in parsed ? undefined : parsed.requirement
}
