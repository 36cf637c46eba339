import type { LifeRules } from '../acd/life-rules.ts'
import type { Life } from './life-schema.ts'
import { durationMs } from './schema-parts.ts'

/** By which calendars a queue lets callers in, and calls them back. */
export interface QueueHours {
  readonly calendar?: string
  readonly callbacks?: string
}

const CALLBACK = { attempts: 3, retry: '10m', keep: '4h', ring: '30s', atOnce: 1 }
const LAST_AGENT_TIME = '20s'

export function hoursOf({ calendar, callback }: Life): QueueHours | undefined {
  const callbacks = callback?.calendar ?? calendar
  if (callbacks === undefined) return undefined
  return { ...(calendar !== undefined && { calendar }), callbacks }
}

/** What the files say of the life of contacts, as the routing engine takes it. */
export function lifeRules(life: Life): LifeRules {
  const { join, leave, callback, resume, lastAgent, pauseAfterCall, wrapUpLimit } = life
  return {
    ...(join && { join: joinRules(join) }),
    ...(leave && {
      leave: {
        ...(leave.nobodyLoggedIn !== undefined && { nobodyLoggedInMs: durationMs(leave.nobodyLoggedIn) }),
        ...(leave.waited !== undefined && { maxWaitMs: durationMs(leave.waited) }),
      },
    }),
    ...(callback && { callback: callbackRules(callback) }),
    ...(resume !== undefined && { resumeMs: durationMs(resume) }),
    ...(lastAgent && {
      lastAgent: {
        withinMs: durationMs(lastAgent.within),
        forMs: durationMs(lastAgent.for ?? LAST_AGENT_TIME),
        skipWhen: lastAgent.waitFor === 'signed-in' ? 'none-logged-in' : 'none-free',
      },
    }),
    ...(pauseAfterCall !== undefined && { pauseAfterCall }),
    ...(wrapUpLimit !== undefined && { wrapUpLimitMs: durationMs(wrapUpLimit) }),
  }
}

function joinRules({
  waiting,
  estimate,
  nobodyLoggedIn,
  nobodyAvailable,
  otherwise,
}: NonNullable<Life['join']>): NonNullable<LifeRules['join']> {
  return {
    ...(nobodyLoggedIn !== undefined && { nobodyLoggedIn }),
    ...(nobodyAvailable !== undefined && { nobodyAvailable }),
    ...(waiting !== undefined && { maxWaiting: waiting }),
    ...(estimate !== undefined && { maxEstimateMs: durationMs(estimate) }),
    ...(otherwise !== undefined && { otherwise }),
  }
}

function callbackRules(written: NonNullable<Life['callback']>): NonNullable<LifeRules['callback']> {
  const { attempts, retry, keep, ring, atOnce } = { ...CALLBACK, ...written }
  return {
    attempts,
    retryMs: durationMs(retry),
    keepMs: durationMs(keep),
    ringMs: durationMs(ring),
    atOnce,
  }
}
