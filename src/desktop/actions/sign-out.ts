import type { DeskState } from '../state/desk-state.ts'
import { isDirty } from '../state/draft.ts'
import type { Action, Deed } from './action.ts'

/** Leaves the floor and ends the session; with unsaved edits it asks first. */
export const signOut: Action = {
  name: 'sign-out',
  label: 'Sign out',
  key: 'Alt+q',
  group: 'State',
  isPossible: ({ session, work }) => session !== undefined && work === undefined,
  perform: (state) =>
    Object.values(state.drafts).some(isDirty)
      ? [{ type: 'overlay', overlay: 'unsaved' }]
      : leaveAndEnd(state),
}

export const signOutAndDiscard: Action = {
  name: 'sign-out-and-discard',
  label: 'Discard and sign out',
  group: 'State',
  isPossible: (state) => signOut.isPossible(state),
  perform: (state) => [
    ...Object.keys(state.drafts).map((draft) => ({ type: 'discard', draft }) as const),
    ...leaveAndEnd(state),
  ],
}

function leaveAndEnd({ me }: DeskState): readonly Deed[] {
  const isOnFloor = me !== undefined && me.presence !== 'logged-out'
  return isOnFloor ? [{ name: 'leave-floor' }, { name: 'sign-out' }] : [{ name: 'sign-out' }]
}
