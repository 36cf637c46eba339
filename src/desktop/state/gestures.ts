import {
  type DeskState,
  initialState,
  type SignedIn,
  type View,
  type WrapUpDraft,
  without,
} from './desk-state.ts'
import { type Draft, decide, type Edit, edit, type Field, newDraft } from './draft.ts'
import { dismiss, type NewNotice, tell } from './notices.ts'
import { draftOf } from './records.ts'

/** What the agent does on the desk itself, without asking the server. */
export type Gesture =
  /** The page was loaded in a tab where somebody had signed in. */
  | { readonly type: 'reopened'; readonly session: SignedIn }
  | { readonly type: 'show'; readonly view: View }
  | { readonly type: 'overlay'; readonly overlay: DeskState['overlay'] }
  | { readonly type: 'search'; readonly query: string }
  | { readonly type: 'edit'; readonly draft: string; readonly edit: Edit }
  | {
      readonly type: 'decide'
      readonly draft: string
      readonly field: Field
      readonly take: 'mine' | 'theirs'
    }
  | { readonly type: 'discard'; readonly draft: string }
  | { readonly type: 'start-draft'; readonly draft: string; readonly edits: Draft['edits'] }
  | { readonly type: 'write-up'; readonly contact: string; readonly change: Partial<WrapUpDraft> }
  | { readonly type: 'tell'; readonly notice: NewNotice }
  | { readonly type: 'dismiss'; readonly notice: number }
  | { readonly type: 'line'; readonly status: DeskState['line']['status'] }
  | { readonly type: 'session-ended'; readonly why: string | undefined }

/** What survives a reload of the page. */
export type Kept = Pick<DeskState, 'drafts' | 'wrapUpDrafts' | 'view'>

export const emptyWrapUp: WrapUpDraft = { disposition: '', notes: '' }

export function gesture(state: DeskState, action: Gesture): DeskState {
  switch (action.type) {
    case 'reopened':
      return { ...state, session: action.session }
    case 'show':
      return { ...state, view: action.view, overlay: undefined }
    case 'overlay':
      return { ...state, overlay: action.overlay }
    case 'search':
      return {
        ...state,
        search: { ...state.search, query: action.query },
        requests: without(state.requests, `search:${action.query.trim()}`),
      }
    case 'edit': {
      return withDraft(state, action.draft, edit(draftOf(state, action.draft), action.edit))
    }
    case 'decide':
      return withDraft(state, action.draft, decide(draftOf(state, action.draft), action.field, action.take))
    case 'discard':
      return { ...state, drafts: without(state.drafts, action.draft) }
    case 'start-draft':
      return withDraft(state, action.draft, { ...newDraft(undefined), edits: action.edits })
    case 'write-up': {
      const before = state.wrapUpDrafts[action.contact] ?? emptyWrapUp
      const wrapUpDrafts = { ...state.wrapUpDrafts, [action.contact]: { ...before, ...action.change } }
      return { ...state, wrapUpDrafts }
    }
    case 'tell':
      return tell(state, action.notice)
    case 'dismiss':
      return dismiss(state, action.notice)
    case 'line':
      return { ...state, line: { ...state.line, status: action.status } }
    case 'session-ended':
      return { ...initialState, sessionEnded: action.why }
  }
}

function withDraft(state: DeskState, key: string, draft: Draft): DeskState {
  return { ...state, drafts: { ...state.drafts, [key]: draft } }
}
