import { type Agent, newAgent, setDevice, setPresence } from './agent.ts'
import { endBackOff, endOffersOf, finishWrapUp } from './assignments.ts'
import type { AgentId, Skills } from './ids.ts'
import { recheckWaiting } from './offering.ts'
import type { CapacityRules } from './rules.ts'
import { signature } from './skills.ts'
import type { State } from './state.ts'
import { skipAbandonedSteps } from './steps.ts'

/** What people do, apart from the contacts they are given. */

export function know(state: State, id: AgentId, skills: Skills, capacity: CapacityRules | undefined): void {
  const known = state.agents.get(id)
  const agent = known ?? newAgent(id, ++state.counters.agents, state.now)
  const wasAway = !known || agent.forgotten
  const isSame =
    signature(agent.skills) === signature(skills) &&
    JSON.stringify(agent.capacity) === JSON.stringify(capacity)
  if (!wasAway && isSame) return
  if (!known || !isSame) state.changed.add(agent)
  agent.forgotten = false
  agent.skills = skills
  agent.capacity = capacity
  state.agents.set(id, agent)
  state.seat(agent)
  state.came.add(agent)
  state.unmatched.agents.add(agent)
  if (known && !wasAway) loses(state, agent)
}

/** Nobody new is given to them; a talk is finished first. */
export function forget(state: State, agent: Agent): void {
  signOut(state, agent)
  state.index.removeAgent(agent)
  if (agent.work.length === 0) state.agents.delete(agent.id)
  else agent.forgotten = true
  loses(state, agent)
}

export function signOut(state: State, agent: Agent): void {
  endOffersOf(state, agent, 'rescinded')
  for (const { contact } of agent.work.filter(({ wrapUp }) => wrapUp)) finishWrapUp(state, agent, contact)
  const verb = agent.work.length === 0 ? 'signOut' : 'signOutLater'
  state.change(agent, () => setPresence(agent, verb, state.now))
  if (agent.presence !== 'logged-out') return
  endBackOff(state, agent)
}

/** Somebody who comes back from a pause starts afresh: missed offers and back-off are forgotten. */
export function makeAvailable(state: State, agent: Agent): void {
  state.change(agent, () => {
    if (agent.presence === 'paused') agent.missed = 0
    const back = setPresence(agent, 'makeAvailable', state.now)
    return setDevice(agent, 'retry', state.now) || back
  })
}

/** Somebody can do less than before, or is not there any more. */
function loses(state: State, agent: Agent): void {
  skipAbandonedSteps(state, agent)
  recheckWaiting(state)
}
