import type { Customer, Problem } from '../../api/contract/index.ts'
import { type DeskState, initialState, without } from './desk-state.ts'
import { type NewNotice, tell } from './notices.ts'
import { customerConflict, customerSaved, learnCustomers, learnHistory } from './records.ts'
import { type Answered, keyOf, type Request } from './requests.ts'
import { backAsBefore } from './words.ts'

/** Why a request was not done: what the server says, or that it cannot be reached. */
export type Trouble = Pick<Problem, 'code' | 'detail' | 'remedy' | 'current'> & { readonly status: number }

export type Reply =
  | { readonly type: 'asked'; readonly request: Request }
  | Answered
  | { readonly type: 'refused'; readonly request: Request; readonly trouble: Trouble }

/** What the answer to a request changes on the desk. */
export function reply(before: DeskState, message: Reply): DeskState {
  const status = message.type === 'answered' ? 'done' : message.type === 'asked' ? 'asked' : 'failed'
  const state = { ...before, requests: { ...before.requests, [keyOf(message.request)]: status } as const }
  if (message.type === 'asked') return state
  const isOver = message.type === 'answered' || message.trouble.status > 0
  const key = keyOf(message.request)
  const followUps = isOver ? state.followUps.filter((one) => keyOf(one) !== key) : state.followUps
  const now = { ...state, followUps }
  return message.type === 'answered' ? answered(now, message) : refused(now, message.request, message.trouble)
}

function answered(state: DeskState, message: Answered): DeskState {
  switch (message.name) {
    case 'sign-in': {
      const { token, user } = message.answer
      const { sessionEnded: _over, signInProblem: _none, ...rest } = state
      const view = { name: user.role === 'agent' ? 'desk' : 'floor' } as const
      return { ...rest, sessionEnded: undefined, signInProblem: undefined, session: { token, user }, view }
    }
    case 'sign-out':
      return initialState
    case 'read-center':
      return { ...state, center: message.answer }
    case 'go-available':
    case 'pause':
      return backOnFloor({ ...state, me: message.answer.agent, overlay: undefined }, message.request)
    case 'leave-floor':
      return { ...state, me: message.answer.agent }
    case 'explain-offer':
      return { ...state, explanations: { ...state.explanations, [message.request.offer]: message.answer } }
    case 'set-customer':
      return linked(state, message.request.contact, message.request.customer)
    case 'read-customer':
      return learnCustomers(state, [message.answer])
    case 'find-customers': {
      const { customers } = message.answer
      const results = { ...state.search.results, [message.request.query]: customers.map(({ id }) => id) }
      return { ...learnCustomers(state, customers), search: { ...state.search, results } }
    }
    case 'create-customer': {
      const { draft, contact } = message.request
      const known = learnCustomers({ ...state, drafts: without(state.drafts, draft) }, [message.answer])
      const told = tell(known, { kind: 'done', text: `${message.answer.name} was added.` })
      if (contact === undefined) return { ...told, view: { name: 'customer', id: message.answer.id } }
      const link = { name: 'set-customer', contact, customer: message.answer.id } as const
      return { ...told, followUps: [...told.followUps, link] }
    }
    case 'change-customer':
      return tell(customerSaved(state, message.answer), {
        kind: 'done',
        text: `${message.answer.name} saved.`,
      })
    case 'read-timeline': {
      const { customer, before } = message.request
      return learnHistory(state, customer, message.answer, before !== undefined)
    }
    case 'list-voicemails':
      return { ...state, voicemails: message.answer.voicemails }
    case 'handle-voicemail': {
      const { answer } = message
      const voicemails = state.voicemails?.map((one) => (one.id === answer.id ? answer : one))
      return { ...state, voicemails }
    }
    case 'take-offer':
    case 'reject-offer':
    case 'hang-up':
    case 'finish-wrap-up':
      // What follows is told by live messages.
      return state
  }
}

/** Nobody asked by hand for what the desk did after a restart: it says so. */
function backOnFloor(state: DeskState, { restoring }: { readonly restoring?: true }): DeskState {
  if (!restoring || !state.me) return state
  return tell(state, { kind: 'quiet', text: backAsBefore(state, state.me) })
}

function linked(state: DeskState, contact: string, customer: string): DeskState {
  if (state.work?.contact !== contact) return state
  return { ...state, work: { ...state.work, customer }, view: { name: 'desk' } }
}

function refused(state: DeskState, request: Request, trouble: Trouble): DeskState {
  if (request.name === 'sign-in') {
    const signInProblem = [trouble.detail, trouble.remedy].filter((text) => text !== undefined).join(' ')
    return { ...state, signInProblem }
  }
  if (request.name === 'sign-out') return initialState
  if (trouble.status === 401) {
    const sessionEnded = 'Your session has ended. Sign in again; what you typed is kept.'
    return { ...initialState, sessionEnded }
  }
  if (request.name === 'change-customer' && trouble.code === 'CONFLICT' && isCustomer(trouble.current)) {
    return customerConflict(state, request.id, trouble.current)
  }
  return tell(state, problemNotice(request, trouble))
}

function problemNotice(request: Request, { status, detail, remedy }: Trouble): NewNotice {
  if (status === 0) {
    return {
      kind: 'problem',
      text: `${sayings[request.name]} did not reach the server.`,
      remedy: 'Try again when the desk is connected.',
    }
  }
  return { kind: 'problem', text: detail, ...(remedy !== undefined && { remedy }) }
}

const sayings: Readonly<Record<Request['name'], string>> = {
  'sign-in': 'Your sign-in',
  'sign-out': 'Your sign-out',
  'read-center': 'The list of reasons and dispositions',
  'go-available': 'Your change of state',
  pause: 'Your change of state',
  'leave-floor': 'Your change of state',
  'take-offer': 'Your acceptance',
  'reject-offer': 'The rejection',
  'explain-offer': 'The question why',
  'hang-up': 'The hang-up',
  'finish-wrap-up': 'The wrap-up',
  'set-customer': 'The choice of the customer',
  'read-customer': 'The request for the record',
  'find-customers': 'The search',
  'create-customer': 'The new customer',
  'change-customer': 'Your change',
  'read-timeline': 'The request for the history',
  'list-voicemails': 'The request for voicemails',
  'handle-voicemail': 'The mark',
}

/** The server says that `current` is the record as it is now. */
function isCustomer(current: unknown): current is Customer {
  return typeof current === 'object' && current !== null && 'id' in current && 'version' in current
}
