import { setDevice, setPresence } from './agent.ts'
import { endOffers, endOffersOf, finishWrapUp } from './assignments.ts'
import { watchQueue } from './desertion.ts'
import type { LifeInput } from './life-inputs.ts'
import type { Front, Place } from './model.ts'
import { signOut } from './people.ts'
import type { State } from './state.ts'
import { beginSteps, changePlace, moveTo, resume } from './steps.ts'

/** What supervisors do with contacts and agents, in the engine's own words: inputs like all others. */

/** How long a contact waits for the agent to whom it was given. */
const ASSIGNED_FOR_MS = 600_000

type Act<Type extends LifeInput['type']> = Extract<LifeInput, { type: Type }>

export function move(state: State, { contact: id, queue, by }: Act<'supervisor.moved'>): void {
  const place = inLine(state, id)
  const to = state.queues.get(queue)
  if (!place || !to?.configured || queue === place.contact.queue) return
  note(state, place, by, `moved from ${place.contact.queue} to ${queue}`)
  if (!takeBack(state, place) || place.contact.queue === queue) return
  const from = state.queues.get(place.contact.queue)
  place.contact.front = undefined
  moveTo(state, place, to, { reason: 'supervisor', by })
  if (from) watchQueue(state, from)
}

export function assign(state: State, { contact: id, agent, by }: Act<'supervisor.assigned'>): void {
  const place = inLine(state, id)
  const known = state.agents.get(agent)
  if (!place || !known || known.forgotten || known.presence === 'logged-out') return
  const { contact } = place
  const because = agent === by ? 'pulled' : 'assigned'
  note(state, place, by, because === 'pulled' ? `pulled by ${by}` : `assigned to ${agent}`)
  if (!takeBack(state, place)) return
  contact.refusedBy = contact.refusedBy.filter((one) => one !== agent)
  const from = stepBehind(contact.front, contact.step)
  enterAgain(state, place, { agent, because, forMs: ASSIGNED_FOR_MS, skipWhen: 'none-logged-in', from })
  state.tell({ type: 'contact.assigned', contact: id, agent, by })
}

/** The agent to whom a contact was given does not take it: it goes on as before. */
export function dissolve(state: State, place: Place, agent: string): void {
  const { front, step } = place.contact
  if (!front || front.agent !== agent || front.because === 'last-agent') return
  enterAgain(state, place, undefined, stepBehind(front, step))
}

export function reprioritise(state: State, act: Act<'supervisor.reprioritised'>): void {
  const place = inLine(state, act.contact)
  const queue = place && state.queues.get(place.contact.queue)
  if (!place || !queue) return
  const { contact } = place
  const { priority = contact.priority, adjustmentMs = contact.adjustmentMs, by } = act
  if (priority === contact.priority && adjustmentMs === contact.adjustmentMs) return
  note(state, place, by, `priority ${priority}, ${adjustmentMs / 1000} s of head start`)
  changePlace(state, place, () => {
    if (priority !== contact.priority) contact.headStartMs = queue.rules.headStartMs[priority] ?? 0
    contact.priority = priority
    contact.adjustmentMs = adjustmentMs
  })
  state.tell({
    type: 'contact.reprioritised',
    contact: contact.id,
    priority,
    headStartMs: contact.headStartMs,
    adjustmentMs,
    by,
  })
}

export function force(state: State, { agent: id, to, reason }: Act<'supervisor.forced'>): void {
  const agent = state.agents.get(id)
  if (!agent || agent.forgotten) return
  if (to === 'logged-out') return signOut(state, agent)
  if (to === 'paused') {
    if (agent.presence === 'logged-out') return
    endOffersOf(state, agent, 'rescinded')
  }
  for (const { contact } of agent.work.filter(({ wrapUp }) => wrapUp)) finishWrapUp(state, agent, contact)
  state.change(agent, () => {
    if (to === 'paused') {
      const verb = agent.work.length === 0 ? 'pause' : 'pauseLater'
      return setPresence(agent, verb, state.now, reason ?? 'supervisor')
    }
    const signedIn = agent.presence === 'logged-out' && setPresence(agent, 'signIn', state.now, 'signed-in')
    agent.missed = 0
    const back = setPresence(agent, 'makeAvailable', state.now)
    return setDevice(agent, 'retry', state.now) || back || signedIn
  })
}

function inLine(state: State, id: string): Place | undefined {
  const place = state.places.get(id)
  return place && place.contact.state !== 'connected' ? place : undefined
}

function note(state: State, { contact }: Place, by: string, did: string): void {
  contact.acts.push({ at: state.now, by, did })
}

/** Whoever is being rung is not to blame. False when the contact has left, because its last step was over meanwhile. */
function takeBack(state: State, place: Place): boolean {
  const refusedBy = [...place.contact.refusedBy]
  endOffers(state, place, 'rescinded')
  place.contact.refusedBy = refusedBy
  return state.places.get(place.contact.id) === place
}

/** The number of a step without the one in front. */
function stepBehind(front: Front | undefined, step: number): number {
  return front ? Math.max(front.from, step - 1) : step
}

function enterAgain(state: State, place: Place, front: Front | undefined, step = 0): void {
  const { contact } = place
  const queue = state.queues.get(contact.queue)
  if (!queue) return
  state.index.leave(place)
  contact.front = front
  const { steps } = state.index.enter(place, queue)
  if (front) {
    beginSteps(state, place)
    return
  }
  contact.step = Math.min(step, steps.length - 1)
  contact.stepSince = state.now
  contact.skipped = []
  resume(state, place)
  if (contact.state === 'waiting') state.unmatched.contacts.add(place)
}
