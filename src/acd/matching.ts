import { atWork, FREE } from './activity.ts'
import type { Agent } from './agent.ts'
import { nextInBoth } from './bits.ts'
import { byPlace } from './contact.ts'
import type { FloorIndex } from './floor-index.ts'
import type { AgentId } from './ids.ts'
import type { Contact, ContactClass, Lane, Place, Pool, Profile, Seat } from './model.ts'
import { agentsOf } from './plan.ts'
import { doingIn } from './profiles.ts'
import { seatOrders } from './routing/seat-order.ts'

/**
 * Who gets whom. Both questions compare one candidate per profile or class.
 *
 * Somebody who refused a contact comes after everybody who did not: is asked again only when no other free agent
 * qualifies, and is given it again only when nothing else waits for them or when everybody at work has refused it.
 */
export interface Floor {
  readonly index: FloorIndex
  readonly agents: ReadonlyMap<AgentId, Agent>
}

export interface Choice {
  readonly agent: Agent
  readonly pool: Pool
  /** With a strategy that rings several: the others, in the order of the strategy. */
  readonly besides: readonly Agent[]
}

/** The agent for this contact now; undefined when nobody who qualifies is free. */
export function agentFor(floor: Floor, place: Place): Choice | undefined {
  const pools = place.stage?.pools ?? []
  for (const pool of pools) {
    const agent = best(floor, place, pool, false)
    if (agent) return { agent, pool, besides: alsoRung(floor, place, pool, agent) }
  }
  if (place.contact.refusedBy.length === 0) return undefined
  for (const pool of pools) {
    const agent = best(floor, place, pool, true)
    if (agent) return { agent, pool, besides: [] }
  }
  return undefined
}

/** The first of the free agents of a pool who have not refused the contact, or of those who have. */
function best(floor: Floor, { contact }: Place, pool: Pool, refusers: boolean): Agent | undefined {
  const { profiles: asked } = pool
  const { lane } = asked
  const { order } = asked.queue.strategy
  const compare = seatOrders[order]
  let first: Agent | undefined
  let rankOfFirst = 0
  for (let at = nextInBoth(asked.profiles, lane.free, 0); at >= 0; ) {
    const rank = asked.ranks[at] ?? 0
    if (!first || rank <= rankOfFirst) {
      const profile = floor.index.profiles.get(at)
      const seat = profile && firstSeat(floor, profile, lane, asked, contact, refusers)
      if (seat && (!first || rank < rankOfFirst || compare(seat.agent, first) < 0)) {
        first = seat.agent
        rankOfFirst = rank
      }
    }
    at = nextInBoth(asked.profiles, lane.free, at + 1)
  }
  for (const step of pool.named) {
    for (const id of agentsOf(step, contact)) {
      const seat = freeSeatOf(floor, id, step.gate)
      if (!seat || contact.refusedBy.includes(id) !== refusers) continue
      const rank = step.gate.ranks[seat.profile.index] ?? 0
      if (!first || rank < rankOfFirst || (rank === rankOfFirst && compare(seat.agent, first) < 0)) {
        first = seat.agent
        rankOfFirst = rank
      }
    }
  }
  return first
}

function firstSeat(
  floor: Floor,
  profile: Profile,
  lane: Lane,
  asked: ContactClass,
  { refusedBy }: Contact,
  refusers: boolean,
): Seat | undefined {
  const free = floor.index.profiles.freeIn(profile, lane, asked.queue.strategy.order)
  const seat = free?.first
  if (!seat || refusedBy.includes(seat.agent.id) === refusers) return seat
  for (const later of free.inOrder()) if (refusedBy.includes(later.agent.id) === refusers) return later
  return undefined
}

/** Where an agent sits who is asked by name, free and allowed. */
function freeSeatOf(floor: Floor, id: AgentId, gate: ContactClass): Seat | undefined {
  const agent = floor.agents.get(id)
  const seat = agent && floor.index.profiles.seatOf(agent, gate.lane)
  return seat?.activity === FREE && gate.profiles.has(seat.profile.index) ? seat : undefined
}

function alsoRung(floor: Floor, place: Place, pool: Pool, chosen: Agent): readonly Agent[] {
  const { rules, strategy } = pool.profiles.queue
  if (!strategy.ringsAll) return []
  const limit = rules.ringAtOnce ?? Number.POSITIVE_INFINITY
  const willing = rankedIn(floor, place.contact, pool).filter(
    (agent) => agent !== chosen && !place.contact.refusedBy.includes(agent.id),
  )
  return willing.slice(0, Math.max(0, limit - 1))
}

/**
 * The free agents of a pool in the order in which they would be chosen, refusals apart.
 * @param limit only so many, the first ones
 */
export function rankedIn(
  floor: Floor,
  contact: Contact,
  pool: Pool,
  limit = Number.POSITIVE_INFINITY,
): readonly Agent[] {
  const { profiles: asked } = pool
  const { order } = asked.queue.strategy
  const compare = seatOrders[order]
  const ranked: { readonly agent: Agent; readonly rank: number }[] = []
  /** False when there is no room for this one, nor for any that comes after it. */
  const place = (agent: Agent, rank: number): boolean => {
    let at = ranked.length
    for (; at > 0; at--) {
      const before = ranked[at - 1]
      if (!before || before.rank < rank || (before.rank === rank && compare(before.agent, agent) < 0)) break
    }
    if (at >= limit) return false
    ranked.splice(at, 0, { agent, rank })
    if (ranked.length > limit) ranked.pop()
    return true
  }
  const { lane } = asked
  for (let at = nextInBoth(asked.profiles, lane.free, 0); at >= 0; ) {
    const profile = floor.index.profiles.get(at)
    const free = profile && floor.index.profiles.freeIn(profile, lane, order)
    const rank = asked.ranks[at] ?? 0
    if (free?.first && place(free.first.agent, rank) && free.size > 1) {
      const others = free.inOrder()
      others.next()
      for (const { agent } of others) if (!place(agent, rank)) break
    }
    at = nextInBoth(asked.profiles, lane.free, at + 1)
  }
  for (const step of pool.named) {
    for (const id of agentsOf(step, contact)) {
      const seat = freeSeatOf(floor, id, step.gate)
      if (seat && !ranked.some(({ agent }) => agent.id === id)) {
        place(seat.agent, step.gate.ranks[seat.profile.index] ?? 0)
      }
    }
  }
  return ranked.map(({ agent }) => agent)
}

/** The contact for this free agent now; undefined when nobody waits whom the agent could serve. */
export function contactFor(floor: Floor, seat: Seat): Place | undefined {
  const { agent, lane, profile } = seat
  const { heads } = lane
  let first = -1
  let precedenceOfFirst = 0
  for (let at = nextInBoth(profile.classes, lane.waiting, 0); at >= 0; ) {
    const precedence = profile.precedence[at] ?? 0
    const isBetter =
      first < 0 ||
      precedence < precedenceOfFirst ||
      (precedence === precedenceOfFirst && isBefore(heads, at, first))
    if (isBetter) {
      first = at
      precedenceOfFirst = precedence
    }
    at = nextInBoth(profile.classes, lane.waiting, at + 1)
  }
  const place = first < 0 ? undefined : floor.index.classes.get(first)?.waiting.first
  const refusedBy = place?.contact.refusedBy
  const hasRefused = refusedBy !== undefined && refusedBy.length > 0 && refusedBy.includes(agent.id)
  const byName = floor.index.named.isEmpty ? undefined : floor.index.named.validFor(agent.id, lane)?.first
  if (!hasRefused && !byName) return place
  return contactThroughRefusals(floor, seat)
}

function isBefore(heads: Float64Array, one: number, other: number): boolean {
  const mine = heads[2 * one] ?? 0
  const theirs = heads[2 * other] ?? 0
  return mine < theirs || (mine === theirs && (heads[2 * one + 1] ?? 0) < (heads[2 * other + 1] ?? 0))
}

/** The same with all that is rare: contacts that ask for the agent by name, and such as they have refused. */
function contactThroughRefusals(floor: Floor, { agent, lane, profile }: Seat): Place | undefined {
  let next: Place | undefined
  let nextIn = 0
  let refused: Place | undefined
  let refusedIn = 0
  /** False when the one behind it is to be looked at. */
  const consider = (place: Place, precedence: number): boolean => {
    if (next && (precedence > nextIn || (precedence === nextIn && byPlace(next, place) <= 0))) return true
    if (!place.contact.refusedBy.includes(agent.id) || everybodyRefused(floor, place)) {
      next = place
      nextIn = precedence
      return true
    }
    if (!refused || precedence < refusedIn || (precedence === refusedIn && byPlace(place, refused) < 0)) {
      refused = place
      refusedIn = precedence
    }
    return false
  }
  for (let at = nextInBoth(profile.classes, lane.waiting, 0); at >= 0; ) {
    const waiting = floor.index.classes.get(at)?.waiting
    const precedence = profile.precedence[at] ?? 0
    if (waiting?.first && !consider(waiting.first, precedence)) {
      for (const place of waiting.inOrder()) if (consider(place, precedence)) break
    }
    at = nextInBoth(profile.classes, lane.waiting, at + 1)
  }
  const named = floor.index.named.validFor(agent.id, lane)
  if (named?.first && !consider(named.first.place, named.first.precedence)) {
    for (const { place, precedence } of named.inOrder()) if (consider(place, precedence)) break
  }
  return next ?? refused
}

/** Whether everybody at work who may have the contact has refused it. */
function everybodyRefused(floor: Floor, { stage, contact }: Place): boolean {
  if (!stage) return false
  const { waits } = stage
  const isAsked = (profile: Profile): boolean => waits.profiles.has(profile.index)
  let left = 0
  for (let at = waits.profiles.next(0); at >= 0; at = waits.profiles.next(at + 1)) {
    const profile = floor.index.profiles.get(at)
    if (profile) for (const activity of atWork) left += doingIn(waits.lane, profile, activity)
  }
  const byName = new Set(
    stage.named.flatMap((step) =>
      agentsOf(step, contact).filter((id) => {
        const agent = floor.agents.get(id)
        const seat = agent && floor.index.profiles.seatOf(agent, waits.lane)
        if (!seat || !atWork.includes(seat.activity) || isAsked(seat.profile)) return false
        return step.gate.profiles.has(seat.profile.index)
      }),
    ),
  )
  left += byName.size
  for (const id of contact.refusedBy) {
    const agent = floor.agents.get(id)
    const seat = agent && floor.index.profiles.seatOf(agent, waits.lane)
    if (!seat || !atWork.includes(seat.activity)) continue
    if (isAsked(seat.profile) || byName.has(id)) left--
  }
  return left <= 0
}
