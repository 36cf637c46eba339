import type { AcdEffect } from '../acd/contract.ts'
import type { Contact } from './contact.ts'
import type { ScreenPop } from './floor.ts'

/** Who is calling, why, and what they already said. */
export function screenPop(
  contact: Contact,
  offer: Extract<AcdEffect, { type: 'offer.made' }>,
  queueName: string,
  takenBy: ScreenPop['takenBy'],
): ScreenPop {
  const { record, priority, named } = contact
  const { from, to } = contact.offered
  const { headStartMs, waitedMs, decidedAt } = offer.why
  return {
    offer: offer.offer,
    contact: contact.id,
    agent: offer.agent,
    channel: 'voice',
    queue: { id: offer.queue, name: queueName },
    from,
    to: to.number === undefined ? {} : { number: to.number },
    ...(record.language !== undefined && { language: record.language }),
    waitedMs,
    priority,
    priorityReason:
      headStartMs > 0
        ? `priority ${priority}: ${Math.round(headStartMs / 1000)} s head start`
        : `priority ${priority}: no head start`,
    ...(named !== undefined && { namedAgent: named }),
    path: [...record.path],
    data: { ...record.data },
    ...(record.customer !== undefined && { customer: record.customer }),
    candidates: record.candidates,
    offeredAt: decidedAt,
    expiresAt: offer.expiresAt,
    takenBy,
    state: 'offered',
  }
}
