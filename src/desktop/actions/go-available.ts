import type { Action } from './action.ts'

export const goAvailable: Action = {
  name: 'go-available',
  label: 'Go available',
  key: 'a',
  group: 'State',
  isPossible: ({ me }) =>
    me !== undefined && (me.presence !== 'available' || me.pending !== undefined || me.device === 'failed'),
  perform: () => [{ name: 'go-available' }],
}
