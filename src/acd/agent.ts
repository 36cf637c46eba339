import {
  type Device,
  type DeviceVerb,
  nextDevice,
  nextPresence,
  nextSlot,
  type Presence,
  type PresenceVerb,
  type SlotVerb,
} from './agent-tables.ts'
import type { AgentId, Channel, ContactId, OfferId, Skills } from './ids.ts'
import type { CapacityRules } from './rules.ts'
import type { AgentView, SlotState } from './view.ts'

/** What the engine knows of one agent; plain data, so that it can be written down as it is. */
export interface Agent {
  readonly id: AgentId
  /** Order of becoming known: the last tie-breaker. */
  readonly serial: number
  skills: Skills
  /** Of their own; undefined where that of the rules holds. */
  capacity: CapacityRules | undefined
  presence: Presence
  /** Reason of the pause, in force or pending. */
  reason: string | undefined
  device: Device
  since: number
  /** Everything in hand, in the order in which it came. */
  readonly work: Work[]
  /** Offers in a row that were not answered. */
  missed: number
  leftAlone: { readonly until: number; readonly timer: string } | undefined
  /** While ready and without work: now minus the idle time so far. */
  idleSince: number | undefined
  /** While not ready: idle time since the last work, kept for the return. */
  idleMs: number
  /** When the last offer was made to them. */
  givenAt: number
  /** Number of the last offer made to them, over everybody. */
  turn: number
  /** Contacts since signing in. */
  handled: number
  /** No longer an agent, and still at work. */
  forgotten: boolean
}

/** One agent's part in one contact: the offer, the talk, the wrap-up. Neither alone names it. */
export interface Work {
  readonly contact: ContactId
  readonly offer: OfferId
  readonly channel: Channel
  state: SlotState
  /** Of the wrap-up: when it ends, and the timer that ends it. */
  /** `latest`: it cannot be extended beyond. */
  wrapUp: { readonly until: number; readonly latest: number; readonly timer: string } | undefined
}

export function newAgent(id: AgentId, serial: number, now: number): Agent {
  return {
    id,
    serial,
    skills: {},
    capacity: undefined,
    presence: 'logged-out',
    reason: undefined,
    device: 'unregistered',
    since: now,
    work: [],
    missed: 0,
    leftAlone: undefined,
    idleSince: undefined,
    idleMs: 0,
    givenAt: 0,
    turn: 0,
    handled: 0,
    forgotten: false,
  }
}

/** Follows the table of presence; false when it does not allow it. */
export function setPresence(agent: Agent, verb: PresenceVerb, now: number, reason?: string): boolean {
  const next = nextPresence(agent.presence, verb)
  if (!next) return false
  if (next !== 'paused' && next !== 'pause-pending') agent.reason = undefined
  else if (reason !== undefined) agent.reason = reason
  if (agent.presence === 'logged-out') agent.handled = 0
  agent.presence = next
  agent.since = now
  if (next === 'logged-out') agent.idleMs = 0
  keepIdleTime(agent, now)
  return true
}

/** The agent is chosen for a contact. */
export function takeOn(agent: Agent, work: Omit<Work, 'state' | 'wrapUp'>, turn: number, now: number): void {
  agent.work.push({ ...work, state: 'reserved', wrapUp: undefined })
  agent.turn = turn
  agent.givenAt = now
  agent.since = now
  keepIdleTime(agent, now)
}

/** Follows the table of the work slot; false when it does not allow it. Work whose slot is free again is gone. */
export function setSlot(agent: Agent, work: Work, verb: SlotVerb, now: number): boolean {
  const next = nextSlot(work.state, verb)
  if (!next) return false
  if (work.state === 'connected') agent.idleMs = 0
  if (next === 'free') agent.work.splice(agent.work.indexOf(work), 1)
  else work.state = next
  agent.since = now
  keepIdleTime(agent, now)
  return true
}

/** Follows the table of the device; false when it does not allow it. */
export function setDevice(agent: Agent, verb: DeviceVerb, now: number): boolean {
  const next = nextDevice(agent.device, verb)
  if (!next) return false
  agent.device = next
  keepIdleTime(agent, now)
  return true
}

export function workOf(agent: Agent, offer: OfferId): Work | undefined {
  return agent.work.find((work) => work.offer === offer)
}

/** Idleness is time ready for work. A break, a ringing phone or a fault stops that clock and does not turn it back. */
function keepIdleTime(agent: Agent, now: number): void {
  const ready = agent.presence === 'available' && agent.work.length === 0 && agent.device === 'ok'
  if (ready && agent.idleSince === undefined) agent.idleSince = now - agent.idleMs
  if (!ready && agent.idleSince !== undefined) {
    agent.idleMs = now - agent.idleSince
    agent.idleSince = undefined
  }
  if (agent.presence === 'logged-out') agent.idleMs = 0
}

const busiest: readonly SlotState[] = ['connected', 'offered', 'reserved', 'wrapping']

/** Made with every change of an agent: written out, because spreading optional parts takes five times as long. */
export function viewOf(agent: Agent): AgentView {
  const { presence, reason, work, idleSince, leftAlone } = agent
  let first = work[0]
  for (const each of work) if (first && isBusier(each, first)) first = each
  const view: { -readonly [Key in keyof AgentView]: AgentView[Key] } = {
    agent: agent.id,
    presence: presence === 'logged-out' || presence === 'paused' ? presence : 'available',
    slot: first?.state ?? 'free',
    device: agent.device,
    since: agent.since,
    skills: agent.skills,
  }
  if (first) view.contact = first.contact
  if (idleSince !== undefined) view.idleSince = idleSince
  if (presence === 'paused' && reason !== undefined) view.reason = reason
  if (presence === 'sign-out-pending') view.pending = 'sign-out'
  if (presence === 'pause-pending' && reason !== undefined) view.pending = reason
  if (leftAlone) view.leftAloneUntil = leftAlone.until
  if (work.length > 1) {
    view.work = work.map(({ contact, channel, state }) => ({ contact, channel, slot: state }))
  }
  return view
}

function isBusier(one: Work, other: Work): boolean {
  return busiest.indexOf(one.state) < busiest.indexOf(other.state)
}
