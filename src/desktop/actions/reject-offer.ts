import type { Action } from './action.ts'

export const rejectOffer: Action = {
  name: 'reject-offer',
  label: 'Reject',
  key: 'Alt+x',
  group: 'Contact',
  isPossible: ({ work }) => work?.phase === 'offered' && work.pop !== undefined,
  perform: ({ work }) => (work?.pop ? [{ name: 'reject-offer', offer: work.pop.offer }] : []),
}
