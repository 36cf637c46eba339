import type { AcdEffect, AcdInput, AgentId, AgentView, ContactId, RefusalCause } from '../acd/contract.ts'
import type { Engine } from '../acd/engine.ts'
import type { Arrival } from '../simulation/arrivals.ts'
import type { ReplayObserver } from './replay.ts'

/** How one contact really went. All times are milliseconds since 1970. */
export interface PastContact {
  readonly contact: ContactId
  readonly at: number
  readonly request: Arrival['request']
  readonly rings: PastRing[]
  agent?: AgentId
  waitEndedAt?: number
  outcome?: 'answered' | 'abandoned' | 'unserved' | 'left'
  /** The rules ended the wait, not the caller or the flow. */
  byRules?: true
  /** Of the talk. */
  endedAt?: number
  wrapUpFrom?: number
  wrapUpMs?: number
}

/** How a ringing phone was answered. Without `does` somebody else ended it: it may still have been answered. */
export interface PastRing {
  readonly offer: string
  readonly agent: AgentId
  readonly at: number
  does?: 'answer' | 'reject' | 'ignore'
  cause?: RefusalCause
  /** How long it rang. */
  afterMs?: number
}

type Timed = { readonly at: number; readonly input: AcdInput }

/** What people and calendars do, whatever the rules are. */
const OF_PEOPLE: ReadonlySet<AcdInput['type']> = new Set([
  'agent.known',
  'agent.forgotten',
  'agent.signed-in',
  'agent.available',
  'agent.paused',
  'agent.signed-out',
  'device.ok',
  'device.unregistered',
  'supervisor.forced',
  'queue.hours',
])

/** What really happened, gathered from a replay; behind a gap it begins anew. */
export class Past implements ReplayObserver {
  contacts = new Map<ContactId, PastContact>()
  timeline: Timed[] = []
  changes: { readonly at: number; readonly agent: AgentView }[] = []
  /** Agents -> the queues that they were last seen to serve, joined; what they are counted under. */
  readonly queuesOf = new Map<AgentId, string>()
  from: number | undefined
  to: number | undefined
  /** Had work in hand when this began. */
  #busy = new Set<AgentId>()
  #rings = new Map<string, PastRing>()
  readonly #progress: ((share: number) => void) | undefined

  constructor(progress?: (share: number) => void) {
    this.#progress = progress
  }

  progress(share: number): void {
    this.#progress?.(share)
  }

  started(engine: Engine): void {
    const agents = engine.agents()
    const { now } = engine.snapshot()
    this.contacts = new Map()
    this.changes = agents.map((agent) => ({ at: now, agent }))
    this.timeline = agents.flatMap((agent) => inputsOf(agent)).map((input) => ({ at: now, input }))
    this.from = undefined
    this.#rings = new Map()
    this.#busy = new Set(agents.flatMap(({ agent, slot }) => (slot === 'free' ? [] : agent)))
    for (const { agent } of agents) this.#countUnder(engine, agent)
  }

  handled(input: AcdInput, at: number, effects: readonly AcdEffect[], engine: Engine): void {
    this.from ??= at
    this.to = at
    if (OF_PEOPLE.has(input.type)) this.timeline.push({ at, input })
    this.#take(input, at)
    for (const effect of effects) this.#see(effect, at, engine)
    if (input.type === 'rules.configured') {
      for (const { agent } of engine.agents()) this.#countUnder(engine, agent)
    }
  }

  #take(input: AcdInput, at: number): void {
    switch (input.type) {
      case 'contact.queued': {
        const { type: _, contact, ...request } = input
        if (!this.contacts.has(contact)) this.contacts.set(contact, { contact, at, request, rings: [] })
        return
      }
      case 'contact.left':
        return this.#over(input.contact, at, input.reason === 'abandoned' ? 'abandoned' : 'left')
      case 'contact.ended':
      case 'contact.callback':
        return this.#over(input.contact, at, 'left')
      case 'contact.returned': {
        const known = this.contacts.get(input.contact)
        if (known?.endedAt !== undefined) return
        delete known?.outcome
        delete known?.waitEndedAt
        delete known?.agent
      }
    }
  }

  #see(effect: AcdEffect, at: number, engine: Engine): void {
    switch (effect.type) {
      case 'offer.made': {
        const ring = { offer: effect.offer, agent: effect.agent, at }
        this.#rings.set(effect.offer, ring)
        this.contacts.get(effect.contact)?.rings.push(ring)
        return
      }
      case 'offer.ended':
        return this.#rung(effect, at)
      case 'contact.connected': {
        const known = this.contacts.get(effect.contact)
        if (known) Object.assign(known, { agent: effect.agent, waitEndedAt: at, outcome: 'answered' })
        return
      }
      case 'contact.unserved':
        return this.#sentAway(effect.contact, at, 'unserved')
      case 'contact.exited':
      case 'contact.turned-away':
        return this.#sentAway(effect.contact, at, 'left')
      case 'wrap-up.started': {
        const known = this.contacts.get(effect.contact)
        if (known) known.wrapUpFrom = at
        return
      }
      case 'wrap-up.ended': {
        const known = this.contacts.get(effect.contact)
        if (known?.wrapUpFrom !== undefined) known.wrapUpMs ??= at - known.wrapUpFrom
        return
      }
      case 'agent.changed':
        return this.#changed(effect.agent, at, engine)
    }
  }

  #changed(agent: AgentView, at: number, engine: Engine): void {
    this.changes.push({ at, agent })
    this.#countUnder(engine, agent.agent)
    if (agent.slot !== 'free' || !this.#busy.delete(agent.agent)) return
    // What was in hand at the beginning is not played: who had it works from here on.
    if (agent.presence === 'available') {
      this.timeline.push({ at, input: { type: 'agent.available', agent: agent.agent } })
    }
  }

  /** The wait is over, or the talk. */
  #over(contact: ContactId, at: number, outcome: 'abandoned' | 'unserved' | 'left'): void {
    const known = this.contacts.get(contact)
    if (!known) return
    if (known.outcome === undefined) Object.assign(known, { outcome, waitEndedAt: at })
    else if (known.outcome === 'answered') known.endedAt ??= at
  }

  #sentAway(contact: ContactId, at: number, outcome: 'unserved' | 'left'): void {
    const known = this.contacts.get(contact)
    if (known) known.byRules = true
    this.#over(contact, at, outcome)
  }

  #rung({ offer, outcome }: Extract<AcdEffect, { type: 'offer.ended' }>, at: number): void {
    const ring = this.#rings.get(offer)
    this.#rings.delete(offer)
    if (!ring) return
    ring.afterMs = at - ring.at
    if (outcome === 'cancelled-by-caller' || outcome === 'rescinded') return
    if (outcome === 'accepted') ring.does = 'answer'
    else if (outcome === 'no-answer') ring.does = 'ignore'
    else Object.assign(ring, { does: 'reject', cause: outcome })
  }

  #countUnder(engine: Engine, agent: AgentId): void {
    const queues = engine.queuesOf(agent)
    if (queues.length > 0) this.queuesOf.set(agent, queues.toSorted().join(' '))
  }
}

/** How an agent stood at the beginning. */
function inputsOf({ agent, skills, device, presence, reason, slot }: AgentView): AcdInput[] {
  return [
    { type: 'agent.known', agent, skills },
    ...(device === 'unregistered' ? [] : [{ type: 'device.ok', agent } as const]),
    ...(presence === 'logged-out' ? [] : [{ type: 'agent.signed-in', agent } as const]),
    ...(presence === 'available' && slot === 'free' ? [{ type: 'agent.available', agent } as const] : []),
    ...(presence === 'paused' && reason !== undefined && reason !== 'signed-in'
      ? [{ type: 'agent.paused', agent, reason } as const]
      : []),
  ]
}
