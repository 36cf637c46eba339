import type { Interaction, LiveMessage, Snapshot, TimelineEntry } from '../../api/contract/index.ts'
import { byId, type DeskState, initialState, type Line, without } from './desk-state.ts'
import { tell } from './notices.ts'
import { learnCustomers } from './records.ts'
import { backAsBefore, pauseReason } from './words.ts'
import * as work from './work.ts'

const MOST_RECENT = 12

/**
 * What a live message changes on the desk.
 * @param receivedAt the browser's clock, milliseconds since 1970
 * @param typing the agent is writing at this moment
 */
export function receive(
  before: DeskState,
  message: LiveMessage,
  receivedAt: number,
  typing: boolean,
): DeskState {
  const { clockOffsetMs } = before.line
  // What was missed is told late: its time says nothing of the clocks.
  const isFresh = message.type === 'snapshot' || message.type === 'resumed' || message.type === 'heartbeat'
  const line: Line = {
    status: 'live',
    cursor: message.cursor,
    clockOffsetMs: isFresh ? message.at - receivedAt : clockOffsetMs,
  }
  const state = { ...before, line }
  switch (message.type) {
    case 'snapshot':
      return snapshot(before, state, message)
    case 'resumed':
      return { ...state, requests: only(state.requests, 'asked', 'done') }
    case 'heartbeat':
      return state
    case 'problem':
      // An acknowledgement that came too late is no news.
      return message.code === 'NOT_FOUND' ? state : tell(state, { kind: 'problem', text: message.detail })
    case 'session.taken-over':
      return {
        ...initialState,
        sessionEnded: `You have signed in at ${message.place}: your work goes on there. What you typed here is kept.`,
      }
    case 'agent.changed':
      return agentChanged(state, message)
    case 'queue.changed':
      return withQueue(state, message)
    case 'contact.changed':
      return work.contactChanged(state, message.contact)
    case 'contact.ended':
      return { ...state, contacts: without(state.contacts, message.contact) }
    case 'interaction.completed':
      return completed(state, message)
    case 'offer.made':
      return isMine(state, message.pop.agent) ? work.offerMade(state, message, typing) : state
    case 'offer.context':
      return work.offerContext(state, message)
    case 'offer.ended':
      return isMine(state, message.agent) ? work.offerEnded(state, message) : state
    case 'contact.connected':
      return isMine(state, message.agent) ? work.connected(state, message) : state
    case 'talk.ended':
      return isMine(state, message.agent) ? work.talkEnded(state, message) : state
    case 'wrap-up.started':
      return isMine(state, message.wrapUp.agent) ? work.wrapUpStarted(state, message) : state
    case 'wrap-up.ended':
      return isMine(state, message.agent) ? work.wrapUpEnded(state, message) : state
    case 'voicemail.left':
    case 'voicemail.handled':
      return withVoicemail(state, message)
    case 'customer.changed':
      return learnCustomers(state, [message.customer])
  }
}

function isMine(state: DeskState, agent: string): boolean {
  return state.session?.user.id === agent
}

/** Everything is told anew: at the first connection, after a restart of the server, after a long interruption. */
function snapshot(before: DeskState, state: DeskState, message: Snapshot): DeskState {
  const { me, at } = message
  const isRestarted =
    before.line.cursor !== undefined && epochOf(before.line.cursor) !== epochOf(message.cursor)
  const now: DeskState = {
    ...state,
    me: me?.agent,
    work: me && workKept(before, work.workOf(me, message.contacts)),
    agents: byId(message.agents),
    queues: byId(message.queues.map((queue) => ({ ...queue, at }))),
    contacts: byId(message.contacts),
    // What is shown may be old: it is read again, and stays on the screen meanwhile.
    requests: only(state.requests, 'asked'),
  }
  const known = me?.offer ? work.learnPop(now, me.offer) : now
  const settled = work.vanished(before, known, isRestarted)
  return isRestarted ? restored(before, settled) : settled
}

/** A wrap-up is told without the screen pop that it began with; we still have it. */
function workKept(before: DeskState, now: DeskState['work']): DeskState['work'] {
  if (!now || now.pop || before.work?.contact !== now.contact) return now
  const { pop, from, candidates } = before.work
  return { ...now, pop, from, candidates }
}

/** A server that was restarted knows who was at work; where it does not, the desk brings its agent back. */
function restored(before: DeskState, state: DeskState): DeskState {
  const was = before.me
  const wasThere = was && was.presence !== 'logged-out' && was.pending !== 'sign-out'
  if (!wasThere || !state.me) return state
  if (state.me.presence !== 'logged-out') {
    return tell(state, { kind: 'quiet', text: backAsBefore(state, state.me) })
  }
  const reason = was.pending ?? (was.presence === 'paused' ? was.reason : undefined)
  if (reason === undefined) return { ...state, followUps: [{ name: 'go-available', restoring: true }] }
  const isGiven = state.center?.pauseReasons.some(({ id }) => id === reason) ?? true
  if (isGiven) return { ...state, followUps: [{ name: 'pause', reason, restoring: true }] }
  return tell(state, {
    kind: 'quiet',
    text: `The server was restarted. You were paused (${pauseReason(state, reason)}) and are off the floor now.`,
  })
}

function agentChanged(
  state: DeskState,
  { agent }: Extract<LiveMessage, { type: 'agent.changed' }>,
): DeskState {
  const agents = { ...state.agents, [agent.id]: agent }
  if (!isMine(state, agent.id)) return { ...state, agents }
  const now = { ...state, agents, me: agent }
  return agent.slot === 'free' ? work.freed(now) : now
}

function withQueue(
  state: DeskState,
  { queue, at }: Extract<LiveMessage, { type: 'queue.changed' }>,
): DeskState {
  return { ...state, queues: { ...state.queues, [queue.id]: { ...queue, at } } }
}

/** A contact is over: it is part of its customer's history now. */
function completed(
  state: DeskState,
  { interaction }: Extract<LiveMessage, { type: 'interaction.completed' }>,
): DeskState {
  const { id, customer } = interaction
  const history = customer === undefined ? undefined : state.histories[customer]
  const entries = history?.entries.filter((entry) => entry.id !== id) ?? []
  const talks = interaction.segments.filter(({ kind }) => kind === 'talk')
  const isOwn = talks.some(({ agent }) => agent !== undefined && isMine(state, agent))
  const recent = [interaction, ...state.recent.filter((one) => one.id !== id)].slice(0, MOST_RECENT)
  return {
    ...state,
    ...(isOwn && { recent }),
    ...(customer !== undefined &&
      history && {
        histories: {
          ...state.histories,
          [customer]: { ...history, entries: [entryOf(state, interaction), ...entries] },
        },
      }),
  }
}

function entryOf(state: DeskState, interaction: Interaction): TimelineEntry {
  const { id, channel, direction, startedAt, endedAt, outcome, disposition, notes, segments } = interaction
  const talks = segments.filter(({ kind }) => kind === 'talk')
  const queue = segments.findLast((segment) => segment.queue !== undefined)?.queue
  const agent = talks.at(-1)?.agent
  const name = agent !== undefined && isMine(state, agent) ? state.me?.name : state.agents[agent ?? '']?.name
  const talkMs = talks.reduce((sum, talk) => sum + talk.endedAt - talk.startedAt, 0)
  return {
    id,
    channel,
    direction,
    startedAt,
    ...(endedAt !== undefined && { endedAt }),
    ...(outcome !== undefined && { outcome }),
    ...(queue !== undefined && { queue }),
    ...(agent !== undefined && { agent: { id: agent, name: name ?? agent }, talkMs }),
    ...(disposition !== undefined && { disposition }),
    ...(notes !== undefined && { notes }),
  }
}

function withVoicemail(
  state: DeskState,
  { voicemail }: Extract<LiveMessage, { type: 'voicemail.left' | 'voicemail.handled' }>,
): DeskState {
  if (!state.voicemails) return state
  const isKnown = state.voicemails.some(({ id }) => id === voicemail.id)
  const voicemails = isKnown
    ? state.voicemails.map((one) => (one.id === voicemail.id ? voicemail : one))
    : [voicemail, ...state.voicemails]
  return { ...state, voicemails }
}

/** What is neither under way nor done is asked for again when it is needed. */
function only(
  requests: DeskState['requests'],
  ...statuses: readonly DeskState['requests'][string][]
): DeskState['requests'] {
  return Object.fromEntries(Object.entries(requests).filter(([, status]) => statuses.includes(status)))
}

function epochOf(cursor: string): string {
  return cursor.slice(0, cursor.lastIndexOf(':'))
}
