import { atWork, LOGGED_OUT } from './activity.ts'
import type { ContactRequest } from './contract.ts'
import { leaves, watchQueue } from './desertion.ts'
import type { TurnedAway } from './life-inputs.ts'
import type { Place, Queue } from './model.ts'
import { patienceTimer } from './patience.ts'
import { agentsOf } from './plan.ts'
import { doingIn } from './profiles.ts'
import type { State } from './state.ts'
import { remove } from './steps.ts'

/** Who is let into a queue, and who has to leave it without having been served. */

/**
 * Why a contact is not let in; undefined when it is.
 * @param place has its plan, and is not in the line yet
 * @param cameBack has a place already, which takes nobody else's
 */
export function refusedEntry(
  state: State,
  place: Place,
  queue: Queue,
  { estimateMs }: Pick<ContactRequest, 'estimateMs'>,
  cameBack: boolean,
): TurnedAway | undefined {
  const { join } = queue.rules
  if (state.hours.get(queue.rules.id)?.open === false) return 'closed'
  if (!join) return undefined
  if (join.nobodyLoggedIn && !isAnybody(state, place, isLoggedIn)) return 'nobody-logged-in'
  if (join.nobodyAvailable && !isAnybody(state, place, isAtWork)) return 'nobody-available'
  if (cameBack) return undefined
  if (join.maxWaiting !== undefined && queue.line.size >= join.maxWaiting) return 'too-many'
  if (estimateMs !== undefined && estimateMs > (join.maxEstimateMs ?? Number.POSITIVE_INFINITY)) {
    return 'too-long'
  }
  return undefined
}

function isLoggedIn(activity: number): boolean {
  return activity !== LOGGED_OUT
}

function isAtWork(activity: number): boolean {
  return atWork.includes(activity)
}

/** Whether anybody does so who could ever have the contact. */
function isAnybody(state: State, { plan, contact }: Place, does: (activity: number) => boolean): boolean {
  if (!plan) return false
  const { profiles } = state.index
  for (let at = plan.ever.profiles.next(0); at >= 0; at = plan.ever.profiles.next(at + 1)) {
    const profile = profiles.get(at)
    for (let activity = 0; profile && activity <= LOGGED_OUT; activity++) {
      if (does(activity) && doingIn(plan.lane, profile, activity) > 0) return true
    }
  }
  return plan.steps.some(
    (step) =>
      step.agents !== undefined &&
      agentsOf({ agents: step.agents }, contact).some((id) => {
        const agent = state.agents.get(id)
        const seat = agent && profiles.seatOf(agent, plan.lane)
        return seat && does(seat.activity) && state.index.gateOf(plan, step).profiles.has(seat.profile.index)
      }),
  )
}

/** The contact has waited as long as it may. While it is being offered, that comes to its end first. */
export function patienceOver(state: State, id: string): void {
  const place = state.places.get(id)
  // In another queue it waits anew.
  if (!place || place.contact.callback || state.timerAt(patienceTimer(id)) !== undefined) return
  place.contact.overdue = true
  state.stirred.add(place)
}

/** Lets a contact go whose time is up. False when it stays. */
export function leaveOverdue(state: State, place: Place): boolean {
  const { contact } = place
  if (!contact.overdue || contact.callback || contact.state !== 'waiting') return false
  turnAway(state, place, 'too-long')
  return true
}

function turnAway(state: State, place: Place, reason: TurnedAway): void {
  const { id, queue } = place.contact
  remove(state, place)
  state.tell({ type: 'contact.turned-away', contact: id, queue, reason })
}

/** Whoever has waited so long for nobody at all leaves. */
export function desertionOver(state: State, id: string): void {
  const queue = state.queues.get(id)
  const since = state.deserted.get(id)
  const afterMs = queue?.rules.leave?.nobodyLoggedInMs
  if (!queue || since === undefined || afterMs === undefined) return
  const going: Place[] = []
  for (let place = queue.first; place; place = place.after) {
    if (leaves(place) && Math.max(since, place.contact.queuedAt) + afterMs <= state.now) going.push(place)
  }
  for (const place of going) turnAway(state, place, 'nobody-logged-in')
  watchQueue(state, queue)
}
