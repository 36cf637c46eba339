import type { Agent } from './agent.ts'
import type { Bits } from './bits.ts'
import type { Heap } from './heap.ts'
import type { AgentId, Channel, ContactId, OfferId } from './ids.ts'
import type { KeyedHeap } from './keyed-heap.ts'
import type { CallbackMode } from './life-inputs.ts'
import type { LineOrder } from './line-order.ts'
import type { Able, Requirement } from './requirement.ts'
import type { Strategy } from './routing/strategy.ts'
import type { Afterwards, CapacityRules, Member, QueueRules, Step } from './rules.ts'
import type { ContactView } from './view.ts'
import type { SupervisorAct } from './why.ts'

/**
 * What the engine is made of. Agents of the same abilities are one *profile*, contacts of the same needs one
 * *class*: who serves what is worked out once per pair of those, and a decision looks at the first of each, never at
 * a floor of people. Everything but `Agent`, `Contact` and `Offer` can be worked out again from them and the rules.
 */

/** What the engine knows of one contact; plain data, so that it can be written down as it is. */
export interface Contact {
  readonly id: ContactId
  /** Number of arrival: the last tie-breaker of the order. */
  readonly arrival: number
  readonly channel: Channel
  readonly requirement: Requirement
  readonly named: AgentId | undefined
  /** Of its own; undefined where those of the queue hold. */
  steps: readonly Step[] | undefined
  afterwards: Afterwards | undefined
  priority: number
  readonly customer: string | undefined
  readonly joinedAt: number
  queue: string
  /** When it came into this queue. */
  queuedAt: number
  /** Whom `peers` means; settled when the contact came into the queue. */
  peers: Requirement
  /** Queues that it overflowed from. */
  readonly cameFrom: string[]
  /** Settled when it came into the queue: later rules do not move anybody's place. */
  headStartMs: number
  adjustmentMs: number
  /** What steps have given so far. */
  boostMs: number
  /** The step whose clock runs, from 0, and since when. */
  step: number
  stepSince: number
  /** Numbers of the steps that ended early because nobody of them was logged in. */
  skipped: number[]
  state: ContactView['state']
  /** Those that stand, or the one that was accepted. */
  offers: Offer[]
  /** Who had this contact offered and did not take it, since the last time that nobody else was left. */
  refusedBy: AgentId[]
  /** An agent who is asked before all steps. */
  front: Front | undefined
  /** While nobody is on the line. */
  callback: Callback | undefined
  /** Has waited as long as its queue allows. */
  overdue: boolean
  readonly acts: SupervisorAct[]
}

/** A step in front of the others, of one agent. */
export interface Front {
  readonly agent: AgentId
  readonly because: 'last-agent' | 'assigned' | 'pulled'
  readonly forMs: number
  readonly skipWhen: Step['skipWhen']
  /** Number of the step that follows, from 0: those before it are over. */
  readonly from: number
}

/** A contact whose customer is to be called. */
export interface Callback {
  readonly mode: CallbackMode
  /** Calls that were begun. */
  attempts: number
  /** `later`: not before the timer. `dialling`: the customer is being called; the timer is the end of that. */
  stage: 'due' | 'dialling' | 'later'
  timer: string | undefined
  /** When `later` is over. */
  retryAt: number | undefined
  /** The promise ends. */
  readonly until: number
}

/** A lease: this agent, for this contact, until that time. */
export interface Offer {
  readonly id: OfferId
  readonly agent: AgentId
  readonly contact: ContactId
  readonly expiresAt: number
  readonly timer: string
}

/** A contact, and where it is in the index. */
export interface Place {
  readonly contact: Contact
  readonly arrival: number
  /** Joined time minus everything that puts it forward; the order of service is by this, then by arrival. */
  key: number
  plan: Plan | undefined
  stage: Stage | undefined
  /** The class in which it waits; undefined while it does not. */
  waitingIn: ContactClass | undefined
  /** In the lines of the agents whom it names. */
  named: readonly NamedEntry[]
  /** When its step ends, or it has waited so long that further members see it; undefined for never. */
  dueAt: number | undefined
  /** In the order of joining, within the queue. */
  before: Place | undefined
  after: Place | undefined
}

/** A queue and everybody in it who is not connected yet. */
export interface Queue {
  rules: QueueRules
  strategy: Strategy
  /** False when the latest rules no longer have it; its contacts are still served. */
  configured: boolean
  /** In the order of service. */
  readonly line: LineOrder<Place>
  /** Who joined first, and last, whatever their place; they name their neighbours. */
  first: Place | undefined
  last: Place | undefined
  /** Waiting times at which further members see a contact, in order. */
  delays: readonly number[]
  /** Whoever belongs to it, whatever the entry. */
  membership: Requirement
}

/** Contacts of one channel, and who of the floor can take one. */
export interface Lane {
  readonly channel: Channel
  readonly index: number
  /** Classes with somebody waiting. */
  readonly waiting: Bits
  /** By number of the class, key and arrival of who waits first in it: two numbers each. */
  heads: Float64Array
  /** Profiles with somebody free. */
  readonly free: Bits
  /** By number of the profile: how many do what, by the number of the activity. */
  doing: Int32Array
}

/** Contacts of one queue that the same agents may have. */
export interface ContactClass {
  readonly index: number
  readonly key: string
  readonly queue: Queue
  readonly lane: Lane
  readonly required: Requirement
  /** Members with a longer delay do not see these contacts yet. */
  readonly delayMs: number
  /** Skills that are asked for: what strategies go by. */
  readonly asked: readonly string[]
  /** Who serves it. */
  readonly profiles: Bits
  /** Of each profile that serves it: preference, then what the strategy makes of skills; lower first. */
  ranks: Int32Array
  readonly waiting: KeyedHeap<Place>
  /** Plans that have it. */
  plans: number
}

/** Agents of the same skills, teams and capacity. */
export interface Profile {
  readonly index: number
  readonly key: string
  readonly able: Able
  readonly capacity: CapacityRules
  size: number
  /** What they serve. */
  readonly classes: Bits
  /** By number of the class: strict class of its queue, then preference; lower first. */
  precedence: Uint16Array
  /** By index of the lane. */
  readonly lanes: ProfileLane[]
  /** By queue; undefined for one that they are no member of. */
  readonly membership: Map<string, Member | undefined>
}

export interface ProfileLane {
  /** Those who could be offered a contact now, in each order that a strategy in use needs. */
  readonly free: readonly Heap<Seat>[]
}

/** One agent in one lane. */
export interface Seat {
  readonly agent: Agent
  readonly profile: Profile
  readonly lane: Lane
  /** By number of the order; -1 when not free. */
  readonly at: number[]
  /** Number of what the agent does. */
  activity: number
}

/** How the contacts of one queue with the same needs are to be served. */
export interface Plan {
  readonly key: string
  readonly queue: Queue
  readonly lane: Lane
  readonly steps: readonly PlanStep[]
  readonly afterwards: Afterwards
  /** By step and number of delays passed. */
  readonly stages: Map<number, Stage>
  /** Whoever any step allows, sooner or later. */
  readonly ever: ContactClass
  /** Membership and the contact's own requirement, whatever the steps say. */
  readonly base: ContactClass
  readonly classes: ContactClass[]
  contacts: number
}

export interface PlanStep extends Required<Pick<Step, 'forMs' | 'skipWhen' | 'boostMs' | 'only'>> {
  /** What an agent must meet to be asked. */
  readonly required: Requirement
  /** Only these of them; `named` is whom the contact names, `front` who is asked first. Undefined: all of them. */
  readonly agents: readonly AgentId[] | 'named' | 'front' | undefined
  readonly words: string
}

/** Where a contact stands in its plan, and what follows from it. */
export interface Stage {
  /** Asked one after the other; the later ones while nobody of the earlier ones is free. */
  readonly pools: readonly Pool[]
  /** Whoever of any of these comes free may have it: where it waits. */
  readonly waits: ContactClass
  /** As `waits`, when all delays have passed. */
  readonly later: ContactClass
  /** Agents of any of the pools by name. */
  readonly named: readonly NamedStep[]
}

/** Who may have a contact: the profiles of a class, and agents by name. */
export interface Pool {
  readonly step: number
  readonly profiles: ContactClass
  readonly named: readonly NamedStep[]
}

export interface NamedStep {
  readonly agents: readonly AgentId[] | 'named' | 'front'
  /** What they must meet all the same. */
  readonly gate: ContactClass
}

/** A contact that waits for an agent by name. */
export interface NamedEntry {
  readonly place: Place
  readonly agent: AgentId
  readonly gate: ContactClass
  /** Strict class and preference: lower first. */
  precedence: number
  /** Position in the agent's line; -1 while the agent does not meet the gate. */
  at: number
}

/** What a preference weighs in a rank. */
export const PREFERENCE_STEP = 100_000_000
/** Of somebody who serves a queue without being a member. */
export const NO_PREFERENCE = 11
