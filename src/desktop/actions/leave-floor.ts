import type { Action } from './action.ts'

export const leaveFloor: Action = {
  name: 'leave-floor',
  label: 'Leave the floor',
  key: 'Alt+o',
  group: 'State',
  isPossible: ({ me }) => me !== undefined && me.presence !== 'logged-out',
  perform: () => [{ name: 'leave-floor' }],
}
