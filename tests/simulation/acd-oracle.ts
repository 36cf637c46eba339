import type {
  AgentView,
  CapacityRules,
  Member,
  QueueRules,
  Requirement,
  RoutingRules,
  Step,
} from '../../src/acd/contract.ts'
import type { EngineSnapshot } from '../../src/acd/snapshot.ts'

type Contact = EngineSnapshot['contacts'][number]
type Person = Pick<AgentView, 'agent' | 'skills'>

/**
 * A second, slower opinion on who may have whom: it reads the rules for one person and one contact at a time, and
 * shares no code with the engine.
 */
export class Oracle {
  readonly #rules: RoutingRules
  /** Those that are gone too, while somebody is in them. */
  readonly #queues: ReadonlyMap<string, QueueRules>
  readonly #capacities: ReadonlyMap<string, CapacityRules>

  constructor(
    rules: RoutingRules,
    queues: ReadonlyMap<string, QueueRules>,
    capacities: ReadonlyMap<string, CapacityRules>,
  ) {
    this.#rules = rules
    this.#queues = queues
    this.#capacities = capacities
  }

  capacityOf(agent: string): CapacityRules {
    return this.#capacities.get(agent) ?? this.#rules.capacity
  }

  /** Whether somebody takes one more contact of this channel now. */
  isFree(agent: AgentView, channel: string): boolean {
    if (agent.presence !== 'available' || agent.leftAloneUntil !== undefined || agent.pending !== undefined) {
      return false
    }
    return (channel !== 'voice' || agent.device === 'ok') && this.hasRoom(agent, channel)
  }

  hasRoom(agent: AgentView, channel: string): boolean {
    const { slots, while: limits } = this.capacityOf(agent.agent)
    const work = workOf(agent)
    const here = work.filter((each) => each === channel).length
    if (here >= (slots[channel] ?? (channel === 'voice' ? 1 : 0))) return false
    return work.every((other) => here < (limits[other]?.[channel] ?? Number.POSITIVE_INFINITY))
  }

  /** Whether somebody may have a contact now, free or not. */
  mayHave(person: Person, contact: Contact, now: number): boolean {
    return this.#inForce(contact).some((step) => this.#asks(step, person, contact, now))
  }

  /** Whether somebody could have a contact at any time. */
  couldEverHave(person: Person, contact: Contact): boolean {
    return this.#stepsOf(contact).some((step) => this.#asks(step, person, contact, Number.POSITIVE_INFINITY))
  }

  staysForEver(contact: Contact): boolean {
    const rules = this.#queues.get(contact.queue)
    if ((contact.steps ?? rules?.steps ?? []).length === 0) return true
    return (contact.afterwards ?? rules?.afterwards)?.do === 'stay'
  }

  /** Strict class, then preference of the queue for this person: lower first. */
  precedence(person: Person, contact: Contact): readonly [number, number] {
    if (contact.front?.agent === person.agent && contact.front.because !== 'last-agent') return [-1, 0]
    const strictClass = this.#queues.get(contact.queue)?.strictClass ?? 0
    return [strictClass, this.#entry(person, contact)?.preference ?? 11]
  }

  /** Its step must not be over. */
  stepRuns(contact: Contact, now: number): boolean {
    const steps = this.#stepsOf(contact)
    const step = steps[contact.step]
    return contact.step + 1 >= steps.length || (step !== undefined && contact.stepSince + step.forMs > now)
  }

  /** The steps whose people may have the contact. */
  #inForce(contact: Contact): Step[] {
    const steps = this.#stepsOf(contact)
    const inForce = new Set<Step>()
    for (let at = contact.step; at < steps.length; at++) {
      let from = at
      while (from > 0 && !steps[from]?.only) from--
      for (const step of steps.slice(from, at + 1)) inForce.add(step)
      if (steps[at]?.skipWhen !== 'none-free') break
    }
    return [...inForce]
  }

  #stepsOf(contact: Contact): readonly Step[] {
    const { front } = contact
    const steps = this.#ordinarySteps(contact)
    if (!front) return steps
    const first: Step = {
      who: { agents: [front.agent] },
      forMs: front.forMs,
      ...(front.skipWhen && { skipWhen: front.skipWhen }),
      ...(front.because !== 'last-agent' && { relax: 'members', only: true }),
    }
    return [first, ...steps.map((step, at) => (at < front.from ? { ...step, forMs: 0 } : step))]
  }

  #ordinarySteps(contact: Contact): readonly Step[] {
    const steps = contact.steps ?? this.#queues.get(contact.queue)?.steps ?? []
    if (steps.length === 0) return [{ who: { all: [] }, forMs: 0 }]
    const left = steps.filter(({ who }) => who !== 'named' || contact.named !== undefined)
    return left.length > 0 ? left : [{ who: { any: [] }, forMs: 0 }]
  }

  #asks(step: Step, person: Person, contact: Contact, now: number): boolean {
    const { slots } = this.capacityOf(person.agent)
    if ((slots[contact.channel] ?? (contact.channel === 'voice' ? 1 : 0)) < 1) return false
    const entry = this.#entry(person, contact)
    if (step.relax !== 'members' && !entry) return false
    const isOwn = step.relax === undefined || step.relax === 'nothing'
    if (isOwn && !this.#meets(person, contact.requirement)) return false
    const { who } = step
    if (who === 'named') return contact.named === person.agent
    if (typeof who === 'object' && 'agents' in who) return who.agents.includes(person.agent)
    if (entry && contact.joinedAt + entry.delayMs > now) return false
    return this.#meets(person, who === 'peers' ? contact.peers : who)
  }

  #entry(person: Person, contact: Contact): Member | undefined {
    return this.#queues.get(contact.queue)?.members.find(({ who }) => this.#meets(person, who))
  }

  #meets(person: Person, requirement: Requirement): boolean {
    if ('skill' in requirement) return (person.skills[requirement.skill] ?? 0) >= requirement.atLeast
    if ('all' in requirement) return requirement.all.every((part) => this.#meets(person, part))
    if ('any' in requirement) return requirement.any.some((part) => this.#meets(person, part))
    if ('not' in requirement) return !this.#meets(person, requirement.not)
    const team = this.#rules.teams.find(({ id }) => id === requirement.team)
    if (team?.agents.includes(person.agent)) return true
    return team?.who !== undefined && this.#meets(person, team.who)
  }
}

/** The channels of everything that somebody has in hand. */
export function workOf(agent: AgentView): string[] {
  if (agent.work) return agent.work.map(({ channel }) => channel)
  // One contact alone is not listed; its channel is known to the contact.
  return agent.slot === 'free' ? [] : [channelOf(agent.contact ?? '')]
}

/** In these simulations the id of a contact tells its channel. */
export function channelOf(contact: string): string {
  return contact.startsWith('m') ? 'chat' : 'voice'
}
