import type { DeskState } from '../state/desk-state.ts'
import { changeOf, isDirty, newCustomerOf } from '../state/draft.ts'
import { newDraftKey } from '../state/work.ts'
import type { Action, Deed } from './action.ts'

/** Which record is open for editing: a customer, or `new` and `new:<contact>`. */
export function openRecord({ view, work }: DeskState): string | undefined {
  if (view.name === 'customer') return view.id
  if (view.name === 'new-customer') return 'new'
  if (view.name !== 'desk' || !work) return undefined
  return work.customer ?? newDraftKey(work)
}

export const saveCustomer: Action = {
  name: 'save-customer',
  label: 'Save the customer',
  key: 'Ctrl+s',
  group: 'Customers',
  isPossible: (state) => {
    const key = openRecord(state)
    const draft = key === undefined ? undefined : state.drafts[key]
    if (!draft || state.requests[`save:${key}`] === 'asked') return false
    return (draft.base ? changeOf(draft) : newCustomerOf(draft)) !== undefined && isDirty(draft)
  },
  perform: (state) => save(state, openRecord(state)),
}

export const discardEdits: Action = {
  name: 'discard-edits',
  label: 'Discard the edits',
  group: 'Customers',
  isPossible: (state) => state.drafts[openRecord(state) ?? ''] !== undefined,
  perform: (state) => {
    const draft = openRecord(state)
    return draft === undefined ? [] : [{ type: 'discard', draft }]
  },
}

function save({ drafts, work }: DeskState, key: string | undefined): readonly Deed[] {
  const draft = drafts[key ?? '']
  if (key === undefined || !draft) return []
  if (draft.base) {
    const change = changeOf(draft)
    return change ? [{ name: 'change-customer', id: draft.base.id, change }] : []
  }
  const customer = newCustomerOf(draft)
  if (!customer) return []
  const contact = work && key === newDraftKey(work) ? { contact: work.contact } : {}
  return [{ name: 'create-customer', draft: key, customer, ...contact }]
}
