import { activities, activityOf, FREE, numberOf } from './activity.ts'
import type { Agent } from './agent.ts'
import { Bits } from './bits.ts'
import { Heap } from './heap.ts'
import type { Lane, Profile, ProfileLane, Seat } from './model.ts'
import type { Able } from './requirement.ts'
import { type SeatOrder, seatOrders } from './routing/seat-order.ts'
import type { CapacityRules } from './rules.ts'
import { signature } from './skills.ts'

const orders = Object.keys(seatOrders).filter((order): order is SeatOrder => Object.hasOwn(seatOrders, order))
const orderNumbers: Readonly<Record<SeatOrder, number>> = { idle: 0, contacts: 1, rotation: 2 }

/** The agents on the floor: by profile, and in each lane by whether they are free. */
export class Profiles {
  readonly #lanes: readonly Lane[]
  readonly #all: (Profile | undefined)[] = []
  readonly #byKey = new Map<string, Profile>()
  readonly #vacant: number[] = []
  readonly #seats = new Map<Agent, readonly Seat[]>()
  /** Numbers of the orders that a strategy in use goes by. */
  readonly #inUse: readonly number[]

  constructor(lanes: readonly Lane[], inUse: ReadonlySet<SeatOrder>) {
    this.#lanes = lanes
    this.#inUse = orders.map((order, number) => (inUse.has(order) ? number : -1)).filter((at) => at >= 0)
  }

  /** How many agents there are. */
  get headcount(): number {
    return this.#seats.size
  }

  get(index: number): Profile | undefined {
    return this.#all[index]
  }

  values(): Iterable<Profile> {
    return this.#byKey.values()
  }

  has(agent: Agent): boolean {
    return this.#seats.has(agent)
  }

  profileOf(agent: Agent): Profile | undefined {
    return this.#seats.get(agent)?.[0]?.profile
  }

  seatOf(agent: Agent, lane: Lane): Seat | undefined {
    return this.#seats.get(agent)?.[lane.index]
  }

  /** Puts an agent where they belong. A profile that was not there before is told to `made`. */
  add(agent: Agent, able: Able, capacity: CapacityRules, made: (profile: Profile) => void): Profile {
    const profile = this.#profile(able, capacity, made)
    profile.size++
    const seats = this.#lanes.map((lane): Seat => ({ agent, profile, lane, at: [-1, -1, -1], activity: -1 }))
    this.#seats.set(agent, seats)
    for (const seat of seats) this.#sit(seat)
    return profile
  }

  /** Takes an agent out. Returns the profile when they were the last of it, which is gone then. */
  remove(agent: Agent): Profile | undefined {
    const seats = this.#seats.get(agent) ?? []
    this.#seats.delete(agent)
    for (const seat of seats) this.#rise(seat)
    const profile = seats[0]?.profile
    if (!profile || --profile.size > 0) return undefined
    this.#byKey.delete(profile.key)
    this.#all[profile.index] = undefined
    this.#vacant.push(profile.index)
    return profile
  }

  /** To be called after anything about an agent has changed but their abilities. */
  refresh(agent: Agent): void {
    for (const seat of this.#seats.get(agent) ?? []) {
      this.#rise(seat)
      this.#sit(seat)
    }
  }

  /** The free agents of a profile, first in the order first. */
  freeIn(profile: Profile, lane: Lane, order: SeatOrder): Heap<Seat> | undefined {
    return profile.lanes[lane.index]?.free[orderNumbers[order]]
  }

  #sit(seat: Seat): void {
    const { profile, lane, agent } = seat
    const here = profile.lanes[lane.index]
    if (!here) return
    seat.activity = numberOf(activityOf(agent, lane.channel, profile.capacity))
    count(seat, 1)
    if (seat.activity !== FREE) return
    for (const order of this.#inUse) here.free[order]?.add(seat)
    lane.free.add(profile.index)
  }

  #rise(seat: Seat): void {
    const { profile, lane } = seat
    const here = profile.lanes[lane.index]
    if (!here) return
    count(seat, -1)
    if (seat.activity !== FREE) return
    for (const order of this.#inUse) here.free[order]?.delete(seat)
    if (doingIn(lane, profile, FREE) === 0) lane.free.delete(profile.index)
  }

  #profile(able: Able, capacity: CapacityRules, made: (profile: Profile) => void): Profile {
    const key = `${signature(able.skills)} ${JSON.stringify([able.teams, capacity])}`
    const known = this.#byKey.get(key)
    if (known) return known
    const profile: Profile = {
      index: this.#vacant.pop() ?? this.#all.length,
      key,
      able,
      capacity,
      size: 0,
      classes: new Bits(),
      precedence: new Uint16Array(8),
      lanes: this.#lanes.map(newLane),
      membership: new Map(),
    }
    this.#all[profile.index] = profile
    this.#byKey.set(key, profile)
    made(profile)
    return profile
  }
}

function newLane(): ProfileLane {
  return {
    free: orders.map((order, number) => {
      const compare = seatOrders[order]
      return new Heap<Seat>((one, other) => compare(one.agent, other.agent), {
        get: (seat) => seat.at[number] ?? -1,
        set(seat, at) {
          seat.at[number] = at
        },
      })
    }),
  }
}

/** How many of a profile do this, by the number of the activity. */
export function doingIn(lane: Lane, profile: Profile, activity: number): number {
  return lane.doing[profile.index * activities.length + activity] ?? 0
}

function count({ lane, profile, activity }: Seat, by: 1 | -1): void {
  const at = profile.index * activities.length + activity
  if (at >= lane.doing.length) {
    const doing = new Int32Array(Math.max(at + 1, lane.doing.length * 2))
    doing.set(lane.doing)
    lane.doing = doing
  }
  lane.doing[at] = (lane.doing[at] ?? 0) + by
}
