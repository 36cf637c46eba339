import { storable } from '../database/values.ts'
import { SwitchroomError } from '../errors.ts'
import type { Account, Identity } from './customer.ts'
import { numberKey } from './numbers.ts'

const EMAIL = /^[^@\s]+@[^@\s]+$/

/**
 * The form in which an identity is stored and compared; undefined for what cannot be one.
 * @param country ISO 3166, by which national telephone numbers are read
 */
export function identityKey(kind: Identity['kind'], value: string, country: string): string | undefined {
  const text = storable(value).trim()
  if (kind === 'phone') return numberKey(text, country)
  if (kind === 'email') return EMAIL.test(text) ? text.toLowerCase() : undefined
  return text === '' ? undefined : text
}

/** An account number without what a keypad cannot type or people leave out: `AC-47 11` is `AC4711`. */
export function accountKey(number: string): string {
  return number.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase()
}

/**
 * Identities as they are stored, each once.
 * @throws SwitchroomError INPUT_INVALID
 */
export function storedIdentities(identities: readonly Identity[], country: string): Identity[] {
  const stored = new Map<string, Identity>()
  for (const identity of identities) {
    const value = identityKey(identity.kind, identity.value, country)
    if (value === undefined) throw invalidIdentity(identity)
    const key = `${identity.kind} ${value}`
    if (!stored.has(key)) stored.set(key, { ...identity, value })
  }
  return [...stored.values()]
}

/**
 * Accounts as they are stored, each once.
 * @throws SwitchroomError INPUT_INVALID
 */
export function storedAccounts(accounts: readonly Account[]): Account[] {
  const stored = new Map<string, Account>()
  for (const account of accounts) {
    const key = accountKey(account.number)
    if (key === '') {
      throw new SwitchroomError(
        'INPUT_INVALID',
        `The account number is "${account.number}"; it takes letters or digits.`,
      )
    }
    if (!stored.has(key)) stored.set(key, { ...account, number: storable(account.number).trim() })
  }
  return [...stored.values()]
}

function invalidIdentity({ kind, value }: Identity): SwitchroomError {
  const expected = {
    phone: 'a telephone number, international (+44 20 7946 0018) or national by numbers.country',
    email: 'an address such as ana@example.com',
    handle: 'a name in the other channel',
  }[kind]
  return new SwitchroomError('INPUT_INVALID', `The ${kind} identity is "${value}"; expected ${expected}.`)
}
