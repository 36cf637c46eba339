import type { Action } from './action.ts'

export const hangUp: Action = {
  name: 'hang-up',
  label: 'Hang up',
  key: 'Alt+h',
  group: 'Contact',
  isPossible: ({ work }) => work?.phase === 'talking',
  perform: ({ work }) => (work ? [{ name: 'hang-up', contact: work.contact }] : []),
}
