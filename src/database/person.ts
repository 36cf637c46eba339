import type { Skills } from '../acd/contract.ts'
import { SwitchroomError } from '../errors.ts'
import { checkSkills } from './skills.ts'
import type { Role } from './tables.ts'

/** Somebody who can sign in. The id never changes; it is what queues, flows, customers and interactions name. */
export interface Person {
  readonly id: string
  readonly username: string
  readonly name: string
  readonly role: Role
  readonly enabled: boolean
  readonly skills: Skills
  /** Names under which their phones register. */
  readonly devices: readonly string[]
  readonly phone: PhoneSettings
  readonly createdAt: number
}

/** How a person's phones are used. */
export interface PhoneSettings {
  /** Calls are taken without the person's doing. */
  readonly autoAnswer: boolean
  /** One call stands while they work, and contacts come on it. */
  readonly standing: boolean
}

export interface NewPerson {
  readonly username: string
  readonly name: string
  readonly role: Role
  readonly password: string
  readonly skills?: Skills
}

export const roles: readonly Role[] = ['agent', 'supervisor', 'admin', 'integration']

/** It is also the name of the person's phone, so it must be a user part of a SIP URI as it stands. */
const USERNAME = /^[a-z0-9][a-z0-9._-]{0,63}$/

const PASSWORD_LENGTH = { min: 8, max: 200 }

/** @throws SwitchroomError INPUT_INVALID */
export function checkPerson(person: NewPerson): void {
  if (!USERNAME.test(person.username)) {
    throw invalid(
      `The username is "${person.username}"; it takes 1 to 64 lower-case letters, digits, dots and dashes.`,
    )
  }
  if (person.name.trim() === '' || person.name.length > 200) {
    throw invalid(`The name is "${person.name}"; it takes 1 to 200 characters.`)
  }
  if (!roles.includes(person.role)) {
    throw invalid(`The role is "${person.role}"; it takes one of ${roles.join(', ')}.`)
  }
  checkPassword(person.password)
  checkSkills(person.skills ?? {})
}

/** @throws SwitchroomError INPUT_INVALID */
export function checkPassword(password: string): void {
  const { min, max } = PASSWORD_LENGTH
  if (password.length >= min && password.length <= max) return
  throw invalid(`The password has ${password.length} characters; it takes ${min} to ${max}.`)
}

function invalid(message: string): SwitchroomError {
  return new SwitchroomError('INPUT_INVALID', message)
}
