import { LOGGED_OUT } from './activity.ts'
import type { Agent } from './agent.ts'
import { membershipOf } from './classes.ts'
import type { Place, Queue } from './model.ts'
import { doingIn } from './profiles.ts'
import type { State } from './state.ts'

/** Queues in which nobody is signed in: since when, and when those who wait there have to leave. */

/** Somebody has come or gone: the queues in which nobody is signed in now, and those in which somebody is again. */
export function watchDesertion(state: State, agents: Iterable<Agent>): void {
  if (!state.minded) return
  const profiles = [...new Set([...agents].map((agent) => state.index.profiles.profileOf(agent)))]
  for (const queue of state.queues.values()) {
    if (queue.rules.leave?.nobodyLoggedInMs === undefined) continue
    // Somebody who is gone for good has no profile any more.
    if (profiles.some((profile) => !profile || membershipOf(profile, queue))) watchQueue(state, queue)
  }
}

/** Looks at every queue: there are new rules. */
export function watchAllQueues(state: State): void {
  state.minded = [...state.queues.values()].some(({ rules }) => rules.leave?.nobodyLoggedInMs !== undefined)
  for (const queue of state.queues.values()) watchQueue(state, queue)
}

/**
 * Whether anybody is signed in to a queue, and when its contacts have to leave.
 * @param joins a contact has just come: who came before it has to leave no later
 */
export function watchQueue(state: State, queue: Queue, joins = false): void {
  const { id, leave } = queue.rules
  const afterMs = leave?.nobodyLoggedInMs
  if (afterMs === undefined && !state.deserted.has(id)) return
  if (joins && state.timerAt(`deserted:${id}`) !== undefined) return
  const isDeserted = afterMs !== undefined && !isAnyMember(state, queue)
  if (isDeserted && !state.deserted.has(id)) state.deserted.set(id, state.now)
  if (!isDeserted) state.deserted.delete(id)
  const since = state.deserted.get(id)
  const timer = `deserted:${id}`
  if (since === undefined || afterMs === undefined || queue.line.size === 0) return state.stopTimer(timer)
  let first: number | undefined
  for (let place = queue.first; place; place = place.after) {
    const from = Math.max(since, place.contact.queuedAt)
    if (leaves(place)) first = Math.min(first ?? from, from)
  }
  const due = first === undefined ? undefined : first + afterMs
  if (state.timerAt(timer) === due) return
  state.stopTimer(timer)
  if (due !== undefined) state.startTimer(timer, Math.max(due, state.now), { kind: 'deserted', queue: id })
}

/** Callbacks stay, and so does whoever is being offered to somebody. */
export function leaves({ contact }: Place): boolean {
  return contact.state === 'waiting' && contact.callback === undefined
}

function isAnyMember(state: State, queue: Queue): boolean {
  const [lane] = state.index.lanes()
  if (!lane) return false
  for (const profile of state.index.profiles.values()) {
    if (membershipOf(profile, queue) && profile.size > doingIn(lane, profile, LOGGED_OUT)) return true
  }
  return false
}
