import type { Account, Customer, CustomerChange, Identity, NewCustomer } from '../../api/contract/index.ts'

/**
 * Unsaved edits of a customer record. An edit is kept apart from the record that it was made from, so that a
 * change by somebody else can be compared with both: fields that only they changed are taken over at once, fields
 * that both changed wait for a decision.
 */

/** What can be edited; an empty text is an absent one. */
export interface CustomerFields {
  readonly name: string
  readonly company: string
  readonly tier: string
  readonly language: string
  readonly owner: string
  readonly notes: string
  readonly identities: readonly Identity[]
  readonly accounts: readonly Account[]
}

export type Field = keyof CustomerFields

export const fieldLabels: Readonly<Record<Field, string>> = {
  name: 'Name',
  company: 'Company',
  tier: 'Tier',
  language: 'Language',
  owner: 'Owner',
  notes: 'Notes',
  identities: 'Numbers and addresses',
  accounts: 'Accounts',
}

const fieldNames: readonly Field[] = [
  'name',
  'company',
  'tier',
  'language',
  'owner',
  'notes',
  'identities',
  'accounts',
]

export interface Draft {
  /** The record from which the edits start; absent for a new customer. */
  readonly base: Customer | undefined
  readonly edits: Partial<CustomerFields>
  /** The fields that somebody else has changed meanwhile, as they were before. */
  readonly before: Partial<CustomerFields>
  /** Fields that both changed and nobody has decided. */
  readonly undecided: readonly Field[]
}

const EMPTY: CustomerFields = {
  name: '',
  company: '',
  tier: 'standard',
  language: '',
  owner: '',
  notes: '',
  identities: [],
  accounts: [],
}

export function fieldsOf(customer: Customer | undefined): CustomerFields {
  if (!customer) return EMPTY
  const { name, tier, company = '', language = '', owner = '', notes = '', identities, accounts } = customer
  return { name, company, tier, language, owner, notes, identities, accounts }
}

export function newDraft(base: Customer | undefined): Draft {
  return { base, edits: {}, before: {}, undecided: [] }
}

/** The record as the agent sees it: with the edits. */
export function shownFields(draft: Draft): CustomerFields {
  return { ...fieldsOf(draft.base), ...draft.edits }
}

export function editedFields(draft: Draft): readonly Field[] {
  const base = fieldsOf(draft.base)
  return fieldNames.filter((field) => field in draft.edits && !isSame(draft.edits[field], base[field]))
}

export function isDirty(draft: Draft): boolean {
  return editedFields(draft).length > 0
}

/** One edited field with its new value. */
export type Edit = { [Name in Field]: { readonly field: Name; readonly value: CustomerFields[Name] } }[Field]

export function edit(draft: Draft, { field, value }: Edit): Draft {
  return { ...draft, edits: { ...draft.edits, [field]: value } }
}

/** Our own change was saved; what was typed since then stays. */
export function saved(draft: Draft, current: Customer): Draft {
  return { ...newDraft(current), edits: stillDifferent(draft, fieldsOf(current)) }
}

/** Somebody else changed the record. */
export function rebase(draft: Draft, current: Customer): Draft {
  if (draft.base && current.version <= draft.base.version) return draft
  const before = fieldsOf(draft.base)
  const now = fieldsOf(current)
  const changed = fieldNames.filter((field) => !isSame(before[field], now[field]))
  const mine = new Set(editedFields(draft))
  const undecided = changed.filter((field) => mine.has(field) && !isSame(draft.edits[field], now[field]))
  const rest = draft.undecided.filter((field) => !changed.includes(field))
  const seen = Object.fromEntries(changed.map((field) => [field, before[field]]))
  return {
    base: current,
    edits: stillDifferent(draft, now),
    before: { ...seen, ...draft.before },
    undecided: [...rest, ...undecided],
  }
}

/** The agent has decided a field that both changed. */
export function decide(draft: Draft, field: Field, take: 'mine' | 'theirs'): Draft {
  const undecided = draft.undecided.filter((one) => one !== field)
  if (take === 'mine') return { ...draft, undecided }
  const { [field]: _dropped, ...edits } = draft.edits
  return { ...draft, undecided, edits }
}

/** What is sent to save the edits; undefined when there is nothing to save or something to decide. */
export function changeOf(draft: Draft): CustomerChange | undefined {
  const fields = editedFields(draft)
  if (!draft.base || fields.length === 0 || draft.undecided.length > 0) return undefined
  const shown = shownFields(draft)
  const sent = Object.fromEntries(fields.map((field) => [field, sendable(field, shown)]))
  return { version: draft.base.version, ...sent }
}

/** What is sent to create the customer; undefined while the name is missing. */
export function newCustomerOf(draft: Draft): NewCustomer | undefined {
  const shown = shownFields(draft)
  if (shown.name.trim() === '') return undefined
  const filled = fieldNames.filter((field) => shown[field].length > 0)
  return {
    name: shown.name,
    ...Object.fromEntries(filled.map((field) => [field, sendable(field, shown)])),
  }
}

/** Rows that were added and left empty are not sent; nor are empty labels. */
function sendable(field: Field, shown: CustomerFields): unknown {
  if (field === 'identities') {
    return shown.identities
      .filter(({ value }) => value.trim() !== '')
      .map(({ kind, value, label }) => ({ kind, value: value.trim(), ...(label && { label }) }))
  }
  if (field === 'accounts') {
    return shown.accounts
      .filter(({ number }) => number.trim() !== '')
      .map(({ number, name }) => ({ number: number.trim(), ...(name && { name }) }))
  }
  const text = shown[field]
  if (field === 'name' || field === 'tier') return text
  return text === '' ? null : text
}

function stillDifferent({ edits }: Draft, now: CustomerFields): Draft['edits'] {
  return Object.fromEntries(
    fieldNames
      .filter((field) => field in edits && !isSame(edits[field], now[field]))
      .map((field) => [field, edits[field]]),
  )
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
