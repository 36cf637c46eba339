/** A fault in a flow file, at the place where a person would mend it. Lines and columns begin at 1. */
export interface FlowProblem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly code: ProblemCode
  /** A flow with errors is not used; warnings are for people. */
  readonly severity: 'error' | 'warning'
  /** What was found and what was expected. */
  readonly message: string
  /** What to do. */
  readonly remedy: string
}

/** Every problem that a flow file can have: code -> what it means. `docs/flows.md` lists them; a test compares. */
export const problemCodes = {
  YAML_SYNTAX: 'The file is not YAML.',
  DUPLICATE_KEY: 'A key occurs twice in the same place, for example a choice of a menu.',
  UNKNOWN_KEY: 'A key that does not exist there.',
  MISSING_KEY: 'A key that must be there is not.',
  WRONG_TYPE: 'A value of the wrong type.',
  WRONG_VALUE: 'A value that is not allowed there.',
  UNKNOWN_NODE: 'A name that no node has.',
  UNREACHABLE_NODE: 'No path from the start leads to the node.',
  MISSING_EXIT: 'A node can end in a way for which it has no exit.',
  NEEDLESS_KEY: 'A key that has no effect without another one.',
  BAD_LIMITS: 'Two limits contradict each other.',
  BAD_PATTERN: 'Not a regular expression.',
  BAD_EXPRESSION: 'Not a CEL expression.',
  EXPRESSION_TYPE: 'The value of an expression has the wrong type for its place.',
  UNKNOWN_VARIABLE: 'A name that no variable has.',
  UNUSED_VARIABLE: 'Nothing uses the variable.',
  SECRET_EXPOSED: 'The value of a secret variable would be spoken, logged or sent.',
  UNKNOWN_LANGUAGE: 'A language that the flow does not list.',
  MISSING_LANGUAGE: 'A text is missing in one of the languages of the flow.',
  ENDLESS_CYCLE: 'Nodes lead round in a circle without ever waiting.',
  SILENT_CYCLE: 'A caller who presses nothing goes round in a circle for ever.',
  UNKNOWN_QUEUE: 'A queue that the center does not have.',
  UNKNOWN_SKILL: 'A skill that the center does not have.',
  UNKNOWN_AGENT: 'An agent whom the center does not have.',
  UNKNOWN_CALENDAR: 'A calendar that the center does not have.',
  UNKNOWN_MAILBOX: 'A mailbox that the center does not have.',
  UNKNOWN_ROUTE: 'A number that no route of the center carries.',
  UNKNOWN_MUSIC: 'Music that the center does not have.',
  UNKNOWN_PROMPT: 'An audio file that is missing in a language of the flow.',
} as const
export type ProblemCode = keyof typeof problemCodes

/** One line for each problem, and one with its remedy. */
export function formatProblems(problems: readonly FlowProblem[]): string {
  return problems
    .map(
      ({ file, line, column, severity, code, message, remedy }) =>
        `${file}:${line}:${column}: ${severity} ${code}: ${message}\n    ${remedy}\n`,
    )
    .join('')
}

/** The one of `known` that somebody who wrote `found` probably meant. */
export function closest(found: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.min(found.length, Math.max(1, Math.floor(found.length / 3)) + 1)
  for (const candidate of known) {
    const distance = editDistance(found.toLowerCase(), candidate.toLowerCase())
    if (distance < least) {
      best = candidate
      least = distance
    }
  }
  return best
}

/** "Did you mean x?", or the names that there are. */
export function suggest(found: string, known: readonly string[], none: string): string {
  const meant = closest(found, known)
  if (meant !== undefined) return `Did you mean ${meant}?`
  if (known.length === 0) return none
  const more = known.length > maxListed ? ` and ${known.length - maxListed} more` : ''
  return `There are: ${known.toSorted().slice(0, maxListed).join(', ')}${more}.`
}

const maxListed = 12

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      current[column] = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = previous
    previous = current
  }
  return previous[b.length] ?? 0
}
