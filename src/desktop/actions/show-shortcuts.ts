import type { Action } from './action.ts'

export const showShortcuts: Action = {
  name: 'show-shortcuts',
  label: 'Keyboard shortcuts',
  key: '?',
  group: 'Desk',
  isPossible: ({ session }) => session !== undefined,
  perform: ({ overlay }) => [{ type: 'overlay', overlay: overlay === 'shortcuts' ? undefined : 'shortcuts' }],
}
