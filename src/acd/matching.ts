import { type Activity, type Agent, activityOf } from './agent.ts'
import { byPlace, type Contact } from './contact.ts'
import type { AgentId } from './contract.ts'
import type { AgentGroup, ContactGroup, Groups } from './groups.ts'
import type { Strategy } from './routing/strategy.ts'

/**
 * Who gets whom. Both questions compare one candidate per group.
 *
 * Somebody who refused a contact comes after everybody who did not: is asked again only when no other free agent
 * qualifies, and is given it again only when nothing else waits for them or when everybody at work has refused it.
 */
export interface Floor {
  readonly groups: Groups
  readonly agents: ReadonlyMap<AgentId, Agent>
  readonly strategy: Strategy
}

export interface Choice {
  readonly agent: Agent
  readonly step: { readonly number: number; readonly who: 'named agent' | 'peers with the required skills' }
}

/** What those do who take contacts: now, or when they are through with what they have. */
const atWork: readonly Activity[] = ['free', 'being-offered', 'talking', 'wrapping-up', 'left-alone']

/** The agent for this contact now; undefined when nobody who qualifies is free. */
export function agentFor(
  floor: Floor,
  contact: Contact,
  namedAgentMs: number,
  now: number,
): Choice | undefined {
  const group = floor.groups.requirementOf(contact)
  if (!group) return undefined
  const named = contact.named === undefined ? undefined : floor.agents.get(contact.named)
  const namedFirst = now < contact.joinedAt + namedAgentMs
  if (named && namedFirst && activityOf(named) === 'free' && serves(floor, named, group)) {
    if (!contact.refusedBy.includes(named.id))
      return { agent: named, step: { number: 1, who: 'named agent' } }
  }
  const agent =
    first(floor, group, firstWilling(group, contact)) ?? first(floor, group, refusers(floor, group, contact))
  const number = contact.named === undefined ? 1 : 2
  return agent && { agent, step: { number, who: 'peers with the required skills' } }
}

/** The contact for this free agent now; undefined when nobody waits whom the agent could serve. */
export function contactFor(floor: Floor, agent: Agent): Contact | undefined {
  let next: Contact | undefined
  let refused: Contact | undefined
  for (const { waiting } of floor.groups.groupOf(agent)?.waiting ?? []) {
    if (next && waiting.first && byPlace(next, waiting.first) < 0) continue
    for (const contact of waiting) {
      if (contact.refusedBy.includes(agent.id) && !everybodyRefused(floor, contact)) {
        if (!refused || byPlace(contact, refused) < 0) refused = contact
        continue
      }
      if (!next || byPlace(contact, next) < 0) next = contact
      break
    }
  }
  return next ?? refused
}

function everybodyRefused(floor: Floor, contact: Contact): boolean {
  const group = floor.groups.requirementOf(contact)
  if (!group) return false
  let left = 0
  for (const agents of group.servedBy) left += headcount(agents)
  for (const id of contact.refusedBy) {
    const agent = floor.agents.get(id)
    if (agent && atWork.includes(activityOf(agent)) && serves(floor, agent, group)) left--
  }
  return left <= 0
}

function headcount(group: AgentGroup): number {
  return atWork.reduce((sum, activity) => sum + (group.doing.get(activity) ?? 0), 0)
}

function serves(floor: Floor, agent: Agent, group: ContactGroup): boolean {
  const agents = floor.groups.groupOf(agent)
  return agents !== undefined && group.servedBy.has(agents)
}

/** Of each group with somebody free, the first who has not refused the contact. */
function* firstWilling(group: ContactGroup, contact: Contact): Generator<Agent> {
  for (const { free } of group.free) {
    for (const agent of free) {
      if (contact.refusedBy.includes(agent.id)) continue
      yield agent
      break
    }
  }
}

function* refusers(floor: Floor, group: ContactGroup, contact: Contact): Generator<Agent> {
  for (const id of contact.refusedBy) {
    const agent = floor.agents.get(id)
    if (agent && activityOf(agent) === 'free' && serves(floor, agent, group)) yield agent
  }
}

function first(floor: Floor, group: ContactGroup, agents: Iterable<Agent>): Agent | undefined {
  let best: Agent | undefined
  for (const agent of agents) {
    if (!best || floor.strategy.compare(agent, best) < 0) best = agent
  }
  return best
}
