import { idleScore } from './longest-idle.ts'
import type { Strategy } from './strategy.ts'

/**
 * Rings several free agents at once; the first to accept has the contact, and from the others the offer is taken
 * back without blame. Where a queue limits how many are rung, those idle longest are. Nobody is added to a contact
 * that rings already: whoever comes free takes the next one.
 */
export const ringAll: Strategy = {
  name: 'ring-all',
  order: 'idle',
  ringsAll: true,
  score: (agent, _, now) => idleScore(agent, now),
  whyFirst: () => 'free; all who are free are rung at once',
  whyLater: () => 'free, and rung at the same time unless the queue limits how many',
}
