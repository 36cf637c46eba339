import type { DeskState } from './desk-state.ts'

/** Something that the agent is told once. */
export interface Notice {
  readonly id: number
  readonly kind: 'quiet' | 'done' | 'missed' | 'problem'
  readonly text: string
  readonly remedy?: string
  /** Text that would otherwise be lost, to be copied. */
  readonly kept?: string
  /** Stays until it is dismissed; others go by themselves. */
  readonly stays: boolean
}

export type NewNotice = Omit<Notice, 'id' | 'stays'>

const MOST = 4

export function tell(state: DeskState, notice: NewNotice): DeskState {
  const id = state.noticeCount + 1
  const stays = notice.kind === 'missed' || notice.kind === 'problem'
  const told = state.notices.filter(({ text }) => text !== notice.text)
  return { ...state, noticeCount: id, notices: [...told, { ...notice, id, stays }].slice(-MOST) }
}

export function dismiss(state: DeskState, id: number): DeskState {
  return { ...state, notices: state.notices.filter((notice) => notice.id !== id) }
}
