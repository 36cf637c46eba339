import type { Place } from './model.ts'
import { agentsOf } from './plan.ts'
import type { OrderParts, StepInForce } from './why.ts'

/** What the order of service makes of a contact. */
export function orderParts({ contact, plan }: Place): OrderParts {
  return {
    strictClass: plan?.queue.rules.strictClass ?? 0,
    joinedAt: contact.joinedAt,
    headStartMs: contact.headStartMs,
    adjustmentMs: contact.adjustmentMs,
    boostMs: contact.boostMs,
    ...(contact.acts.length > 0 && { acts: [...contact.acts] }),
  }
}

/**
 * The step of a contact that asks now.
 * @param number from 0: that of the contact's clock, or a later one that is asked already
 */
export function stepInForce({ contact, plan }: Place, number: number, now: number): StepInForce {
  const steps = plan?.steps ?? []
  const current = steps[contact.step]
  const isLast = contact.step + 1 >= steps.length
  const hasEnd = current && !(isLast && plan?.afterwards.do === 'stay')
  const skipped = contact.skipped.map((at) => `step ${at + 1} ended early: nobody of it was logged in`)
  for (let at = contact.step; at < number; at++) {
    const step = steps[at]
    const whom =
      step?.agents === undefined ? step?.words : agentsOf({ agents: step.agents }, contact).join(', ')
    skipped.push(`step ${at + 1} (${whom}) has nobody free`)
  }
  return {
    number: number + 1,
    of: steps.length,
    who: steps[number]?.words ?? '',
    sinceMs: now - contact.stepSince,
    ...(hasEnd && { leftMs: Math.max(0, contact.stepSince + current.forMs - now) }),
    skipped,
  }
}
