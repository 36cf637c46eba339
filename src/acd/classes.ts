import { slotsFor } from './activity.ts'
import { Bits } from './bits.ts'
import { KeyedHeap } from './keyed-heap.ts'
import {
  type ContactClass,
  type Lane,
  NO_PREFERENCE,
  type Place,
  PREFERENCE_STEP,
  type Profile,
  type Queue,
} from './model.ts'
import { memberEntry } from './queue.ts'
import { meets, namesIn, normalForm, type Requirement } from './requirement.ts'

/** More than there are preferences: what a strict class weighs in a precedence. */
const PREFERENCES = 100

/** The classes that are there, by number and by what they ask for. */
export class Classes {
  readonly #all: (ContactClass | undefined)[] = []
  readonly #byKey = new Map<string, ContactClass>()
  readonly #vacant: number[] = []

  get(index: number): ContactClass | undefined {
    return this.#all[index]
  }

  values(): Iterable<ContactClass> {
    return this.#byKey.values()
  }

  /** The class of these contacts; a new one is told to `made`. */
  of(
    queue: Queue,
    lane: Lane,
    requirement: Requirement,
    delayMs: number,
    made: (one: ContactClass) => void,
  ): ContactClass {
    const required = normalForm(requirement)
    const key = JSON.stringify([queue.rules.id, lane.channel, delayMs, required])
    const known = this.#byKey.get(key)
    if (known) return known
    const index = this.#vacant.pop() ?? this.#all.length
    const one: ContactClass = {
      index,
      key,
      queue,
      lane,
      required,
      delayMs,
      asked: namesIn(required).skills,
      profiles: new Bits(),
      ranks: new Int32Array(8),
      waiting: new KeyedHeap<Place>(
        (place, waitingKey) => place.waitingIn === one && place.key === waitingKey,
      ),
      plans: 0,
    }
    this.#all[index] = one
    this.#byKey.set(key, one)
    made(one)
    return one
  }

  delete(one: ContactClass): void {
    this.#all[one.index] = undefined
    this.#byKey.delete(one.key)
    this.#vacant.push(one.index)
  }
}

/** Works out whether agents of a profile serve a class, and how they rank in it. */
export function link(profile: Profile, one: ContactClass): void {
  if (slotsFor(profile.capacity, one.lane.channel) <= 0) return
  const member = membershipOf(profile, one.queue)
  if ((member?.delayMs ?? 0) > one.delayMs || !meets(profile.able, one.required)) return
  profile.classes.add(one.index)
  one.profiles.add(profile.index)
  if (profile.index >= one.ranks.length) {
    const ranks = new Int32Array(Math.max(profile.index + 1, one.ranks.length * 2))
    ranks.set(one.ranks)
    one.ranks = ranks
  }
  if (one.index >= profile.precedence.length) {
    const precedence = new Uint16Array(Math.max(one.index + 1, profile.precedence.length * 2))
    precedence.set(profile.precedence)
    profile.precedence = precedence
  }
  const preference = member?.preference ?? NO_PREFERENCE
  profile.precedence[one.index] = one.queue.rules.strictClass * PREFERENCES + preference
  const bySkills = one.queue.strategy.rank?.(profile.able.skills, one.asked) ?? 0
  one.ranks[profile.index] = preference * PREFERENCE_STEP + bySkills
}

/** The entry by which agents of a profile belong to a queue. */
export function membershipOf(profile: Profile, queue: Queue): ReturnType<typeof memberEntry> {
  const { id } = queue.rules
  if (!profile.membership.has(id)) profile.membership.set(id, memberEntry(queue, profile.able))
  return profile.membership.get(id)
}

/** What a profile ranks in a class by preference alone. */
export function preferenceIn(one: ContactClass, profile: Profile): number {
  return Math.trunc((one.ranks[profile.index] ?? 0) / PREFERENCE_STEP)
}
