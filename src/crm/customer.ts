import type { IdentityKind } from '../database/tables.ts'

/** Somebody who contacts us, and whatever we know them by. */
export interface Customer {
  readonly id: string
  /** Rises by one with each change. */
  readonly version: number
  readonly name: string
  readonly company?: string
  /** Service tier, for example `standard` or `key`. */
  readonly tier: string
  /** BCP 47. */
  readonly language?: string
  /** Agent id of the named contact. */
  readonly owner?: string
  readonly notes?: string
  /** What this center keeps beside that. */
  readonly fields: CustomFields
  /** The first of each kind is the one to use. */
  readonly identities: readonly Identity[]
  readonly accounts: readonly Account[]
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
}

export type CustomFields = Readonly<Record<string, string | number | boolean | null>>

/** Several customers may have the same one: a family's telephone, a company's switchboard. */
export interface Identity {
  readonly kind: IdentityKind
  /** A telephone number in E.164 (or the digits of an extension), an email address, a handle. */
  readonly value: string
  /** For example `mobile`. */
  readonly label?: string
}

export interface Account {
  readonly number: string
  readonly name?: string
}

export interface NewCustomer {
  /** Made when it is not given. */
  readonly id?: string
  readonly name: string
  readonly company?: string
  /** `standard` when it is not given. */
  readonly tier?: string
  readonly language?: string
  readonly owner?: string
  readonly notes?: string
  readonly fields?: CustomFields
  readonly identities?: readonly Identity[]
  readonly accounts?: readonly Account[]
}

/** What is left out stays; null empties a field; a list replaces the list. */
export interface CustomerChange {
  readonly name?: string
  readonly company?: string | null
  readonly tier?: string
  readonly language?: string | null
  readonly owner?: string | null
  readonly notes?: string | null
  readonly fields?: CustomFields
  readonly identities?: readonly Identity[]
  readonly accounts?: readonly Account[]
}
