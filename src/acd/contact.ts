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
    before: undefined,
    after: undefined,
    inLine: false,
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
