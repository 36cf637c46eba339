import type { Contact, Place } from './model.ts'
import type { ContactView } from './view.ts'

/** A contact that is nowhere in the index yet. */
export function placeOf(contact: Contact): Place {
  return {
    contact,
    arrival: contact.arrival,
    key: keyOf(contact),
    plan: undefined,
    stage: undefined,
    waitingIn: undefined,
    named: [],
    dueAt: undefined,
    inClass: -1,
    inClocks: -1,
    inQueue: -1,
  }
}

/** Joined time minus everything that puts the contact forward. */
export function keyOf({ joinedAt, headStartMs, adjustmentMs, boostMs }: Contact): number {
  return joinedAt - headStartMs - adjustmentMs - boostMs
}

/** The order of service within one queue: joined time minus head start, then arrival. Total. */
export function byPlace(one: Place, other: Place): number {
  return one.key - other.key || one.arrival - other.arrival
}

/** Who joined first, whatever their place. */
export function byJoining(one: Place, other: Place): number {
  return one.contact.joinedAt - other.contact.joinedAt || one.arrival - other.arrival
}

/** Whose step ends first. */
export function byDue(one: Place, other: Place): number {
  return (one.dueAt ?? 0) - (other.dueAt ?? 0) || one.arrival - other.arrival
}

export const inClass = {
  get: (place: Place): number => place.inClass,
  set(place: Place, at: number): void {
    place.inClass = at
  },
}

export const inClocks = {
  get: (place: Place): number => place.inClocks,
  set(place: Place, at: number): void {
    place.inClocks = at
  },
}

export const inQueue = {
  get: (place: Place): number => place.inQueue,
  set(place: Place, at: number): void {
    place.inQueue = at
  },
}

export function viewOf({ contact }: Place, position: number | undefined): ContactView {
  const { offers } = contact
  const [first, ...others] = offers
  return {
    contact: contact.id,
    queue: contact.queue,
    channel: contact.channel,
    state: contact.state,
    joinedAt: contact.joinedAt,
    ...(first && { agent: first.agent, offer: first.id }),
    ...(others.length > 0 && { ringing: offers.map(({ agent, id }) => ({ agent, offer: id })) }),
    ...(position !== undefined && { position }),
  }
}
