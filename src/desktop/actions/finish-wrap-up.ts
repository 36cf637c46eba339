import type { Action } from './action.ts'

export const finishWrapUp: Action = {
  name: 'finish-wrap-up',
  label: 'Finish wrap-up',
  key: 'Ctrl+Enter',
  group: 'Contact',
  isPossible: ({ work, wrapUpDrafts, requests }) =>
    work?.phase === 'wrapping' &&
    wrapUpDrafts[work.contact]?.disposition !== undefined &&
    wrapUpDrafts[work.contact]?.disposition !== '' &&
    requests[`finish:${work.contact}`] !== 'asked',
  perform: ({ work, wrapUpDrafts }) => {
    const draft = wrapUpDrafts[work?.contact ?? '']
    if (!work || !draft) return []
    const { disposition, notes } = draft
    return [{ name: 'finish-wrap-up', contact: work.contact, disposition, notes }]
  },
}
