import { type Activity, type Agent, activityOf } from './agent.ts'
import { byPlace, type Contact } from './contact.ts'
import type { Skills } from './ids.ts'
import { meets, normalForm, type Requirement } from './requirement.ts'
import type { Strategy } from './routing/strategy.ts'
import { signature } from './skills.ts'
import { SortedList } from './sorted-list.ts'

/** Agents of identical skills. Who serves what is worked out once per group, not per person. */
export interface AgentGroup {
  readonly skills: Skills
  size: number
  /** Those who could be offered a contact now, in the order of the strategy. */
  readonly free: SortedList<Agent>
  readonly doing: Map<Activity, number>
  readonly serves: Set<ContactGroup>
  /** Of `serves`, those with somebody waiting. */
  readonly waiting: Set<ContactGroup>
}

/** Contacts of identical requirement, whatever their queue. */
export interface ContactGroup {
  readonly required: Requirement
  size: number
  /** Those who wait, in the order of service. */
  readonly waiting: SortedList<Contact>
  readonly servedBy: Set<AgentGroup>
  /** Of `servedBy`, those with somebody free. */
  readonly free: Set<AgentGroup>
}

/**
 * Keeps agents and contacts in groups, so that a decision looks at groups and at their first member, never at a
 * floor of people. Knows nothing of rules: who may be where is told by whoever calls.
 */
export class Groups {
  readonly #strategy: Strategy
  readonly #agentGroups = new Map<string, AgentGroup>()
  readonly #contactGroups = new Map<string, ContactGroup>()
  readonly #places = new Map<Agent, { readonly group: AgentGroup; readonly activity: Activity }>()
  readonly #requirements = new Map<Contact, ContactGroup>()

  constructor(strategy: Strategy) {
    this.#strategy = strategy
  }

  /** How many agents are in all groups. */
  get headcount(): number {
    return this.#places.size
  }

  /** Every group of agents; none is empty. */
  agentGroups(): Iterable<AgentGroup> {
    return this.#agentGroups.values()
  }

  /** Every group of contacts; none is empty. */
  contactGroups(): Iterable<ContactGroup> {
    return this.#contactGroups.values()
  }

  groupOf(agent: Agent): AgentGroup | undefined {
    return this.#places.get(agent)?.group
  }

  requirementOf(contact: Contact): ContactGroup | undefined {
    return this.#requirements.get(contact)
  }

  add(agent: Agent): void {
    this.#put(agent, this.#agentGroup(agent.skills))
  }

  remove(agent: Agent): void {
    const group = this.#take(agent)
    if (group) this.#tidy(group)
  }

  /** Changes an agent who is in a group: the order of the free depends on what may change. */
  change(agent: Agent, mutate: () => void): void {
    const { skills } = agent
    const group = this.#take(agent)
    mutate()
    if (!group) return
    if (agent.skills === skills) return this.#put(agent, group)
    this.#put(agent, this.#agentGroup(agent.skills))
    this.#tidy(group)
  }

  enter(contact: Contact): void {
    const group = this.#contactGroup(contact.required)
    group.size++
    this.#requirements.set(contact, group)
  }

  leave(contact: Contact): void {
    const group = this.#requirements.get(contact)
    if (!group) return
    this.stopWaiting(contact)
    this.#requirements.delete(contact)
    group.size--
    if (group.size > 0) return
    this.#contactGroups.delete(keyOf(group.required))
    for (const server of group.servedBy) server.serves.delete(group)
  }

  wait(contact: Contact): void {
    const group = this.#requirements.get(contact)
    if (!group) return
    group.waiting.add(contact)
    if (group.waiting.size === 1) for (const server of group.servedBy) server.waiting.add(group)
  }

  stopWaiting(contact: Contact): void {
    const group = this.#requirements.get(contact)
    if (!group?.waiting.delete(contact)) return
    if (group.waiting.size === 0) for (const server of group.servedBy) server.waiting.delete(group)
  }

  #put(agent: Agent, group: AgentGroup): void {
    const activity = activityOf(agent)
    this.#places.set(agent, { group, activity })
    group.size++
    group.doing.set(activity, (group.doing.get(activity) ?? 0) + 1)
    if (activity !== 'free') return
    group.free.add(agent)
    if (group.free.size === 1) for (const served of group.serves) served.free.add(group)
  }

  #take(agent: Agent): AgentGroup | undefined {
    const place = this.#places.get(agent)
    if (!place) return undefined
    const { group, activity } = place
    this.#places.delete(agent)
    group.size--
    group.doing.set(activity, (group.doing.get(activity) ?? 1) - 1)
    if (activity === 'free') {
      group.free.delete(agent)
      if (group.free.size === 0) for (const served of group.serves) served.free.delete(group)
    }
    return group
  }

  #tidy(group: AgentGroup): void {
    if (group.size > 0) return
    this.#agentGroups.delete(signature(group.skills))
    for (const served of group.serves) served.servedBy.delete(group)
  }

  #agentGroup(skills: Skills): AgentGroup {
    const key = signature(skills)
    const known = this.#agentGroups.get(key)
    if (known) return known
    const group: AgentGroup = {
      skills,
      size: 0,
      free: new SortedList((one, other) => this.#strategy.compare(one, other)),
      doing: new Map(),
      serves: new Set(),
      waiting: new Set(),
    }
    this.#agentGroups.set(key, group)
    for (const contacts of this.#contactGroups.values()) join(group, contacts)
    return group
  }

  #contactGroup(required: Requirement): ContactGroup {
    const key = keyOf(required)
    const known = this.#contactGroups.get(key)
    if (known) return known
    const group: ContactGroup = {
      required,
      size: 0,
      waiting: new SortedList(byPlace),
      servedBy: new Set(),
      free: new Set(),
    }
    this.#contactGroups.set(key, group)
    for (const agents of this.#agentGroups.values()) join(agents, group)
    return group
  }
}

function join(agents: AgentGroup, contacts: ContactGroup): void {
  if (!meets({ skills: agents.skills, teams: [] }, contacts.required)) return
  agents.serves.add(contacts)
  contacts.servedBy.add(agents)
  if (contacts.waiting.size > 0) agents.waiting.add(contacts)
  if (agents.free.size > 0) contacts.free.add(agents)
}

function keyOf(required: Requirement): string {
  return JSON.stringify(normalForm(required))
}
