import { type Agent, setPresence } from './agent.ts'
import type { AgentId, ContactId } from './ids.ts'
import type { Place } from './model.ts'
import type { QueueRules } from './rules.ts'
import type { State } from './state.ts'

/** What follows a talk, beside the wrap-up itself. */

/** Last talks that are kept; the oldest are forgotten first. */
const TALKS_KEPT = 200_000

/** The queue gives its agents a pause after every talk: it is in force when all work is done. */
export function pauseAfterCall(state: State, agent: Agent, rules: QueueRules | undefined): void {
  const reason = rules?.pauseAfterCall
  if (reason === undefined || agent.presence !== 'available') return
  state.change(agent, () => setPresence(agent, 'pauseLater', state.now, reason))
}

/** Gives the agent more time for a wrap-up, as far as the queue's limit allows. */
export function extendWrapUp(state: State, agent: Agent, contact: ContactId, byMs: number): void {
  const work = agent.work.find((each) => each.contact === contact && each.wrapUp)
  if (!work?.wrapUp || byMs <= 0) return
  // It may be over already, and only its timer late.
  const until = Math.min(Math.max(work.wrapUp.until, state.now) + byMs, work.wrapUp.latest)
  if (until <= Math.max(work.wrapUp.until, state.now)) return
  const timer = `wrap-up:${work.offer}:${++state.counters.clocks}`
  state.stopTimer(work.wrapUp.timer)
  work.wrapUp = { ...work.wrapUp, until, timer }
  state.startTimer(timer, until, { kind: 'wrap-up', agent: agent.id, contact })
  state.tell({ type: 'wrap-up.extended', agent: agent.id, contact, until })
}

/** For the next time that the same customer comes. */
export function rememberTalk(state: State, { contact }: Place, agent: AgentId): void {
  if (contact.customer === undefined) return
  state.lastTalks.delete(contact.customer)
  state.lastTalks.set(contact.customer, { agent, at: state.now })
  const [oldest] = state.lastTalks.keys()
  if (state.lastTalks.size > TALKS_KEPT && oldest !== undefined) state.lastTalks.delete(oldest)
}
