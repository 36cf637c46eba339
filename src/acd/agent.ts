import {
  type Device,
  type DeviceVerb,
  nextDevice,
  nextPresence,
  nextSlot,
  type Presence,
  type PresenceVerb,
  type Slot,
  type SlotVerb,
} from './agent-tables.ts'
import type { AgentId, AgentView, ContactId, LosingReason, OfferId, Skills } from './contract.ts'

/** What the engine knows of one agent; plain data, so that it can be written down as it is. */
export interface Agent {
  readonly id: AgentId
  /** Order of becoming known: the last tie-breaker. */
  readonly serial: number
  skills: Skills
  presence: Presence
  /** Reason of the pause, in force or pending. */
  reason: string | undefined
  slot: Slot
  device: Device
  since: number
  /** The contact in the slot. */
  contact: ContactId | undefined
  readonly wrapUps: WrapUp[]
  /** Offers in a row that were not answered. */
  missed: number
  leftAlone: { readonly until: number; readonly timer: string } | undefined
  /** While ready for work: now minus the idle time so far. */
  idleSince: number | undefined
  /** While not ready: idle time since the last work, kept for the return. */
  idleMs: number
  /** No longer an agent, and still in a talk. */
  forgotten: boolean
}

/** The work that one agent still has after one talk. It belongs to both: neither alone names it. */
export interface WrapUp {
  readonly contact: ContactId
  readonly offer: OfferId
  readonly until: number
  readonly timer: string
}

/** What an agent does, as far as routing cares. Everybody who is not `free` loses for that reason. */
export type Activity =
  | 'free'
  | Exclude<
      LosingReason,
      'ranked-lower' | 'refused-this-contact' | 'lacks-skills' | 'not-in-step' | 'not-yet'
    >

export function newAgent(id: AgentId, serial: number, skills: Skills, now: number): Agent {
  return {
    id,
    serial,
    skills,
    presence: 'logged-out',
    reason: undefined,
    slot: 'free',
    device: 'unregistered',
    since: now,
    contact: undefined,
    wrapUps: [],
    missed: 0,
    leftAlone: undefined,
    idleSince: undefined,
    idleMs: 0,
    forgotten: false,
  }
}

/** Follows the table of presence; false when it does not allow it. */
export function setPresence(agent: Agent, verb: PresenceVerb, now: number, reason?: string): boolean {
  const next = nextPresence(agent.presence, verb)
  if (!next) return false
  if (next !== 'paused' && next !== 'pause-pending') agent.reason = undefined
  else if (reason !== undefined) agent.reason = reason
  agent.presence = next
  agent.since = now
  if (next === 'logged-out') agent.idleMs = 0
  keepIdleTime(agent, now)
  return true
}

/** Follows the table of the work slot; false when it does not allow it. */
export function setSlot(agent: Agent, verb: SlotVerb, now: number): boolean {
  const next = nextSlot(agent.slot, verb)
  if (!next) return false
  if (agent.slot === 'connected') agent.idleMs = 0
  agent.slot = next
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

/** Idleness is time ready for work. A break, a ringing phone or a fault stops that clock and does not turn it back. */
function keepIdleTime(agent: Agent, now: number): void {
  const ready = agent.presence === 'available' && agent.slot === 'free' && agent.device === 'ok'
  if (ready && agent.idleSince === undefined) agent.idleSince = now - agent.idleMs
  if (!ready && agent.idleSince !== undefined) {
    agent.idleMs = now - agent.idleSince
    agent.idleSince = undefined
  }
  if (agent.presence === 'logged-out') agent.idleMs = 0
}

export function activityOf(agent: Agent): Activity {
  if (agent.presence === 'logged-out') return 'logged-out'
  if (agent.slot === 'reserved' || agent.slot === 'offered') return 'being-offered'
  if (agent.slot === 'connected') return 'talking'
  if (agent.slot === 'wrapping') return 'wrapping-up'
  if (agent.presence === 'paused') return 'paused'
  if (agent.device === 'unregistered') return 'device-unregistered'
  if (agent.device === 'failed') return 'device-failed'
  return agent.leftAlone ? 'left-alone' : 'free'
}

export function viewOf(agent: Agent): AgentView {
  const { presence, reason } = agent
  const pending =
    presence === 'sign-out-pending' ? 'sign-out' : presence === 'pause-pending' ? reason : undefined
  return {
    agent: agent.id,
    presence: presence === 'logged-out' || presence === 'paused' ? presence : 'available',
    ...(presence === 'paused' && reason !== undefined && { reason }),
    ...(pending !== undefined && { pending }),
    slot: agent.slot,
    ...(agent.contact !== undefined && { contact: agent.contact }),
    device: agent.device,
    since: agent.since,
    ...(agent.idleSince !== undefined && { idleSince: agent.idleSince }),
    ...(agent.leftAlone && { leftAloneUntil: agent.leftAlone.until }),
    skills: agent.skills,
  }
}
