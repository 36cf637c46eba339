import type { QueueRules, Requirement } from './contract.ts'
import { allOf, anyOf } from './requirement.ts'

/** What an agent must meet: membership of the queue, and the contact's own requirement. */
export function requiredOf(rules: QueueRules | undefined, own: Requirement): Requirement {
  return rules ? allOf([anyOf(rules.members.map(({ who }) => who)), own]) : own
}
