import { formatIncompletePhoneNumber } from 'libphonenumber-js/min'
import type { Agent, Contact, LiveMessage, TimelineEntry } from '../../api/contract/index.ts'
import type { DeskState, Work } from './desk-state.ts'

/** What the server says in identifiers and milliseconds, as people say it. */

/** `2:05`, `1:02:05`: for clocks that run. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (part: number): string => String(part).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** `8 s`, `2 min 5 s`, `1 h 2 min`: for times that are over. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A telephone number with spaces where people pause; anything else as it is. */
export function phoneNumber(number: string): string {
  return number.startsWith('+') ? formatIncompletePhoneNumber(number) : number
}

export function callerName(state: DeskState, work: Pick<Work, 'customer' | 'from'>): string {
  const customer = work.customer === undefined ? undefined : state.customers[work.customer]
  return customer?.name ?? party(work.from)
}

export function party({ name, number }: Contact['from']): string {
  return name ?? (number === undefined ? 'Number withheld' : phoneNumber(number))
}

/** `account-holder` -> `Account holder`. */
export function sentence(identifier: string): string {
  const words = identifier
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_]+/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function language(tag: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}

export function pauseReason(state: DeskState, reason: string | undefined): string {
  if (reason === undefined) return 'no reason given'
  if (reason === 'no-answer') return 'calls went unanswered'
  if (reason === 'signed-in') return 'not available yet'
  return state.center?.pauseReasons.find(({ id }) => id === reason)?.name ?? sentence(reason)
}

export function disposition(state: DeskState, id: string): string {
  return state.center?.dispositions.find((one) => one.id === id)?.name ?? sentence(id)
}

export function queueName(state: DeskState, id: string): string {
  return state.queues[id]?.name ?? sentence(id)
}

/** What an agent is doing, in a word or two. */
export function doing(state: DeskState, agent: Agent): string {
  if (agent.slot === 'connected') return 'Talking'
  if (agent.slot === 'wrapping') return 'Wrap-up'
  if (agent.slot === 'offered') return 'Ringing'
  if (agent.slot === 'reserved') return 'Being offered a call'
  if (agent.presence === 'available') return 'Available'
  if (agent.presence === 'logged-out') return 'Off the floor'
  return `Paused: ${pauseReason(state, agent.reason)}`
}

const outcomes: Readonly<Record<NonNullable<TimelineEntry['outcome']>, string>> = {
  handled: 'Handled',
  'abandoned-in-ivr': 'Hung up in the menu',
  'abandoned-in-queue': 'Hung up while waiting',
  'abandoned-in-ring': 'Hung up while it rang',
  voicemail: 'Left a voicemail',
  transferred: 'Transferred',
  completed: 'Served by the menu',
  refused: 'Refused',
  failed: 'Failed',
  drained: 'Ended: server stopped',
  callback: 'To be called back',
  'not-reached': 'Callback not reached',
  'system-failure': 'Lost: server failure',
}

export function outcome(value: TimelineEntry['outcome']): string {
  return value === undefined ? 'Going on' : outcomes[value]
}

type OfferEnd = Exclude<Extract<LiveMessage, { type: 'offer.ended' }>['outcome'], 'accepted'>

/** What became of an offer that was not taken, and what it means for the agent. */
export function offerEnd(end: OfferEnd, caller: string): string {
  const goesOn = 'The caller keeps their place and goes to somebody else.'
  const sentences: Record<OfferEnd, string> = {
    rejected: `You rejected the call from ${caller}. ${goesOn}`,
    busy: `Your phone was busy when ${caller} called. ${goesOn}`,
    'no-answer': `You missed the call from ${caller}: it rang and was not answered. ${goesOn}`,
    'device-failed': `Your phone could not be rung for ${caller}. ${goesOn}`,
    'backend-failed': `The telephone system failed while your phone was rung for ${caller}. ${goesOn}`,
    'cancelled-by-caller': `${caller} hung up before you answered.`,
    rescinded: `The call from ${caller} was taken back before your phone rang.`,
  }
  return sentences[end]
}

const sides = { caller: 'the caller', agent: 'you', system: 'the system' } as const

export function endedBy(by: keyof typeof sides | undefined): string {
  return by === undefined ? 'Call ended' : `Call ended by ${sides[by]}`
}

/** Said after a restart of the server to an agent who works on. */
export function backAsBefore(state: DeskState, me: Agent): string {
  return `The server was restarted. You are back as before: ${doing(state, me).toLowerCase()}.`
}
