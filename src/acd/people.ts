import { type Agent, newAgent, setDevice, setPresence } from './agent.ts'
import { endBackOff, endOfferOf, finishWrapUp } from './assignments.ts'
import type { AgentId, Skills } from './contract.ts'
import { signature } from './skills.ts'
import type { State } from './state.ts'

/** What people do, apart from the contacts they are given. */

export function know(state: State, id: AgentId, skills: Skills): void {
  const agent = state.agents.get(id)
  if (!agent) {
    const newcomer = newAgent(id, ++state.counters.agents, skills, state.now)
    state.agents.set(id, newcomer)
    state.groups.add(newcomer)
    state.changed.add(newcomer)
    return
  }
  if (agent.forgotten) {
    agent.forgotten = false
    state.groups.add(agent)
  }
  if (signature(agent.skills) === signature(skills)) return
  state.change(agent, () => {
    agent.skills = skills
    return true
  })
  recheckWaiting(state)
}

/** Nobody new is given to them; a talk is finished first. */
export function forget(state: State, agent: Agent): void {
  signOut(state, agent)
  state.groups.remove(agent)
  if (agent.slot === 'free') state.agents.delete(agent.id)
  else agent.forgotten = true
  recheckWaiting(state)
}

export function signOut(state: State, agent: Agent): void {
  endOfferOf(state, agent, 'rescinded')
  for (const contact of agent.wrapUps.map((wrapUp) => wrapUp.contact)) finishWrapUp(state, agent, contact)
  const verb = agent.slot === 'free' ? 'signOut' : 'signOutLater'
  state.change(agent, () => setPresence(agent, verb, state.now))
  if (agent.presence === 'logged-out') endBackOff(state, agent)
}

/** Somebody who comes back from a pause starts afresh: missed offers and back-off are forgotten. */
export function makeAvailable(state: State, agent: Agent): void {
  state.change(agent, () => {
    if (agent.presence === 'paused') agent.missed = 0
    const back = setPresence(agent, 'makeAvailable', state.now)
    return setDevice(agent, 'retry', state.now) || back
  })
}

/** Contacts that nobody could serve any more are to be looked at, though nobody came free. */
export function recheckWaiting(state: State): void {
  for (const group of state.groups.contactGroups()) {
    if (group.servedBy.size === 0) for (const contact of group.waiting) state.unmatched.contacts.add(contact)
  }
}
