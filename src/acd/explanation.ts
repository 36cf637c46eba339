import type { Agent } from './agent.ts'
import { preferenceIn } from './classes.ts'
import { losing, type Question } from './losing.ts'
import { countOthers } from './losing-counts.ts'
import { type Choice, type Floor, rankedIn } from './matching.ts'
import type { Place, Pool } from './model.ts'
import { NO_PREFERENCE } from './model.ts'
import { agentsOf } from './plan.ts'
import { inWords } from './requirement.ts'
import { orderParts, stepInForce } from './stage-words.ts'
import type { Candidate, Explanation, Score } from './why.ts'

/** A floor of up to this many agents is explained person by person. */
export const SMALL_FLOOR = 50
/** How many of those who were ranked lower are named on a larger one. */
const CLOSEST = 10

/** What an explanation needs of the state. */
export interface Explained extends Floor {
  readonly now: number
}

/**
 * Puts a choice into words. To be asked before anything is changed by it.
 * @param chosen one of those whom the choice rings
 */
export function explain(floor: Explained, place: Place, choice: Choice, chosen: Agent): Explanation {
  const { contact } = place
  const { pool } = choice
  const union = unionOf(place, pool)
  const question: Question = { floor, place, pool: union, now: floor.now }
  const small = floor.agents.size <= SMALL_FLOOR
  const ranked = rankedIn(floor, contact, union, small ? Number.POSITIVE_INFINITY : CLOSEST + 1)
  const refusedAll = contact.refusedBy.includes(chosen.id)
  const lower: Agent[] = []
  const rejected: Agent[] = []
  for (const agent of ranked) {
    if (agent === chosen) continue
    if (!refusedAll && contact.refusedBy.includes(agent.id)) rejected.push(agent)
    else lower.push(agent)
  }
  if (small) {
    for (const agent of floor.agents.values()) {
      if (!ranked.includes(agent) && floor.index.profiles.has(agent)) rejected.push(agent)
    }
  } else addNotable(floor, place, union, [chosen, ...ranked], rejected)
  const lowerWords = lower.map((agent): Candidate => {
    return {
      agent: agent.id,
      verdict: 'ranked-lower',
      reason: 'ranked-lower',
      because: whyLower(question, pool, agent, chosen),
      score: scoreOf(question, agent),
    }
  })
  const rejectedWords = rejected.map((agent): Candidate => {
    const [reason, because] = losing(question, agent) ?? ['refused-this-contact', 'refused this contact']
    return { agent: agent.id, verdict: 'rejected', reason, because }
  })
  return {
    contact: contact.id,
    queue: contact.queue,
    channel: contact.channel,
    decidedAt: floor.now,
    waitedMs: floor.now - contact.joinedAt,
    ...orderParts(place),
    step: stepInForce(place, pool.step, floor.now),
    required: requiredInWords(pool),
    strategy: pool.profiles.queue.strategy.name,
    chosen: chosen.id,
    candidates: [
      {
        agent: chosen.id,
        verdict: 'chosen',
        because: whyChosen(question, pool, chosen),
        score: scoreOf(question, chosen),
      },
      ...lowerWords,
      ...rejectedWords,
    ],
    others: small ? [] : countOthers(question, [chosen, ...lower, ...rejected]),
  }
}

/** On a large floor, besides those who came closest: the agents by name, and those who refused. */
export function addNotable(
  floor: Floor,
  { contact, stage }: Place,
  pool: Pool,
  known: readonly Agent[],
  into: Agent[],
): void {
  const named = (stage?.named ?? pool.named).flatMap((step) => agentsOf(step, contact))
  for (const id of [
    ...(contact.named === undefined ? [] : [contact.named]),
    ...named,
    ...contact.refusedBy,
  ]) {
    const agent = floor.agents.get(id)
    if (!agent || known.includes(agent) || into.includes(agent)) continue
    if (floor.index.profiles.has(agent)) into.push(agent)
  }
}

/** Whoever may have the contact now: of this step, and of those that are asked when nobody of it is free. */
function unionOf({ stage }: Place, pool: Pool): Pool {
  if (!stage || stage.pools.length === 1) return pool
  return { step: pool.step, profiles: stage.waits, named: stage.named }
}

/** What agents must meet to be asked in a step. */
export function requiredInWords(pool: Pool): string {
  const { required } = pool.profiles
  const [byName] = pool.named
  const nobody = 'any' in required && required.any.length === 0
  return inWords(nobody && byName ? byName.gate.required : required)
}

function whyChosen({ place, now }: Question, pool: Pool, chosen: Agent): string {
  const { front } = place.contact
  if (front?.agent === chosen.id && pool.step === 0) return `${place.plan?.steps[0]?.words}, and free`
  if (isByName(pool, place, chosen)) return 'the named agent, and free'
  const { strategy } = pool.profiles.queue
  const first = strategy.whyFirst(chosen, pool.profiles.asked, now)
  return place.contact.refusedBy.includes(chosen.id)
    ? `${first}; refused this contact, but nobody else is free`
    : first
}

function whyLower(question: Question, pool: Pool, loser: Agent, chosen: Agent): string {
  const { place, now, floor } = question
  if (isByName(pool, place, chosen)) return `free, but ${chosen.id} is the named agent`
  const profile = floor.index.profiles.profileOf(loser)
  if (!profile || !pool.profiles.profiles.has(profile.index)) {
    return `free, but step ${pool.step + 1} comes first, and ${chosen.id} is of it`
  }
  const [mine, theirs] = [preferenceOf(question, loser), preferenceOf(question, chosen)]
  if (mine !== theirs) return `free, but of preference ${mine}; ${chosen.id} is of preference ${theirs}`
  return pool.profiles.queue.strategy.whyLater(loser, chosen, pool.profiles.asked, now)
}

/** Whether a step asked for the agent by name, and not for everybody of their kind. */
function isByName(pool: Pool, { contact }: Place, agent: Agent): boolean {
  const { required } = pool.profiles
  const onlyByName = 'any' in required && required.any.length === 0
  return onlyByName && pool.named.some((step) => agentsOf(step, contact).includes(agent.id))
}

function preferenceOf({ floor, pool }: Question, agent: Agent): number {
  const profile = floor.index.profiles.profileOf(agent)
  const gate =
    profile &&
    [pool.profiles, ...pool.named.map((step) => step.gate)].find((one) => one.profiles.has(profile.index))
  return profile && gate ? preferenceIn(gate, profile) : NO_PREFERENCE
}

function scoreOf(question: Question, agent: Agent): Score {
  const { pool, now } = question
  const score = pool.profiles.queue.strategy.score(agent, pool.profiles.asked, now)
  return { preference: preferenceOf(question, agent), ...score }
}
