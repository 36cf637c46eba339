import type { AgentId, ContactId, ContactView, OfferId, Requirement } from './contract.ts'

/** What the engine knows of one contact; plain data, so that it can be written down as it is. */
export interface Contact {
  readonly id: ContactId
  /** Number of arrival: the last tie-breaker of the order. */
  readonly arrival: number
  readonly queue: string
  readonly requirement: Requirement
  readonly named: AgentId | undefined
  readonly joinedAt: number
  /** Settled at arrival: later rules do not move anybody's place. */
  readonly headStartMs: number
  /** What an agent must meet: the queue's membership and the contact's own requirement. */
  required: Requirement
  state: ContactView['state']
  /** The offer that stands, or the one that was accepted. */
  offer: Offer | undefined
  /** Who had this contact offered and did not take it, since the last time that nobody else was left. */
  refusedBy: AgentId[]
}

/** A lease: this agent, for this contact, until that time. */
export interface Offer {
  readonly id: OfferId
  readonly agent: AgentId
  readonly contact: ContactId
  readonly expiresAt: number
  readonly timer: string
}

/** The order of service: joined time minus head start, then arrival. Total, and it never changes for a contact. */
export function byPlace(one: Contact, other: Contact): number {
  return one.joinedAt - one.headStartMs - (other.joinedAt - other.headStartMs) || one.arrival - other.arrival
}

export function viewOf(contact: Contact, position: number | undefined): ContactView {
  const { offer } = contact
  return {
    contact: contact.id,
    queue: contact.queue,
    channel: 'voice',
    state: contact.state,
    joinedAt: contact.joinedAt,
    ...(offer && { agent: offer.agent, offer: offer.id }),
    ...(position !== undefined && { position }),
  }
}
