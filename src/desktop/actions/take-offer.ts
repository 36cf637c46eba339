import type { Action } from './action.ts'

/** Only on a standing call; a phone that rings is answered there. */
export const takeOffer: Action = {
  name: 'take-offer',
  label: 'Take the call',
  key: 'Alt+y',
  group: 'Contact',
  isPossible: ({ work }) => work?.phase === 'offered' && work.pop?.takenBy === 'key',
  perform: ({ work }) => (work?.pop ? [{ name: 'take-offer', offer: work.pop.offer }] : []),
}
