import type { FreeAgent, Strategy } from './strategy.ts'

/**
 * The agent who has been idle longest: fair to agents, and with first come, first served a policy that is well
 * understood (Adan and Weiss 2014, FCFS-ALIS). Breaks are not idleness: see `keepIdleTime` in `agent.ts`.
 */
export const longestIdle: Strategy = {
  name: 'longest-idle',
  compare: (one, other) => (one.idleSince ?? 0) - (other.idleSince ?? 0) || one.serial - other.serial,
  whyFirst: (chosen, now) => `idle ${idleSeconds(chosen, now)} s, the longest of those who are free`,
  whyLater: (loser, chosen, now) =>
    loser.idleSince === chosen.idleSince
      ? `idle ${idleSeconds(loser, now)} s, as long as ${chosen.id}, who was known first`
      : `idle ${idleSeconds(loser, now)} s, less than ${chosen.id}`,
}

function idleSeconds(agent: FreeAgent, now: number): number {
  return Math.floor((now - (agent.idleSince ?? now)) / 1000)
}
