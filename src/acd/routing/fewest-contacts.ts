import { idleScore, whyIdlest, whyLessIdle } from './longest-idle.ts'
import type { Strategy } from './strategy.ts'

/** The agent who has had the fewest contacts since signing in; of equals the longest idle. */
export const fewestContacts: Strategy = {
  name: 'fewest-contacts',
  order: 'contacts',
  score: (agent, _, now) => ({ contacts: agent.handled, ...idleScore(agent, now) }),
  whyFirst: (chosen, _, now) =>
    `${chosen.handled} contacts since signing in, nobody free has had fewer; ${whyIdlest(chosen, now)}`,
  whyLater: (loser, chosen, _, now) =>
    loser.handled === chosen.handled
      ? whyLessIdle(loser, chosen, now)
      : `${loser.handled} contacts since signing in, ${chosen.id} has had ${chosen.handled}`,
}
