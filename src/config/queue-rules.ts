import { ANYONE, allSkills, type Requirement } from '../acd/requirement.ts'
import type { Afterwards, Member, QueueRules, Step, TeamRules } from '../acd/rules.ts'
import { lifeRules } from './life-rules.ts'
import type { Queue, Team } from './queue-schema.ts'
import { parseRequirement } from './requirement-text.ts'
import { durationMs } from './schema-parts.ts'

/** What the files say of queues and teams, as the routing engine takes it. They have been checked before. */

/** A requirement as files write it: a map of skills and levels, or a text. */
export type WrittenRequirement = string | Readonly<Record<string, number>>

type WrittenStep = NonNullable<Queue['steps']>[number]

/** For how long the named agent comes first where a queue says nothing of steps. */
const NAMED_AGENT_TIME = '30s'

/** @throws RangeError for a text that is none */
export function requirementOf(written: WrittenRequirement): Requirement {
  if (typeof written !== 'string') return allSkills(written)
  const parsed = parseRequirement(written)
  if ('fault' in parsed) throw new RangeError(`"${written}": ${parsed.fault.message}`)
  return parsed.requirement
}

export function queueRules(id: string, queue: Queue): QueueRules {
  const { ringAtOnce, backOff } = queue
  return {
    id,
    members: membersOf(queue),
    strategy: queue.strategy,
    ...(ringAtOnce !== undefined && { ringAtOnce }),
    strictClass: queue.strictClass,
    steps: stepsOf(queue),
    afterwards: afterwardsOf(queue.afterwards),
    offerMs: durationMs(queue.offerTime),
    wrapUpMs: durationMs(queue.wrapUp),
    noAnswerLimit: queue.noAnswerLimit,
    backOffMs: {
      rejected: durationMs(backOff.rejected),
      noAnswer: durationMs(backOff.noAnswer),
      busy: durationMs(backOff.busy),
    },
    ...lifeRules(queue),
    headStartMs: Object.fromEntries(
      Object.entries(queue.headStart).map(([priority, time]) => [Number(priority), durationMs(time)]),
    ),
  }
}

function membersOf({ members }: Queue): readonly Member[] {
  if (!Array.isArray(members)) return [{ who: requirementOf(members), preference: 1, delayMs: 0 }]
  return members.map(({ who, preference = 1, delay = '0s' }) => ({
    who: requirementOf(who),
    preference,
    delayMs: durationMs(delay),
  }))
}

function stepsOf({ steps, namedAgentTime }: Queue): readonly Step[] {
  if (steps) return steps.map(stepOf)
  const forMs = durationMs(namedAgentTime ?? NAMED_AGENT_TIME)
  return [
    { who: 'named', forMs, skipWhen: 'none-free' },
    { who: ANYONE, forMs: 0 },
  ]
}

function stepOf({ who, for: time, skipWhen, boost, relax, only }: WrittenStep): Step {
  return {
    who: whoOf(who),
    // Only the last step before `afterwards: stay` is without: nothing comes after it.
    forMs: time === undefined ? 0 : durationMs(time),
    ...(skipWhen !== 'never' && { skipWhen }),
    ...(boost !== undefined && { boostMs: durationMs(boost) }),
    ...(relax !== 'nothing' && { relax }),
    ...(only && { only }),
  }
}

function whoOf(who: WrittenStep['who']): Step['who'] {
  if (who === 'named' || who === 'peers') return who
  return Array.isArray(who) ? { agents: who } : requirementOf(who)
}

function afterwardsOf(afterwards: Queue['afterwards']): Afterwards {
  if (afterwards === undefined || afterwards === 'stay') return { do: 'stay' }
  if ('queue' in afterwards) return { do: 'overflow', queue: afterwards.queue }
  return { do: 'leave', to: afterwards.leave }
}

export function teamRules(id: string, { agents, who }: Team): TeamRules {
  return { id, agents, ...(who !== undefined && { who: requirementOf(who) }) }
}
