import type { Action } from './action.ts'

export const explainOffer: Action = {
  name: 'explain-offer',
  label: 'Why me?',
  key: 'w',
  group: 'Contact',
  isPossible: ({ work }) => work?.pop !== undefined,
  perform: ({ overlay }) => [{ type: 'overlay', overlay: overlay === 'why' ? undefined : 'why' }],
}
