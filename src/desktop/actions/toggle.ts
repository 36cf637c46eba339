import type { Action, Preference } from './action.ts'

function toggle(name: string, label: string, preference: Preference, key?: string): Action {
  return {
    name,
    label,
    ...(key !== undefined && { key }),
    group: 'Desk',
    isPossible: ({ session }) => session !== undefined,
    perform: () => [{ type: 'toggle', preference }],
  }
}

export const toggleRing = toggle('toggle-ring', 'Ring softly', 'ring', 's')
export const toggleNotifications = toggle(
  'toggle-notifications',
  'Notify outside this window',
  'notifications',
)
export const toggleLetterKeys = toggle('toggle-letter-keys', 'Single-letter shortcuts', 'letterKeys')
