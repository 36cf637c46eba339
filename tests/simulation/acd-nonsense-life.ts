import type { AcdInput, LifeRules } from '../../src/acd/contract.ts'
import type { Random } from './random.ts'

/** Callbacks, coming back, opening hours and supervisors, for the nonsense. */

export interface Around {
  readonly agent: string
  readonly contact: string
  readonly queue: string
  readonly other: string
  /** Callbacks that are there. */
  readonly callbacks: readonly string[]
  /** Those whose customer is being called. */
  readonly dialling: readonly string[]
  readonly wrapUp: string | undefined
}

export function lifeInput(random: Random, around: Around): AcdInput {
  const { agent, contact, dialling, queue, other, callbacks, wrapUp } = around
  const callback = random.pick(dialling) ?? random.pick(callbacks) ?? `${contact}b`
  const kind = random.between(0, 99)
  if (kind < 5) {
    return { type: 'queue.hours', queue, open: random.chance(0.9), callbacks: random.chance(0.9) }
  }
  if (kind < 28) {
    const mode = random.pick(['agent-first', 'customer-first'] as const)
    return { type: 'contact.callback', contact, callback: `${contact}b`, mode }
  }
  if (dialling.length > 0 && random.chance(0.3)) return { type: 'callback.answered', contact: callback }
  if (kind < 33) return { type: 'callback.answered', contact: callback }
  if (kind < 50) {
    return { type: 'callback.failed', contact: callback, cause: random.pick(['busy', 'no-answer', 'failed']) }
  }
  if (kind < 55) return { type: 'contact.left', contact: callback, reason: random.pick(['left', 'lost']) }
  if (kind < 58) return { type: 'contact.ended', contact: callback }
  if (kind < 61) return { type: 'contact.returned', contact: callback, cause: 'rejected' }
  if (kind < 66 || (wrapUp !== undefined && random.chance(0.5))) {
    const [who = agent, whom = contact] = (wrapUp ?? '').split(' ')
    return { type: 'wrap-up.extended', agent: who, contact: whom, byMs: random.pick([5_000, 20_000]) }
  }
  const whom = random.chance(0.3) ? callback : contact
  if (kind < 75) return { type: 'supervisor.moved', contact: whom, queue: other, by: 'sue' }
  if (kind < 85) {
    return { type: 'supervisor.assigned', contact: whom, agent, by: random.chance(0.3) ? agent : 'sue' }
  }
  if (kind < 92) {
    return {
      type: 'supervisor.reprioritised',
      contact: whom,
      by: 'sue',
      ...(random.chance(0.6) && { priority: random.between(1, 10) }),
      ...(random.chance(0.6) && { adjustmentMs: random.between(-30_000, 60_000) }),
    }
  }
  const to = random.pick(['available', 'available', 'paused', 'logged-out'] as const)
  return { type: 'supervisor.forced', agent, to, by: 'sue' }
}

export function someLifeRules(random: Random, queues: readonly string[]): LifeRules {
  return {
    ...(random.chance(0.15) && {
      join: {
        nobodyLoggedIn: random.chance(0.3),
        nobodyAvailable: random.chance(0.3),
        ...(random.chance(0.5) && { maxWaiting: random.between(1, 5) }),
        ...(random.chance(0.5) && { maxEstimateMs: 60_000 }),
        ...(random.chance(0.5) && { otherwise: random.pick([...queues, 'nowhere']) ?? 'nowhere' }),
      },
    }),
    ...(random.chance(0.3) && {
      leave: {
        ...(random.chance(0.6) && { nobodyLoggedInMs: random.pick([0, 10_000]) }),
        ...(random.chance(0.6) && { maxWaitMs: random.pick([10_000, 60_000]) }),
      },
    }),
    ...(random.chance(0.7) && {
      callback: {
        attempts: random.between(1, 3),
        retryMs: random.pick([0, 10_000]),
        keepMs: random.pick([20_000, 300_000]),
        ringMs: 5_000,
        atOnce: random.between(1, 2),
      },
    }),
    ...(random.chance(0.8) && { resumeMs: random.pick([5_000, 300_000]) }),
    ...(random.chance(0.5) && {
      lastAgent: {
        withinMs: random.pick([10_000, 100_000]),
        forMs: random.pick([0, 10_000]),
        skipWhen: random.pick(['none-free', 'none-logged-in']),
      },
    }),
    ...(random.chance(0.2) && { pauseAfterCall: 'breather' }),
    ...(random.chance(0.5) && { wrapUpLimitMs: random.pick([15_000, 60_000]) }),
  }
}
