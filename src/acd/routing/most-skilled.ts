import { idleScore, whyIdlest, whyLessIdle } from './longest-idle.ts'
import { levelsIn } from './skill-levels.ts'
import type { Strategy } from './strategy.ts'

/** The agent with the highest levels, added up over the skills that are asked for; of equals the longest idle. */
export const mostSkilled: Strategy = {
  name: 'most-skilled',
  rank: (held, asked) => 99_999_999 - levelsIn(held, asked),
  order: 'idle',
  score: (agent, asked, now) => ({ levels: levelsIn(agent.skills, asked), ...idleScore(agent, now) }),
  whyFirst: (chosen, asked, now) =>
    `levels add up to ${levelsIn(chosen.skills, asked)}, nobody free has more; ${whyIdlest(chosen, now)}`,
  whyLater(loser, chosen, asked, now) {
    const [mine, theirs] = [levelsIn(loser.skills, asked), levelsIn(chosen.skills, asked)]
    return mine === theirs
      ? whyLessIdle(loser, chosen, now)
      : `levels add up to ${mine}, less than the ${theirs} of ${chosen.id}`
  },
}
