import type { Action } from './action.ts'

export const writeNotes: Action = {
  name: 'write-notes',
  label: 'Write notes',
  key: 'n',
  group: 'Contact',
  isPossible: ({ work }) => work !== undefined,
  perform: () => [
    { type: 'show', view: { name: 'desk' } },
    { type: 'focus', place: 'notes' },
  ],
}

export const chooseDisposition: Action = {
  name: 'choose-disposition',
  label: 'Choose a disposition',
  key: 'd',
  group: 'Contact',
  isPossible: ({ work }) => work !== undefined,
  perform: () => [
    { type: 'show', view: { name: 'desk' } },
    { type: 'focus', place: 'disposition' },
  ],
}
