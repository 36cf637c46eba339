import type { Skills } from '../acd/contract.ts'
import { SwitchroomError } from '../errors.ts'
import type { DatabaseTransaction } from './tables.ts'

const SKILL = /^[a-z][a-z0-9-]{0,39}$/

/** @throws SwitchroomError INPUT_INVALID */
export function checkSkills(skills: Skills): void {
  for (const [skill, level] of Object.entries(skills)) {
    if (!SKILL.test(skill)) {
      throw new SwitchroomError(
        'INPUT_INVALID',
        `The skill is called "${skill}"; it takes a lower-case letter, then up to 39 letters, digits and dashes.`,
      )
    }
    if (!Number.isInteger(level) || level < 1 || level > 10) {
      throw new SwitchroomError('INPUT_INVALID', `The level of ${skill} is ${level}; it takes 1 to 10.`)
    }
  }
}

/** Replaces the skills of a person. */
export async function writeSkills(
  transaction: DatabaseTransaction,
  userId: string,
  skills: Skills,
): Promise<void> {
  await transaction.deleteFrom('userSkills').where('userId', '=', userId).execute()
  const rows = Object.entries(skills).map(([skill, level]) => ({ userId, skill, level }))
  if (rows.length > 0) await transaction.insertInto('userSkills').values(rows).execute()
}
