import type { Action } from './action.ts'

export function handleVoicemail(id: string): Action {
  return {
    name: `handle-voicemail-${id}`,
    label: 'Mark as handled',
    group: 'Desk',
    isPossible: ({ voicemails, requests }) =>
      voicemails?.some((one) => one.id === id && !one.handled) === true &&
      requests[`voicemail:${id}`] !== 'asked',
    perform: () => [{ name: 'handle-voicemail', id }],
  }
}
