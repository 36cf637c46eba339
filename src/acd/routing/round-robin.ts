import type { Strategy } from './strategy.ts'

/** Everybody in turn: the agent whose last offer lies furthest back. Whoever was never offered anything comes first. */
export const roundRobin: Strategy = {
  name: 'round-robin',
  order: 'rotation',
  score: (agent) => ({ turn: agent.turn }),
  whyFirst: (chosen) =>
    chosen.turn === 0 ? 'has not had a turn yet' : 'had a turn before all others who are free',
  whyLater: (loser, chosen) =>
    loser.turn === chosen.turn
      ? `has not had a turn either, but ${chosen.id} was known first`
      : `had a turn after ${chosen.id}`,
}
