import { LOGGED_OUT } from './activity.ts'
import type { Agent } from './agent.ts'
import { over } from './callback-end.ts'
import { keyOf } from './contact.ts'
import { watchQueue } from './desertion.ts'
import type { Contact, ContactClass, Place, PlanStep, Queue } from './model.ts'
import { patienceTimer, startPatience } from './patience.ts'
import { agentsOf, peersOf } from './plan.ts'
import { doingIn } from './profiles.ts'
import { comeIn, goOut } from './queue.ts'
import type { State } from './state.ts'

/**
 * How a contact goes through its steps: their clocks, what ends them early, and what follows the last one.
 */

/** The contact is in its queue now: its first step begins. */
export function beginSteps(state: State, place: Place): void {
  const { contact } = place
  contact.skipped = []
  state.newcomers.add(place)
  beginStep(state, place, 0, state.now)
}

/** Moves every contact on whose time is up; false when there was none. */
export function advance(state: State): boolean {
  let moved = false
  for (;;) {
    const { first } = state.clocks
    if (!first || (first.dueAt ?? 0) > state.now || state.newcomers.has(first)) return moved
    moved = true
    moveOn(state, first)
  }
}

/** The contact waits again after an offer or a talk that came to nothing: what was due meanwhile is done now. */
export function resume(state: State, place: Place): void {
  settle(state, place)
}

/** New rules: whoever waits is where the new steps have somebody who joined at that time. */
export function walkAgain(state: State, place: Place): void {
  const { contact, plan } = place
  const steps = plan?.steps ?? []
  contact.skipped = []
  contact.step = 0
  contact.stepSince = contact.queuedAt
  while (contact.step < steps.length - 1) {
    const ends = contact.stepSince + (steps[contact.step]?.forMs ?? 0)
    if (ends > state.now) break
    contact.step++
    contact.stepSince = ends
  }
}

/** Somebody is logged in no longer, or can do less: steps that wait for nobody else end. */
export function skipAbandonedSteps(state: State, agent: Agent): void {
  const affected = new Set([...state.index.named.of(agent.id)].map(({ place }) => place))
  for (const plan of state.index.plans()) {
    for (const [number, step] of plan.steps.entries()) {
      if (step.skipWhen !== 'none-logged-in' || step.agents !== undefined) continue
      for (const [at, { waits }] of plan.stages) {
        if (Math.trunc(at / (plan.queue.delays.length + 1)) !== number) continue
        for (const place of waits.waiting.values()) {
          if (place.plan === plan && place.contact.step === number) affected.add(place)
        }
      }
    }
  }
  for (const place of [...affected].sort((one, other) => one.arrival - other.arrival)) {
    if (endsEarly(state, place)) settle(state, place)
  }
}

function moveOn(state: State, place: Place): void {
  const { contact, plan } = place
  const step = plan?.steps[contact.step]
  const ends = contact.stepSince + (step?.forMs ?? 0)
  const isLast = contact.step + 1 >= (plan?.steps.length ?? 0)
  if (step && ends <= state.now && !isLast) return beginStep(state, place, contact.step + 1, ends)
  settle(state, place)
}

/** @param since may lie in the past, when the engine was told of the time late */
function beginStep(state: State, place: Place, number: number, since: number): void {
  const { contact, plan } = place
  contact.step = number
  contact.stepSince = since
  const boost = plan?.steps[number]?.boostMs ?? 0
  if (boost !== 0) putForward(state, place, boost)
  settle(state, place)
}

function putForward(state: State, place: Place, boostMs: number): void {
  changePlace(state, place, () => {
    place.contact.boostMs += boostMs
  })
}

/** Puts the contact in front of everybody in its queue. */
export function goAhead(state: State, place: Place): void {
  const [first] = state.queues.get(place.contact.queue)?.line ?? []
  if (first && first !== place) putForward(state, place, place.key - first.key + 1)
}

/** Gives the contact another place in its queue: `change` changes what its place comes from. */
export function changePlace(state: State, place: Place, change: () => void): void {
  const queue = state.queues.get(place.contact.queue)
  const isWaiting = place.waitingIn !== undefined
  state.index.stopWaiting(place)
  if (queue) goOut(queue, place)
  change()
  place.key = keyOf(place.contact)
  if (queue) comeIn(queue, place)
  if (isWaiting) state.index.wait(place)
}

/** Puts the contact where its step and its waiting time have it, and sets its clock. */
function settle(state: State, place: Place): void {
  const { contact, plan } = place
  if (!plan) return
  if (endsEarly(state, place)) {
    contact.skipped.push(contact.step)
    if (contact.step + 1 < plan.steps.length) return beginStep(state, place, contact.step + 1, state.now)
    if (contact.state === 'waiting' && finish(state, place)) return
  }
  const isOver = lastEnd(state, place)
  const isNew = state.newcomers.has(place)
  if (isOver !== undefined && isOver <= state.now && !isNew && contact.state === 'waiting') {
    if (finish(state, place)) return
  }
  if (contact.step + 1 < plan.steps.length && plan.steps[contact.step]?.forMs === 0) {
    return beginStep(state, place, contact.step + 1, contact.stepSince)
  }
  const before = place.stage
  state.index.stopWaiting(place)
  state.index.setStage(place, state.now)
  if (contact.state === 'waiting') {
    state.index.wait(place)
    if (place.stage !== before || isNew) state.unmatched.contacts.add(place)
  }
  setClock(state, place)
}

function setClock(state: State, place: Place): void {
  const due = dueAt(state, place)
  if (due === place.dueAt) return
  stopClock(state, place)
  place.dueAt = due
  if (due !== undefined) state.clocks.add(place, due)
}

function stopClock(state: State, place: Place): void {
  if (place.dueAt === undefined) return
  place.dueAt = undefined
  state.clocks.forget()
}

/** The clock of a contact that is as it was written down. */
export function restoreClock(state: State, place: Place): void {
  if (place.contact.state !== 'connected') setClock(state, place)
}

function dueAt(state: State, place: Place): number | undefined {
  const { contact, plan } = place
  if (!plan) return undefined
  const { delays } = plan.queue
  const nextDelay = delays.find((delay) => contact.joinedAt + delay > state.now)
  const further = nextDelay === undefined ? undefined : contact.joinedAt + nextDelay
  const isLast = contact.step + 1 >= plan.steps.length
  const ends = isLast
    ? // While somebody is being rung, the end of the last step waits for theirs.
      contact.state === 'waiting'
      ? lastEnd(state, place)
      : undefined
    : contact.stepSince + (plan.steps[contact.step]?.forMs ?? 0)
  if (ends === undefined) return further
  return further === undefined ? ends : Math.min(ends, further)
}

/** When the last step is over, for a contact that is in it and that does not stay. */
function lastEnd(state: State, { contact, plan }: Place): number | undefined {
  if (!plan || contact.step + 1 < plan.steps.length || !goesOn(state, contact, plan.afterwards))
    return undefined
  return contact.stepSince + (plan.steps[contact.step]?.forMs ?? 0)
}

function goesOn(
  state: State,
  contact: Contact,
  afterwards: NonNullable<Place['plan']>['afterwards'],
): boolean {
  if (afterwards.do === 'stay') return false
  // A callback is in no flow that could go on.
  if (afterwards.do === 'leave') return contact.callback === undefined
  const { queue } = afterwards
  const isNew = queue !== contact.queue && !contact.cameFrom.includes(queue)
  return isNew && state.queues.get(queue)?.configured === true
}

/** What follows the last step; false when the contact stays. */
function finish(state: State, place: Place): boolean {
  const { contact, plan } = place
  if (!plan || !goesOn(state, contact, plan.afterwards)) return false
  const { afterwards } = plan
  if (afterwards.do === 'leave') {
    remove(state, place)
    state.tell({ type: 'contact.exited', contact: contact.id, queue: contact.queue, to: afterwards.to })
  } else if (afterwards.do === 'overflow') {
    const to = state.queues.get(afterwards.queue)
    if (to) moveTo(state, place, to, { reason: 'overflow' })
  }
  return true
}

/** Lets a contact wait in another queue, by the steps of that one, with its time of joining kept. */
export function moveTo(
  state: State,
  place: Place,
  queue: Queue,
  why: { readonly reason: 'overflow' | 'supervisor'; readonly by?: string },
): void {
  const { contact } = place
  const from = contact.queue
  const to = queue.rules.id
  const former = state.queues.get(from)
  state.index.leave(place)
  stopClock(state, place)
  if (former) goOut(former, place)
  if (former?.line.size === 0) watchQueue(state, former)
  contact.cameFrom.push(from)
  contact.queue = to
  contact.queuedAt = state.now
  contact.steps = undefined
  contact.afterwards = undefined
  contact.headStartMs = queue.rules.headStartMs[contact.priority] ?? 0
  const named = contact.named === undefined ? undefined : state.agents.get(contact.named)
  contact.peers = peersOf(contact.requirement, named?.skills, queue)
  place.key = keyOf(contact)
  comeIn(queue, place)
  state.tell({ type: 'contact.moved', contact: contact.id, from, to, ...why })
  state.index.enter(place, queue)
  if (!contact.callback) startPatience(state, place)
  watchQueue(state, queue, true)
  beginSteps(state, place)
}

/** Nobody is to be found for the contact any more: it is with somebody, or gone. */
export function outOfLine(state: State, place: Place): void {
  const queue = state.queues.get(place.contact.queue)
  state.index.leave(place)
  stopClock(state, place)
  if (queue) goOut(queue, place)
  if (queue?.line.size === 0 && state.deserted.has(queue.rules.id)) watchQueue(state, queue)
}

export function remove(state: State, place: Place): void {
  outOfLine(state, place)
  state.stopTimer(patienceTimer(place.contact.id))
  over(state, place, 'cancelled')
  state.places.delete(place.contact.id)
  state.newcomers.delete(place)
}

/** Whether the step in force waits for somebody to be logged in, and nobody is. */
function endsEarly(state: State, { contact, plan }: Place): boolean {
  const step = plan?.steps[contact.step]
  if (!plan || step?.skipWhen !== 'none-logged-in' || contact.skipped.includes(contact.step)) return false
  return !isAnyoneLoggedIn(state, contact, step, state.index.gateOf(plan, step))
}

function isAnyoneLoggedIn(state: State, contact: Contact, step: PlanStep, gate: ContactClass): boolean {
  const { profiles } = state.index
  if (step.agents !== undefined) {
    return agentsOf({ agents: step.agents }, contact).some((id) => {
      const agent = state.agents.get(id)
      const profile = agent && profiles.profileOf(agent)
      return profile && agent.presence !== 'logged-out' && gate.profiles.has(profile.index)
    })
  }
  for (let at = gate.profiles.next(0); at >= 0; at = gate.profiles.next(at + 1)) {
    const profile = profiles.get(at)
    if (profile && profile.size > doingIn(gate.lane, profile, LOGGED_OUT)) return true
  }
  return false
}
