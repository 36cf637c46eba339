import type { AcdInput, Skills } from '../acd/contract.ts'
import { allSkills } from '../acd/requirement.ts'
import type { CustomerFacts } from '../flow/inputs.ts'
import type { InteractionRecord } from './interaction-record.ts'
import type { Parts } from './parts.ts'

/** What a contact brings when it joins a queue. */

export interface QueueRequest {
  readonly queue: string
  readonly skills: Skills
  readonly priority: number
  readonly named?: string
}

interface Caller {
  readonly id: string
  readonly offered: { readonly from: { readonly number?: string } }
  readonly parts: Parts
}

interface KnownCaller extends Caller {
  readonly record: InteractionRecord
  readonly callerLookedUp: boolean
  callerFound(candidates: readonly CustomerFacts[]): void
}

export function queuedAs({ id, offered, parts }: Caller, { skills, ...rest }: QueueRequest): AcdInput {
  const customer = parts.callerKey(offered.from.number)
  const estimateMs = parts.estimateMs(rest.queue)
  return {
    type: 'contact.queued',
    contact: id,
    requirement: allSkills(skills),
    ...rest,
    ...(customer !== undefined && { customer }),
    ...(estimateMs !== undefined && { estimateMs }),
  }
}

/** The screen pop needs to know who calls; a flow without a customer node does not ask. */
export function lookUpCaller(contact: KnownCaller): void {
  const { offered, parts, record } = contact
  const { number } = offered.from
  const isKnown = (): boolean => record.customer !== undefined || record.candidates.length > 0
  if (number === undefined || contact.callerLookedUp || isKnown()) return
  parts.customers('caller', number).then(
    // Whoever settled it in the meantime knows better.
    (candidates) => isKnown() || contact.callerFound(candidates),
    (error: unknown) =>
      parts.logger.error({ contact: contact.id, err: error }, 'customers cannot be searched'),
  )
}
