import type { DeskState } from '../state/desk-state.ts'
import { shownFields } from '../state/draft.ts'
import { draftOf } from '../state/records.ts'
import type { Action } from './action.ts'

/** Puts the caller's number into the record of the customer who calls from it for the first time. */
export const addNumber: Action = {
  name: 'add-number',
  label: 'Add this number to the record',
  group: 'Customers',
  isPossible: (state) => newNumber(state) !== undefined,
  perform: (state) => {
    const draft = state.work?.customer
    const value = newNumber(state)
    if (draft === undefined || value === undefined) return []
    const identities = [...shownFields(draftOf(state, draft)).identities, { kind: 'phone' as const, value }]
    return [{ type: 'edit', draft, edit: { field: 'identities', value: identities } }]
  },
}

function newNumber(state: DeskState): string | undefined {
  const { customer, from } = state.work ?? {}
  if (customer === undefined || !state.customers[customer]) return undefined
  const { identities } = shownFields(draftOf(state, customer))
  return identities.some(({ value }) => value === from?.number) ? undefined : from?.number
}
