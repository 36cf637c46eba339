import type { Customer, TimelineEntry } from '../../api/contract/index.ts'
import { type DeskState, without } from './desk-state.ts'
import { type Draft, newDraft, rebase, saved } from './draft.ts'

/** Customer records as the desk knows them, and the edits that are not saved yet. */

/** A record as the server has it now. Unsaved edits of it are compared with what has changed. */
export function learnCustomers(state: DeskState, learned: readonly Customer[]): DeskState {
  const customers = { ...state.customers }
  const drafts = { ...state.drafts }
  const requests = { ...state.requests }
  for (const customer of learned) {
    const { id } = customer
    if ((customers[id]?.version ?? -1) > customer.version) continue
    customers[id] = customer
    requests[`customer:${id}`] = 'done'
    const draft = drafts[id]
    // While our own change is on its way this may be it; the answer tells.
    if (draft && state.requests[`save:${id}`] !== 'asked') drafts[id] = rebase(draft, customer)
  }
  return { ...state, customers, drafts, requests }
}

/** Our own change is in the record. */
export function customerSaved(state: DeskState, customer: Customer): DeskState {
  const draft = state.drafts[customer.id]
  const customers = { ...state.customers, [customer.id]: customer }
  if (!draft) return { ...state, customers }
  const rest = saved(draft, customer)
  const drafts =
    Object.keys(rest.edits).length === 0
      ? without(state.drafts, customer.id)
      : { ...state.drafts, [customer.id]: rest }
  return { ...state, customers, drafts }
}

/** Somebody else was faster: what they changed is compared with the edits. */
export function customerConflict(state: DeskState, id: string, current: Customer): DeskState {
  const draft = state.drafts[id]
  const drafts = draft ? { ...state.drafts, [id]: rebase(draft, current) } : state.drafts
  return { ...state, customers: { ...state.customers, [id]: current }, drafts }
}

/** What is being edited under this key, or would be. */
export function draftOf(state: DeskState, key: string): Draft {
  return state.drafts[key] ?? newDraft(state.customers[key])
}

export function learnHistory(
  state: DeskState,
  customer: string,
  page: { readonly entries: readonly TimelineEntry[]; readonly next?: string },
  isOlder: boolean,
): DeskState {
  const before = isOlder ? (state.histories[customer]?.entries ?? []) : []
  const entries = [...before, ...page.entries]
  const history = { entries, ...(page.next !== undefined && { next: page.next }) }
  return { ...state, histories: { ...state.histories, [customer]: history } }
}
