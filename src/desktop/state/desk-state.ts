import type {
  Agent,
  Center,
  Contact,
  Customer,
  Explanation,
  Interaction,
  Queue,
  ScreenPop,
  SessionUser,
  TimelineEntry,
  Voicemail,
} from '../../api/contract/index.ts'
import type { Draft } from './draft.ts'
import type { Request } from './requests.ts'

export type ById<Item> = Readonly<Record<string, Item>>

export interface SignedIn {
  readonly token: string
  readonly user: SessionUser
}

/** What the desk knows of its line to the server. */
export interface Line {
  readonly status: 'connecting' | 'live' | 'lost'
  /** Of the last live message; where to go on after an interruption. */
  readonly cursor: string | undefined
  /** The server's clock minus the browser's, milliseconds. */
  readonly clockOffsetMs: number
}

/** The contact that the agent has before them, from the offer to the end of the wrap-up. */
export interface Work {
  readonly contact: string
  readonly phase: 'offered' | 'talking' | 'ended' | 'wrapping'
  /** When the phase began. Every time is the server's, in milliseconds since 1970. */
  readonly since: number
  readonly queue: string
  /** Unknown when the page was loaded during the wrap-up. */
  readonly pop: ScreenPop | undefined
  readonly from: { readonly number?: string; readonly name?: string }
  readonly customer: string | undefined
  readonly candidates: readonly string[]
  readonly endedBy?: 'caller' | 'agent' | 'system'
  /** End of the wrap-up. */
  readonly until?: number
}

/** What an agent has written for the wrap-up, from the first ring on. */
export interface WrapUpDraft {
  readonly disposition: string
  readonly notes: string
}

export interface History {
  readonly entries: readonly TimelineEntry[]
  readonly next?: string
}

export interface QueueFigures extends Queue {
  /** When the figures were true. */
  readonly at: number
}

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

export type View =
  | { readonly name: 'desk' }
  | { readonly name: 'customers' }
  | { readonly name: 'customer'; readonly id: string }
  | { readonly name: 'new-customer' }
  | { readonly name: 'voicemails' }
  | { readonly name: 'floor' }

/** Everything that the desk shows. */
export interface DeskState {
  readonly session: SignedIn | undefined
  /** Why there is none, when it was not the agent's own doing. */
  readonly sessionEnded: string | undefined
  /** Of the sign-in page: why it was refused. */
  readonly signInProblem: string | undefined
  readonly line: Line
  readonly center: Center | undefined
  readonly me: Agent | undefined
  readonly work: Work | undefined
  /** What is to be asked next as a consequence of what happened, in no order. */
  readonly followUps: readonly Request[]
  readonly agents: ById<Agent>
  readonly queues: ById<QueueFigures>
  readonly contacts: ById<Contact>
  readonly customers: ById<Customer>
  readonly histories: ById<History>
  readonly explanations: ById<Explanation>
  readonly voicemails: readonly Voicemail[] | undefined
  /** What the agent did since the page was loaded, latest first. */
  readonly recent: readonly Interaction[]
  /** Unsaved edits: by customer, or `new` and `new:<contact>`. */
  readonly drafts: ById<Draft>
  readonly wrapUpDrafts: ById<WrapUpDraft>
  readonly search: { readonly query: string; readonly results: ById<readonly string[]> }
  readonly view: View
  readonly overlay: 'shortcuts' | 'why' | 'pause' | 'account' | 'unsaved' | undefined
  readonly notices: readonly Notice[]
  readonly noticeCount: number
  /** Requests by their key. What is neither under way nor done is asked for when it is needed. */
  readonly requests: ById<'asked' | 'done' | 'failed'>
}

export const initialState: DeskState = {
  session: undefined,
  sessionEnded: undefined,
  signInProblem: undefined,
  line: { status: 'connecting', cursor: undefined, clockOffsetMs: 0 },
  center: undefined,
  me: undefined,
  work: undefined,
  followUps: [],
  agents: {},
  queues: {},
  contacts: {},
  customers: {},
  histories: {},
  explanations: {},
  voicemails: undefined,
  recent: [],
  drafts: {},
  wrapUpDrafts: {},
  search: { query: '', results: {} },
  view: { name: 'desk' },
  overlay: undefined,
  notices: [],
  noticeCount: 0,
  requests: {},
}

/** Whether somebody who signed in sees the whole floor. */
export function seesFloor(state: DeskState): boolean {
  return state.session !== undefined && state.session.user.role !== 'agent'
}

export function byId<Item extends { readonly id: string }>(items: readonly Item[]): ById<Item> {
  return Object.fromEntries(items.map((item) => [item.id, item]))
}

export function without<Item>(items: ById<Item>, ...keys: readonly string[]): ById<Item> {
  return Object.fromEntries(Object.entries(items).filter(([key]) => !keys.includes(key)))
}
