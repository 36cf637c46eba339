import { type ErrorCode, SwitchroomError } from '../errors.ts'

/** Where something stands in a file. Lines and columns begin at 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Something in a file of the center that a person should mend, at the place where they would. */
export interface CenterFinding extends Place {
  readonly code: FindingCode
  /** A center with errors is not used; warnings are for people. */
  readonly severity: 'error' | 'warning'
  /** What was found and what was expected. */
  readonly message: string
  readonly remedy: string
}

/** Every finding in the files of a center: code -> what it means. `docs/center.md` lists them; a test compares. */
export const findingCodes = {
  MISSING_FILE: 'A file that every center must have is not there.',
  YAML_SYNTAX: 'The file is not YAML.',
  UNKNOWN_KEY: 'A key that does not exist there.',
  MISSING_KEY: 'A key that must be there is not.',
  WRONG_TYPE: 'A value of the wrong type.',
  WRONG_VALUE: 'A value that is not allowed there.',
  BAD_REQUIREMENT: 'A text that is no requirement.',
  NOBODY_FITS: 'A requirement that nobody could ever meet.',
  NO_MEMBERS: 'A queue that nobody who works here could serve.',
  SHADOWED_MEMBER: 'An entry of members by which nobody belongs, because earlier entries fit them.',
  SHADOWED_STEP: 'A step that asks nobody whom an earlier step does not ask already.',
  ENDLESS_OVERFLOW: 'Queues that overflow into each other, or into themselves.',
  MEANINGLESS_STRATEGY: 'A strategy that has nothing to compare in this queue.',
  HEAD_START_ORDER: 'A priority that is worth more waiting than a better one.',
  NEEDLESS_KEY: 'A key that has no effect there.',
  TEAM_IN_TEAM: 'A team that is made of another team.',
  EMPTY_TEAM: 'A team that nobody is in.',
  RESERVED_NAME: 'A skill is called like a word of requirements.',
  UNKNOWN_SKILL: 'A skill that skills.yaml does not have.',
  UNKNOWN_TEAM: 'A team that teams.yaml does not have.',
  UNKNOWN_QUEUE: 'A queue that queues.yaml does not have.',
  UNKNOWN_CALENDAR: 'A calendar that calendars.yaml does not have.',
  UNKNOWN_PAUSE_REASON: 'A pause reason that pause-reasons.yaml does not have.',
  UNKNOWN_DISPOSITION: 'A disposition that dispositions.yaml does not have.',
  UNKNOWN_AGENT: 'A person whom the center does not have.',
  UNKNOWN_FLOW: 'A flow that ivr-flows/ does not have.',
  UNKNOWN_VARIABLE: 'A variable that the flow does not have, or a value of another type.',
  UNKNOWN_LANGUAGE: 'A language that the flow does not list.',
  UNKNOWN_PROMPT: 'An audio file that is not there in that language.',
  UNKNOWN_TRUNK: 'A trunk that trunks.yaml does not have.',
  BAD_CALENDAR: 'A time zone or a date that there is not, or hours that end before they begin.',
  BAD_NUMBER: 'A number or pattern that is none, or two patterns that fit the same numbers.',
  BAD_TRUNK: 'A trunk that lacks what it needs.',
} as const
export type FindingCode = keyof typeof findingCodes

/** Makes a finding that keeps the center from being used. */
export function errorAt(place: Place, code: FindingCode, message: string, remedy: string): CenterFinding {
  return { ...place, code, severity: 'error', message, remedy }
}

/** Makes a finding that only tells. */
export function warningAt(place: Place, code: FindingCode, message: string, remedy: string): CenterFinding {
  return { ...place, code, severity: 'warning', message, remedy }
}

/** `file:line:column`, as editors and terminals take it. */
export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`
}

/** Two lines for each finding: what is wrong, and its remedy. */
export function findingsText(
  findings: readonly (Omit<CenterFinding, 'code'> & { readonly code: string })[],
): string {
  return findings
    .map(
      ({ severity, code, message, remedy, ...place }) =>
        `${placeText(place)}: ${severity} ${code}: ${message}\n    ${remedy}\n`,
    )
    .join('')
}

/** @throws SwitchroomError with `code`, naming every error among the findings; none: nothing happens */
export function refuseErrors(findings: readonly CenterFinding[], code: ErrorCode, remedy: string): void {
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return
  const lines = errors.map(({ message, ...place }) => `${placeText(place)} ${message}`)
  throw new SwitchroomError(code, [...new Set(lines)].join('\n'), { remedy })
}
