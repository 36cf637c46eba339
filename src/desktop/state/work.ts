import type { Contact, LiveMessage, Me, ScreenPop } from '../../api/contract/index.ts'
import { type DeskState, type Work, without } from './desk-state.ts'
import { isDirty } from './draft.ts'
import { tell } from './notices.ts'
import { learnCustomers, learnHistory } from './records.ts'
import { callerName, disposition, endedBy, offerEnd } from './words.ts'

/** The life of the contact that the agent has before them: offered, talking, ended, wrapping, gone. */

type Message<Type extends LiveMessage['type']> = Extract<LiveMessage, { type: Type }>

/** What the agent has before them when everything is told anew. */
export function workOf(me: Me, contacts: readonly Contact[]): Work | undefined {
  if (me.offer) {
    return workOfPop(me.offer, me.offer.state === 'connected' ? me.agent.since : me.offer.offeredAt)
  }
  const [wrapUp] = me.wrapUps
  if (!wrapUp) return undefined
  const { contact, queue, until, customer } = wrapUp
  return {
    contact,
    phase: 'wrapping',
    since: me.agent.since,
    queue,
    pop: undefined,
    from: contacts.find(({ id }) => id === contact)?.from ?? {},
    customer,
    candidates: [],
    until,
  }
}

function workOfPop(pop: ScreenPop, since: number): Work {
  return {
    contact: pop.contact,
    phase: pop.state === 'connected' ? 'talking' : 'offered',
    since,
    queue: pop.queue.id,
    pop,
    from: pop.from,
    customer: pop.customerId,
    candidates: pop.candidateIds,
  }
}

/** The records that come with a screen pop need not be asked for. */
export function learnPop(state: DeskState, { customers, history, customerId }: ScreenPop): DeskState {
  const known = learnCustomers(state, customers)
  if (customerId === undefined || !history) return known
  const requests = { ...known.requests, [`timeline:${customerId}`]: 'done' as const }
  return learnHistory({ ...known, requests }, customerId, { entries: history }, false)
}

/** @param typing the agent is writing somewhere: that stays before them, and the pop comes above it */
export function offerMade(state: DeskState, { pop }: Message<'offer.made'>, typing: boolean): DeskState {
  const known = learnPop(state, pop)
  const work = workOfPop(pop, pop.offeredAt)
  return typing ? { ...known, work } : { ...known, work, overlay: undefined, view: { name: 'desk' } }
}

export function offerContext(state: DeskState, message: Message<'offer.context'>): DeskState {
  const known = learnCustomers(state, message.customers)
  const customer = state.work?.contact === message.contact ? state.work.customer : undefined
  if (customer === undefined) return known
  const requests = { ...known.requests, [`timeline:${customer}`]: 'done' as const }
  return learnHistory({ ...known, requests }, customer, { entries: message.history }, false)
}

export function offerEnded(state: DeskState, message: Message<'offer.ended'>): DeskState {
  const { work } = state
  if (work?.contact !== message.contact || message.outcome === 'accepted') return state
  const text = offerEnd(message.outcome, callerName(state, work))
  const isOwnWish = message.outcome === 'rejected' || message.outcome === 'rescinded'
  return tell(leave(state), { kind: isOwnWish ? 'quiet' : 'missed', text })
}

export function connected(state: DeskState, { contact, at }: Message<'contact.connected'>): DeskState {
  if (state.work?.contact !== contact) return state
  return { ...state, work: { ...state.work, phase: 'talking', since: at } }
}

export function talkEnded(state: DeskState, { contact, by, at }: Message<'talk.ended'>): DeskState {
  if (state.work?.contact !== contact) return state
  return { ...state, work: { ...state.work, phase: 'ended', since: at, endedBy: by } }
}

export function wrapUpStarted(state: DeskState, { wrapUp, at }: Message<'wrap-up.started'>): DeskState {
  const { contact, queue, until, customer } = wrapUp
  const known = state.work?.contact === contact ? state.work : undefined
  const work: Work = {
    pop: undefined,
    from: state.contacts[contact]?.from ?? {},
    candidates: [],
    ...known,
    contact,
    queue,
    customer: known?.customer ?? customer,
    phase: 'wrapping',
    since: at,
    until,
  }
  return { ...state, work }
}

/** Closed by the agent's own finish, by another desk of theirs, or by its time. */
export function wrapUpEnded(state: DeskState, { contact, at }: Message<'wrap-up.ended'>): DeskState {
  const { work } = state
  if (work?.contact !== contact) return state
  const draft = state.wrapUpDrafts[contact]
  const caller = callerName(state, work)
  const left = { ...leave(state), wrapUpDrafts: without(state.wrapUpDrafts, contact) }
  const finish = state.requests[`finish:${contact}`]
  if (finish === 'asked' || finish === 'done') {
    const name = draft ? disposition(state, draft.disposition) : 'done'
    return tell(left, { kind: 'done', text: `Contact with ${caller} closed: ${name}.` })
  }
  const isTimedOut = work.until !== undefined && at >= work.until - ON_TIME_MS
  const text = isTimedOut
    ? `The wrap-up time for ${caller} is over. The contact was closed without a disposition.`
    : `The wrap-up for ${caller} was ended elsewhere.`
  const kept = draft?.notes.trim()
  return tell(left, {
    kind: 'missed',
    text: kept ? `${text} Your notes were not stored:` : text,
    ...(kept && { kept }),
  })
}

/** The wrap-up was closed by its time if it ended this close to it, milliseconds. */
const ON_TIME_MS = 1500

/** The agent is free: nothing comes after this talk. */
export function freed(state: DeskState): DeskState {
  const { work } = state
  if (work?.phase !== 'ended') return state
  const text = `${endedBy(work.endedBy)}: ${callerName(state, work)}.`
  return tell(leave(state), { kind: 'quiet', text })
}

/** Everything was told anew, and the contact is no longer there. */
export function vanished(before: DeskState, now: DeskState, isRestarted: boolean): DeskState {
  const { work } = before
  if (!work || now.work?.contact === work.contact) return now
  const caller = callerName(before, work)
  const text = isRestarted
    ? `The server was restarted. The contact with ${caller} is over.`
    : `The contact with ${caller} was over while the desk was not connected.`
  const kept = before.wrapUpDrafts[work.contact]?.notes.trim()
  const told = tell(now, { kind: 'missed', text: kept ? `${text} Your notes:` : text, ...(kept && { kept }) })
  if (now.work) return told
  return { ...keepRecordOpen(told, work), wrapUpDrafts: without(told.wrapUpDrafts, work.contact) }
}

/** The contact goes from the desk. A record with unsaved edits stays open. */
function leave(state: DeskState): DeskState {
  const { work } = state
  const left: DeskState = { ...state, work: undefined, overlay: undefined }
  const draft = state.drafts[work?.customer ?? ''] ?? state.drafts[newDraftKey(work)]
  return work && draft && isDirty(draft) ? keepRecordOpen(left, work) : left
}

function keepRecordOpen(state: DeskState, work: Work): DeskState {
  if (state.view.name !== 'desk') return state
  if (work.customer !== undefined) return { ...state, view: { name: 'customer', id: work.customer } }
  const draft = state.drafts[newDraftKey(work)]
  if (!draft) return state
  const drafts = { ...without(state.drafts, newDraftKey(work)), new: draft }
  return { ...state, drafts, view: { name: 'new-customer' } }
}

/** Under which key the record of an unknown caller is drafted. */
export function newDraftKey(work: Pick<Work, 'contact'> | undefined): string {
  return work ? `new:${work.contact}` : 'new'
}

export function contactChanged(state: DeskState, contact: Contact): DeskState {
  const contacts = { ...state.contacts, [contact.id]: contact }
  const { work } = state
  if (work?.contact !== contact.id || contact.customer === undefined) return { ...state, contacts }
  return { ...state, contacts, work: { ...work, customer: contact.customer } }
}
