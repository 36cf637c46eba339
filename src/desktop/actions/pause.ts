import type { Action } from './action.ts'

/** Opens the list of reasons. */
export const choosePause: Action = {
  name: 'choose-pause',
  label: 'Pause',
  key: 'p',
  group: 'State',
  isPossible: ({ me }) => me !== undefined,
  perform: ({ overlay }) => [{ type: 'overlay', overlay: overlay === 'pause' ? undefined : 'pause' }],
}

export function pauseFor(reason: string): Action {
  return {
    name: `pause-${reason}`,
    label: 'Pause',
    group: 'State',
    isPossible: ({ me }) => me !== undefined,
    perform: () => [{ name: 'pause', reason }],
  }
}
