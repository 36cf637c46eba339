import type { AcdInput, AgentId, RoutingRules, Skills } from '../acd/contract.ts'
import { DAY_MS, type Stream } from './arrivals.ts'
import type { Measuring } from './measuring.ts'
import { Random } from './random.ts'
import type { Ringing } from './simulator.ts'

/** A center to be simulated: its rules, who works there, who calls. Plain data. */
export interface CenterPlan extends Measuring {
  readonly name: string
  /** A whole number; the same one gives the same run. */
  readonly seed: number
  readonly rules: RoutingRules
  readonly profiles: readonly Profile[]
  readonly streams: readonly Stream[]
  /** How agents answer a ringing phone. */
  readonly answering: {
    readonly afterMs: number
    /** Share of the offers that nobody answers. */
    readonly missed: number
  }
}

/** Agents who are alike. Times of day are milliseconds after midnight. */
export interface Profile {
  readonly name: string
  readonly agents: readonly AgentId[]
  readonly skills: Skills
  /** When they are signed in; without it, always. A talk is finished first. */
  readonly hours?: { readonly fromMs: number; readonly toMs: number }
  readonly breaks: readonly Break[]
}

/** Everybody has it once a day, spread evenly: the first at `fromMs`, the last so that it ends at `toMs`. */
export interface Break {
  readonly fromMs: number
  readonly toMs: number
  readonly forMs: number
}

/** Where a plan begins that is of no certain day: Monday, 5 January 2026, midnight. */
export const MONDAY = 1_767_571_200_000

/** What people do, in the order of time: rules first, then day by day who comes, pauses and goes. */
export function* timelineOf(
  plan: CenterPlan,
): Generator<{ readonly at: number; readonly input: AcdInput }, undefined> {
  yield { at: plan.start, input: { type: 'rules.configured', rules: plan.rules } }
  for (const { agents, skills, hours } of plan.profiles) {
    for (const agent of agents) {
      yield { at: plan.start, input: { type: 'agent.known', agent, skills } }
      yield { at: plan.start, input: { type: 'device.ok', agent } }
      if (hours) continue
      yield { at: plan.start, input: { type: 'agent.signed-in', agent } }
      yield { at: plan.start, input: { type: 'agent.available', agent } }
    }
  }
  for (let day = 0; day < plan.days; day++) {
    const midnight = plan.start + day * DAY_MS
    const acts = plan.profiles.flatMap((profile) => actsOf(profile))
    for (const { afterMs, input } of acts.sort((one, other) => one.afterMs - other.afterMs)) {
      yield { at: midnight + afterMs, input }
    }
  }
  return undefined
}

/** What the agents of a profile do every day. */
function actsOf({
  agents,
  hours,
  breaks,
}: Profile): { readonly afterMs: number; readonly input: AcdInput }[] {
  return agents.flatMap((agent, place) => [
    ...(hours
      ? [
          { afterMs: hours.fromMs, input: { type: 'agent.signed-in', agent } as const },
          { afterMs: hours.fromMs, input: { type: 'agent.available', agent } as const },
          { afterMs: hours.toMs, input: { type: 'agent.signed-out', agent } as const },
        ]
      : []),
    ...breaks.flatMap((each) => {
      const afterMs = breakOf(each, place, agents.length)
      return [
        { afterMs, input: { type: 'agent.paused', agent, reason: 'break' } as const },
        { afterMs: afterMs + each.forMs, input: { type: 'agent.available', agent } as const },
      ]
    }),
  ])
}

function breakOf({ fromMs, toMs, forMs }: Break, place: number, agents: number): number {
  const room = Math.max(0, toMs - forMs - fromMs)
  return Math.floor(fromMs + (agents > 1 ? (room * place) / (agents - 1) : 0))
}

/** Agents at work at a time of day, on average over the span: breaks count for the part that they take of it. */
export function atWork({ agents, hours, breaks }: Profile, fromMs: number, toMs: number): number {
  const overlap = (from: number, to: number): number =>
    Math.max(0, Math.min(to, toMs) - Math.max(from, fromMs)) / (toMs - fromMs)
  const present = hours ? overlap(hours.fromMs, hours.toMs) : 1
  return agents.reduce((sum, _, place) => {
    const away = breaks.reduce((part, each) => {
      const from = breakOf(each, place, agents.length)
      return part + overlap(from, from + each.forMs)
    }, 0)
    return sum + Math.max(0, present - away)
  }, 0)
}

/** How phones are answered, by chance. */
export function ringingOf({ answering, seed }: CenterPlan): () => Ringing {
  const { afterMs, missed } = answering
  if (missed === 0) return () => ({ does: 'answer', afterMs })
  const random = new Random(seed, 'ringing')
  return () => (random.next() < missed ? { does: 'ignore', afterMs: 0 } : { does: 'answer', afterMs })
}
