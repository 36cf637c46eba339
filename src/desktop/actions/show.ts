import { seesFloor, type View } from '../state/desk-state.ts'
import type { Action } from './action.ts'

function show(name: string, label: string, key: string, view: View): Action {
  return {
    name,
    label,
    key,
    group: 'Desk',
    isPossible: ({ session }) => session !== undefined,
    perform: () => [{ type: 'show', view }],
  }
}

/** The contact, or the wait for one. Only for people who take contacts. */
export const showDesk: Action = {
  ...show('show-desk', 'Desk', 'g', { name: 'desk' }),
  isPossible: ({ me }) => me !== undefined,
}

export const showCustomers = show('show-customers', 'Customers', 'u', { name: 'customers' })

export const showVoicemails = show('show-voicemails', 'Voicemail', 'v', { name: 'voicemails' })

/** The whole floor. Only for people who see it. */
export const showFloor: Action = {
  ...show('show-floor', 'Floor', 'f', { name: 'floor' }),
  isPossible: seesFloor,
}
