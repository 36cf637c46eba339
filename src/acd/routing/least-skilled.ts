import type { Skills } from '../ids.ts'
import { idleScore, whyIdlest, whyLessIdle } from './longest-idle.ts'
import { levelsIn } from './skill-levels.ts'
import type { Strategy } from './strategy.ts'

/**
 * Keeps experts free: the agent with the lowest levels, added up over the skills that are asked for; of equals the
 * one who can do least besides, then the longest idle.
 */
export const leastSkilled: Strategy = {
  name: 'least-skilled',
  rank: (held, asked) => levelsIn(held, asked) * 10_000 + allLevels(held),
  order: 'idle',
  score: (agent, asked, now) => ({
    levels: levelsIn(agent.skills, asked),
    allLevels: allLevels(agent.skills),
    ...idleScore(agent, now),
  }),
  whyFirst: (chosen, asked, now) =>
    `levels add up to ${levelsIn(chosen.skills, asked)}, nobody free has less; ${whyIdlest(chosen, now)}`,
  whyLater(loser, chosen, asked, now) {
    const [mine, theirs] = [levelsIn(loser.skills, asked), levelsIn(chosen.skills, asked)]
    if (mine !== theirs) return `levels add up to ${mine}, more than the ${theirs} of ${chosen.id}`
    return allLevels(loser.skills) === allLevels(chosen.skills)
      ? whyLessIdle(loser, chosen, now)
      : `can do more besides than ${chosen.id}`
  },
}

function allLevels(held: Skills): number {
  return levelsIn(held, Object.keys(held))
}
