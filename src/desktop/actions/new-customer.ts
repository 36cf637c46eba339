import type { DeskState } from '../state/desk-state.ts'
import type { Draft } from '../state/draft.ts'
import { newDraftKey } from '../state/work.ts'
import type { Action } from './action.ts'

/** Starts a record: of the unknown caller, with what is known of them, or an empty one. */
export const newCustomer: Action = {
  name: 'new-customer',
  label: 'New customer',
  key: 'c',
  group: 'Customers',
  isPossible: ({ session }) => session !== undefined,
  perform: (state) => {
    const { work, view } = state
    if (!work || work.customer !== undefined || view.name !== 'desk') {
      return [{ type: 'show', view: { name: 'new-customer' } }]
    }
    const draft = newDraftKey(work)
    const start = { type: 'start-draft', draft, edits: knownOf(state) } as const
    return [...(state.drafts[draft] ? [] : [start]), { type: 'focus', place: 'record' }]
  },
}

function knownOf({ work }: DeskState): Draft['edits'] {
  const { name, number } = work?.from ?? {}
  const account = work?.pop?.data['account']
  return {
    ...(name !== undefined && { name }),
    ...(number !== undefined && { identities: [{ kind: 'phone', value: number }] }),
    ...(work?.pop?.language !== undefined && { language: work.pop.language }),
    ...(typeof account === 'string' && account !== '' && { accounts: [{ number: account }] }),
  }
}
