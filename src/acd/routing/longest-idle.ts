import type { FreeAgent } from './seat-order.ts'
import type { Strategy } from './strategy.ts'

/**
 * The agent who has been idle longest: fair to agents, and with first come, first served a policy that is well
 * understood (Adan and Weiss 2014, FCFS-ALIS). Breaks are not idleness: see `keepIdleTime` in `agent.ts`.
 */
export const longestIdle: Strategy = {
  name: 'longest-idle',
  order: 'idle',
  score: (agent, _, now) => idleScore(agent, now),
  whyFirst: (chosen, _, now) => whyIdlest(chosen, now),
  whyLater: (loser, chosen, _, now) => whyLessIdle(loser, chosen, now),
}

export function idleScore(agent: FreeAgent, now: number): { inHand: number; idleMs: number } {
  return { inHand: agent.work.length, idleMs: Math.max(0, now - (agent.idleSince ?? now)) }
}

export function whyIdlest(chosen: FreeAgent, now: number): string {
  if (chosen.work.length > 0) return `has ${chosen.work.length} in hand, the least of those who can take more`
  return `idle ${idleSeconds(chosen, now)} s, the longest of those who are free`
}

export function whyLessIdle(loser: FreeAgent, chosen: FreeAgent, now: number): string {
  if (loser.work.length > chosen.work.length)
    return `has ${loser.work.length} in hand, more than ${chosen.id}`
  if (loser.work.length > 0) return `was given a contact after ${chosen.id}`
  return loser.idleSince === chosen.idleSince
    ? `idle ${idleSeconds(loser, now)} s, as long as ${chosen.id}, who was known first`
    : `idle ${idleSeconds(loser, now)} s, less than ${chosen.id}`
}

function idleSeconds(agent: FreeAgent, now: number): number {
  return Math.floor((now - (agent.idleSince ?? now)) / 1000)
}
