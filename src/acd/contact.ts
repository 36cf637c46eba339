import type { Contact, NamedEntry, Place } from './model.ts'
import type { ContactView } from './view.ts'

/** Shared by all who ask for nobody by name: an empty list of their own would weigh 32 bytes each. */
export const NOBODY_BY_NAME: readonly NamedEntry[] = []

/** A contact that is nowhere in the index yet. */
export function placeOf(contact: Contact): Place {
  return {
    contact,
    arrival: contact.arrival,
    key: keyOf(contact),
    plan: undefined,
    stage: undefined,
    waitingIn: undefined,
    named: NOBODY_BY_NAME,
    dueAt: undefined,
    before: undefined,
    after: undefined,
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
    ...(contact.callback && { callback: callbackView(contact.callback) }),
  }
}

function callbackView(callback: NonNullable<Contact['callback']>): NonNullable<ContactView['callback']> {
  const { mode, stage, attempts, retryAt, until } = callback
  return { mode, stage, attempts, ...(retryAt !== undefined && { retryAt }), until }
}
