import type { DeskState, Notice } from './desk-state.ts'

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
